"""Forms of the city's own rules."""

from collections.abc import Iterable
from typing import Any

from django import forms

from honrai.approvals.api import StepKind
from honrai.platform.authority.api import Act, Rank
from honrai.ui.forms import EraDateField

Choices = Iterable[tuple[str, str]]
_RANKS = [("", "選んでください"), *((str(rank.value), rank.label) for rank in Rank)]
_SINCE = "この日から適用します。例：R080401、20260401"


def _rank(value: str) -> Rank:
    return Rank(int(value))


class ProcedureForm(forms.Form):
    """A form whose first question is which procedure it is about."""

    procedure = forms.ChoiceField(label="手続", required=False)

    def __init__(self, *args: Any, procedures: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["procedure"]
        field.choices = [("", "すべての手続（個別の定めがないもの）"), *procedures]


class LevelForm(ProcedureForm):
    """One row of the 専決規程."""

    act = forms.TypedChoiceField(
        label="決定の種類",
        required=False,
        choices=[("", "どちらも"), *((act.value, act.label) for act in Act if act.deciding)],
        coerce=Act,
        empty_value=None,
    )
    rank = forms.TypedChoiceField(label="専決者の職位", choices=_RANKS, coerce=_rank)
    up_to = forms.IntegerField(label="上限額（円、以下）", required=False, min_value=0, help_text="空欄は上限なし")
    since = EraDateField(label="適用日", help_text=_SINCE)
    source = forms.CharField(label="規程の条項", max_length=120, help_text="例：事務専決規程 別表第1")


class RouteForm(ProcedureForm):
    """One line on 回議・合議."""

    kind = forms.ChoiceField(label="種別", choices=StepKind.choices)
    unit = forms.TypedChoiceField(label="課", required=False, coerce=int, empty_value=None)
    rank = forms.TypedChoiceField(label="職位", choices=_RANKS, coerce=_rank)
    turn = forms.IntegerField(label="順番", min_value=1, max_value=99, help_text="同じ順番のところへは同時に回ります")
    over = forms.IntegerField(label="対象額（円、超）", required=False, min_value=0, help_text="空欄はすべての額")
    refusals_only = forms.BooleanField(label="認めない決定（拒否処分）のときだけ", required=False)
    since = EraDateField(label="適用日", help_text=_SINCE)
    source = forms.CharField(label="規程の条項", max_length=120)

    def __init__(self, *args: Any, units: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["unit"]
        field.choices = [("", "起案した課"), *units]


class SamplingForm(forms.Form):
    """How much of a stack is opened."""

    percent = forms.IntegerField(label="抽出割合（%）", min_value=0, max_value=100)
    at_least = forms.IntegerField(label="最少件数", min_value=0, max_value=10_000)
    since = EraDateField(label="適用日", help_text=_SINCE)
    source = forms.CharField(label="規程の条項", max_length=120)


class EndForm(forms.Form):
    """When a line ends."""

    until = EraDateField(label="終わる日", help_text="この日からは適用しません。例：R080401、20260401")


class RetentionForm(ProcedureForm):
    """One line on keeping."""

    kind = forms.ChoiceField(label="文書の種類")
    length = forms.IntegerField(label="保存期間", min_value=1, max_value=9_999)
    unit = forms.ChoiceField(
        label="単位", choices=[("year", "年（完結の翌年度4月1日から）"), ("day", "日（完結した日から）")]
    )
    since = EraDateField(label="適用日", help_text=_SINCE)
    source = forms.CharField(label="規程の条項", max_length=200, help_text="例：文書管理規程 別表第2")
    field_order = ("kind", "procedure")

    def __init__(self, *args: Any, kinds: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["kind"]
        field.choices = list(kinds)


class HoldForm(ProcedureForm):
    """What must not be disposed of."""

    kind = forms.ChoiceField(label="文書の種類")
    number = forms.CharField(
        label="番号",
        required=False,
        max_length=60,
        help_text="案件は受付番号。空欄にすると、その種類・手続の全部を保留します",
    )
    reason = forms.CharField(
        label="保留の理由", max_length=200, help_text="例：審査請求、訴訟、開示請求、監査。氏名は書かない"
    )
    field_order = ("kind", "number", "procedure")

    def __init__(self, *args: Any, kinds: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["kind"]
        field.choices = list(kinds)


class ReasonForm(forms.Form):
    """A reason in a line."""

    reason = forms.CharField(label="理由", max_length=200)


class ProposeForm(forms.Form):
    """Which kind of thing to look through."""

    kind = forms.ChoiceField(label="文書の種類")

    def __init__(self, *args: Any, kinds: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["kind"]
        field.choices = list(kinds)


class LimitsForm(forms.Form):
    """The two numbers a city sets."""

    contractor_days = forms.IntegerField(
        label="受託者が完結した案件を見られる日数",
        min_value=0,
        max_value=366,
        help_text="0にすると、処理中の案件だけになります。これを過ぎると、検索・一覧・書類のどこにも出ません",
    )
    export_limit = forms.IntegerField(label="決裁なしで持ち出せる件数", min_value=0)
