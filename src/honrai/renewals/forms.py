"""Forms of renewals."""

from collections.abc import Sequence
from typing import Any

from django import forms

from honrai.ui.forms import EraDateField


class StartForm(forms.Form):
    """A run to start."""

    procedure = forms.ChoiceField(label="手続")
    basis_on = EraDateField(label="基準日", help_text="年齢・所得の限度額を見る日。例：R080801、20260801")
    kind = forms.ChoiceField(
        label="試行か本番か",
        choices=[
            ("rehearsal", "試行（結果を見るだけ。何回でもできます）"),
            ("run", "本番（決裁に出せます。年度に1回）"),
        ],
    )
    note = forms.CharField(label="覚え", max_length=200, required=False, help_text="ほかの試行と見分けるための言葉")

    def __init__(self, *args: Any, procedures: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["procedure"].choices = procedures  # type: ignore[attr-defined]


class UndoForm(forms.Form):
    """Take a run back."""

    reason = forms.CharField(label="取り消す理由", max_length=200)
