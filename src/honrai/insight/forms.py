"""Forms of the contract's screens. None has a box for a person of the contractor."""

from collections.abc import Sequence
from typing import Any

from django import forms

from honrai.platform.organisations.api import DealingKind
from honrai.platform.organisations.forms import DayField

_DATED = {DealingKind.ORDER, DealingKind.CHANGE}
_ABOUT_ACTIVITY = set(DealingKind) - {DealingKind.REDO}


class DealingForm(forms.Form):
    """What is wanted, how much, how well and by when; only the boxes of its kind are shown."""

    title = forms.CharField(label="件名", max_length=120)
    concerns = forms.TypedChoiceField(label="対象の発注", coerce=int)
    activity = forms.ChoiceField(label="業務", required=False)
    since = DayField(label="履行期間の最初の日", required=False)
    until = DayField(label="履行期間の最後の日", required=False)
    quantity = forms.IntegerField(label="数量（件）", min_value=1, required=False)
    quality = forms.CharField(
        label="品質の定め",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例：再入力との相違 1万欄に5欄まで",
    )
    due = DayField(label="期限", required=False)
    body = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(
        self,
        *args: Any,
        kind: DealingKind,
        activities: Sequence[tuple[str, str]],
        orders: Sequence[tuple[int, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if kind not in _DATED:
            for name in ("since", "until", "quantity", "quality"):
                del self.fields[name]
        for name in ("since", "until", "quantity", "activity") if kind is DealingKind.ORDER else ():
            self.fields[name].required = True
        if kind is DealingKind.CHANGE:
            self.fields["concerns"].choices = orders  # type: ignore[attr-defined]
            del self.fields["activity"]
        else:
            del self.fields["concerns"]
            blank = [] if kind is DealingKind.ORDER else [("", "契約全体")]
            self.fields["activity"].choices = [*blank, *activities]  # type: ignore[attr-defined]


class DueForm(forms.Form):
    """When a redo is due, and a word on the inspection."""

    due = DayField(label="再履行の期限（不合格があるとき）", required=False)
    words = forms.CharField(label="検収の所見", required=False, widget=forms.Textarea(attrs={"rows": 4}))
