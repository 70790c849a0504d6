"""Forms of exchange."""

from typing import Any

from django import forms

from honrai.exchange.operations.outgoing import WAYS
from honrai.exchange.rules.library import layouts
from honrai.ui.forms import EraDateField


class LoadForm(forms.Form):
    """A file to take in."""

    layout = forms.ChoiceField(label="ファイルの種類")
    as_of = EraDateField(label="基準日", help_text="何日現在のデータか。例：R080401、20260401")
    file = forms.FileField(
        label="ファイル", help_text="CSVか固定長のファイル。取り込む前に、何が変わるかを確認できます。"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {each.code: f"{each.title}（{each.system}）" for each in layouts() if each.direction == "in"}
        self.fields["layout"].choices = [("", "選んでください"), *known.items()]  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """Go on with a previewed load."""

    confirmed = forms.BooleanField(label="注意を読み、内容を確かめました", required=False)


class UndoForm(forms.Form):
    """Take a load back."""

    reason = forms.CharField(label="取り消す理由", max_length=200)


class HandOverForm(forms.Form):
    """Hand entries of one kind over."""

    layout = forms.ChoiceField(label="登録の種類")
    way = forms.ChoiceField(label="渡し方", choices=[(way, label) for way, label in WAYS.items() if way != "copy"])
    missing = forms.BooleanField(label="「反映なし」のものももう一度渡す", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(each.code, f"{each.title}（{each.system}）") for each in layouts() if each.proof is not None]
        self.fields["layout"].choices = known  # type: ignore[attr-defined]


class ProveForm(forms.Form):
    """What an official looked at in the core system."""

    reason = forms.CharField(label="確かめた画面と内容", max_length=200)
