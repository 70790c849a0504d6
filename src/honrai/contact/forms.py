"""Forms of contact."""

from typing import Any

from django import forms

from honrai.contact.operations.batching import REMOVALS
from honrai.contact.operations.measuring import SORTS
from honrai.contact.rules.layout import envelopes, stocks
from honrai.ui.forms import EraDateField


class BatchForm(forms.Form):
    """What goes into a batch and how it is printed."""

    kind = forms.ChoiceField(label="文書", required=False)
    code = forms.ChoiceField(label="封筒")
    printer = forms.ChoiceField(label="印刷機", required=False)
    duplex = forms.BooleanField(label="両面に印刷する", required=False)

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], printers: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", "すべて"), *kinds]  # type: ignore[attr-defined]
        self.fields["printer"].choices = [("", "補正しない"), *printers]  # type: ignore[attr-defined]
        self.fields["code"].choices = [(one.code, one.title) for one in envelopes().values()]  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    """Take an item out of a batch."""

    what = forms.ChoiceField(label="別", choices=list(REMOVALS.items()))
    reason = forms.CharField(label="理由", max_length=200)


class HandOverForm(forms.Form):
    """Give a batch to the post."""

    office = forms.CharField(label="差し出した郵便局", max_length=60)


class AgainForm(forms.Form):
    """Print again."""

    reason = forms.CharField(label="再印刷の理由", max_length=200)
    voids = forms.ChoiceField(
        label="前の証", required=False, choices=[("", "証ではない"), ("lost", "紛失"), ("returned", "回収した")]
    )


class ReaddressForm(forms.Form):
    """Another address."""

    name = forms.CharField(label="宛名", max_length=120)
    postcode = forms.CharField(label="郵便番号", max_length=8, help_text="7桁。例：860-0001")
    address = forms.CharField(label="住所", max_length=300)
    reason = forms.CharField(label="変える理由", max_length=200, help_text="例：返戻のあと、本人に確かめた")


class StopForm(forms.Form):
    """What was looked at."""

    note = forms.CharField(
        label="確かめたこと", max_length=140, help_text="例：本人に電話し、届け先を確かめた。差し止めるときは、その理由"
    )


class SealForm(forms.Form):
    """A new seal."""

    name = forms.CharField(label="公印の名称", max_length=60)
    authority = forms.CharField(label="処分庁", max_length=60, help_text="例：市長")
    image = forms.FileField(label="印影", help_text="PNG。正方形で一辺300画素以上、背景は透明")
    width = forms.DecimalField(label="寸法（mm）", max_digits=4, decimal_places=1)
    custodian = forms.ChoiceField(label="管守者の職")
    since = EraDateField(label="使用開始日")
    source = forms.CharField(label="根拠", max_length=120, help_text="例：本来市公印規程 別表第1")

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["custodian"].choices = [("", "選んでください"), *posts]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Ask for a seal."""

    authority = forms.ChoiceField(label="公印")
    purpose = forms.CharField(label="用途", max_length=200)
    copies = forms.IntegerField(label="1件の部数", min_value=1, max_value=10, initial=1)

    def __init__(self, *args: Any, authorities: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["authority"].choices = authorities  # type: ignore[attr-defined]


class _StockForm(forms.Form):
    code = forms.ChoiceField(label="用紙")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].choices = [(code, kind["title"]) for code, kind in stocks().items()]  # type: ignore[attr-defined]


class ReceiveForm(_StockForm):
    """A delivery of numbered forms."""

    first = forms.IntegerField(label="はじめの番号", min_value=1)
    last = forms.IntegerField(label="おわりの番号", min_value=1)


class MarkForm(_StockForm):
    """A spoiled or returned form."""

    serial = forms.IntegerField(label="番号", min_value=1)
    what = forms.ChoiceField(label="別", choices=[("spoiled", "書損"), ("returned", "返納")])
    reason = forms.CharField(label="理由", max_length=200)


class CountForm(_StockForm):
    """The count of the day."""

    counted = forms.IntegerField(label="数えた枚数", min_value=0)
    note = forms.CharField(label="違うときの説明", max_length=300, required=False)


class PrinterForm(forms.Form):
    """What was measured on the ruler sheet."""

    name = forms.CharField(label="印刷機の名前", max_length=60)
    across = forms.DecimalField(
        label="左端から十字まで（mm）", max_digits=4, decimal_places=1, help_text="正しければ20.0"
    )
    along = forms.DecimalField(
        label="上端から十字まで（mm）", max_digits=4, decimal_places=1, help_text="正しければ20.0"
    )


class StampForm(forms.Form):
    """A paper to stamp."""

    source = forms.ChoiceField(label="書類")
    sort = forms.ChoiceField(label="正副の別", choices=list(SORTS.items()), initial="copy")
    office = forms.CharField(label="収受した所属", max_length=20)

    def __init__(self, *args: Any, papers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].choices = papers  # type: ignore[attr-defined]
