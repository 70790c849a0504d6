"""Forms of the paper screens."""

from typing import Any

from django import forms

from honrai.documents import labels
from honrai.documents.operations.disposing import METHODS
from honrai.ui.forms import EraDateField


class ContainerForm(forms.Form):
    """A box, an envelope or a bundle."""

    kind = forms.ChoiceField(label="種別", choices=tuple(labels.KINDS.items()))
    count = forms.IntegerField(
        label="数", min_value=0, max_value=100_000, help_text="箱は中の封筒・束の数、封筒・束は紙の枚数"
    )
    arrived_on = EraDateField(label="届いた日")
    procedure = forms.ChoiceField(label="手続", required=False)
    template = forms.TypedChoiceField(
        label="読取様式", coerce=int, empty_value=None, required=False, help_text="市の様式でない紙のとき"
    )
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def __init__(
        self, data: Any, *, kinds: tuple[str, ...], procedures: list[Any], templates: list[Any], **options: Any
    ) -> None:
        super().__init__(data, **options)
        chosen = (("kind", [(one, labels.KINDS[one]) for one in kinds]),)
        optional = (("procedure", procedures), ("template", templates))
        for name, choices in (*chosen, *((name, [("", "決めない"), *choices]) for name, choices in optional)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not templates:
            del self.fields["template"]


class CountForm(forms.Form):
    """A count at a hand-over; the contract is asked where the city gives."""

    contract = forms.TypedChoiceField(label="渡す先", coerce=int, required=False)
    count = forms.IntegerField(label="数えた数", min_value=0, max_value=100_000)

    def __init__(self, data: Any, *, contracts: list[tuple[int, str]], counted: str) -> None:
        super().__init__(data)
        self.fields["count"].help_text = f"{counted}を今、数えて入力します"
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = contracts
        if not contracts:
            del self.fields["contract"]


class ResolveForm(forms.Form):
    """Why a count differed."""

    explanation = forms.CharField(label="調べた結果", max_length=400)
    agreed = forms.IntegerField(label="正しい数", min_value=0, max_value=100_000)


class DisposeForm(forms.Form):
    """How paper was destroyed."""

    method = forms.ChoiceField(label="方法", choices=tuple(METHODS.items()))
    place = forms.CharField(label="場所・業者", max_length=120)
    witness = forms.CharField(label="立会人", max_length=80)
    done_on = EraDateField(label="廃棄した日")


class TemplateForm(forms.Form):
    """A new version of a drawn template."""

    code = forms.SlugField(label="様式コード", max_length=60, help_text="英数字と - だけ。版が変わっても同じ")
    title = forms.CharField(label="様式名", max_length=120)
    blank = forms.FileField(label="空の様式（PDF・画像）")
