"""Forms of the approval screens."""

from collections.abc import Iterable
from typing import Any

from django import forms

from honrai.approvals.models import Document
from honrai.platform.authority.api import Rank
from honrai.ui.forms import Choices, EraDateField

_REASON = forms.Textarea({"rows": 3})


class DecideForm(forms.Form):
    """Approving: as proposed or otherwise, and why a deputy does it."""

    outcome = forms.ChoiceField(label="決定", help_text="案と違う決定にするときは、理由も入力してください")
    reason = forms.CharField(label="案を変える理由", widget=_REASON, required=False)
    absence = forms.CharField(label="決裁者が不在の理由（代決）", max_length=200)

    def __init__(self, document: Document, *, deputy: bool, **options: Any) -> None:
        super().__init__(**options)
        proposed = str(document.proposal["outcome"])
        others = [outcome for outcome in document.outcomes if outcome != proposed]
        self.fields["outcome"].choices = [(proposed, f"{proposed}（案のとおり）"), *((one, one) for one in others)]  # type: ignore[attr-defined]
        if not others:
            del self.fields["outcome"], self.fields["reason"]
        if not deputy:
            del self.fields["absence"]


class ReasonForm(forms.Form):
    """A reason: for sending back, pulling out, withdrawing."""

    reason = forms.CharField(label="理由", widget=_REASON, max_length=2_000)


class NoteForm(forms.Form):
    """An opinion on the route."""

    note = forms.CharField(label="意見", widget=_REASON, required=False, max_length=400)


class RaiseForm(forms.Form):
    """Handing a document up to a higher 職位."""

    rank = forms.TypedChoiceField(label="引き上げる先", coerce=lambda value: Rank(int(value)))
    reason = forms.CharField(label="理由", widget=_REASON, max_length=200)

    def __init__(self, above: Rank, **options: Any) -> None:
        super().__init__(**options)
        self.fields["rank"].choices = [(rank.value, rank.label) for rank in Rank if rank > above]  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """What stands on a signed paper."""

    accepted = forms.TypedChoiceField(
        label="結果", choices=[("1", "承認"), ("0", "差戻し")], coerce=lambda value: value == "1", widget=Choices
    )
    decided_on = EraDateField(label="決裁日")
    approver = forms.TypedChoiceField(label="決裁者", coerce=int)
    outcome = forms.ChoiceField(label="決定", required=False)
    reason = forms.CharField(
        label="理由", widget=_REASON, required=False, help_text="差戻し、または案と違う決定のときに入力してください"
    )
    absence = forms.CharField(
        label="決裁者が不在の理由（代決）",
        required=False,
        max_length=200,
        help_text="代決の押印があるときに入力してください",
    )
    scan = forms.FileField(label="押印済みの用紙の読取りファイル", help_text="PDFか写真（JPEG・PNG）")

    def __init__(self, document: Document, *, people: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(**options)
        proposed = str(document.proposal["outcome"])
        self.fields["approver"].choices = [("", "選んでください"), *people]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", f"{proposed}（案のとおり）"),
            *((one, one) for one in document.outcomes if one != proposed),
        ]


class CodeForm(forms.Form):
    """The box a QR reader types into."""

    code = forms.CharField(
        label="起案番号", max_length=30, help_text="用紙のQRコードを読み取るか、K12-85 のように入力します"
    )


class ImportForm(forms.Form):
    """The file from 文書管理."""

    file = forms.FileField(
        label="文書管理から出力したCSV", help_text="見出し: 起案番号, 文書番号, 決裁日（結果, 決定, 理由）"
    )
