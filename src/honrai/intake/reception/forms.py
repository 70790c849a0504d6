"""Forms of reception: who came, a piece of mail, a file of applications."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from honrai.intake.reception import rules
from honrai.intake.reception.models import Reception
from honrai.ui.forms import Choices, EraDateField, ManyChoices


class VisitorForm(forms.Form):
    """Who came or called. What only concerns agents is asked only of agents."""

    acting = forms.ChoiceField(label="来た人", choices=tuple(rules.ACTING.items()), widget=Choices)
    agent_name = forms.CharField(label="代理人の氏名", max_length=120, required=False)
    agent_relation = forms.CharField(
        label="本人との関係", max_length=60, required=False, help_text="例：母、弟、社会福祉士"
    )
    agent_proof = forms.ChoiceField(label="代理権を確認した書類", required=False)
    agent_scope = forms.CharField(
        label="委任の範囲", max_length=200, required=False, help_text="委任状に書かれたとおりに。例：申請と証の受領"
    )
    manner = forms.ChoiceField(label="本人確認（来た人の）", widget=Choices)
    documents = forms.MultipleChoiceField(label="確認した書類", required=False, widget=ManyChoices)
    note = forms.CharField(label="受付メモ", max_length=400, required=False, help_text="書類の番号・個人番号は書かない")

    def __init__(
        self, data: Mapping[str, Any] | None, *, row: Reception, channel: str, accepted: rules.Accepted
    ) -> None:
        names = ("acting", "agent_name", "agent_relation", "agent_proof", "agent_scope", "manner", "documents", "note")
        super().__init__(data, initial={name: getattr(row, name) for name in names})
        called = channel == "phone"
        manners = ("asked", "none") if called else ("one", "two", "none")
        self._choose("manner", ((one, rules.MANNERS[one]) for one in manners))
        shown = ((one.id, one.label) for one in accepted.documents)
        self._choose("documents", rules.ASKED.items() if called else shown)
        if called:
            self.fields["documents"].label = "市の記録と合った項目"
        self._ask_agents(str((data or {}).get("acting", row.acting)))

    def hidden(self) -> list[str]:
        """Return the names of the questions that do not apply now."""
        return [name for name, field in self.fields.items() if getattr(field, "hidden", False)]

    def visitor(self) -> rules.Visitor:
        """Return what was entered."""
        given = dict(self.cleaned_data)
        for name in self.hidden():
            given[name] = ""
        return rules.Visitor(**given | {"documents": tuple(given["documents"])})

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _ask_agents(self, acting: str) -> None:
        every = [(key, label) for group in rules.PROOFS.values() for key, label in group.items()]
        self._choose("agent_proof", [("", "選んでください"), *(list(rules.PROOFS.get(acting, {}).items()) or every)])
        for name in ("agent_name", "agent_relation", "agent_proof", "agent_scope"):
            field = self.fields[name]
            field.conditional = True  # type: ignore[attr-defined]
            field.must = True  # type: ignore[attr-defined]
            field.hidden = acting == "self" or (name == "agent_scope" and acting != "mandated")  # type: ignore[attr-defined]


class MailForm(forms.Form):
    """A piece of mail."""

    procedure = forms.ChoiceField(label="手続")
    page = forms.FileField(label="読み取った紙", help_text="PDF・TIFF・JPEG・PNG。1通を1つのファイルに")
    arrived_on = EraDateField(label="届いた日")
    postmarked_on = EraDateField(label="消印日", required=False, help_text="読めないときは空欄に")
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def __init__(self, *given: Any, procedures: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["procedure"] = forms.ChoiceField(label="手続", choices=[("", "選んでください"), *procedures])


class BatchForm(forms.Form):
    """A file of applications."""

    procedure = forms.ChoiceField(label="手続")
    table = forms.FileField(label="申請の一覧", help_text="1行が1件のCSV（UTF-8・Shift_JIS）またはxlsx。1行目は見出し")
    arrived_on = EraDateField(label="到達日")

    def __init__(self, *given: Any, procedures: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["procedure"] = forms.ChoiceField(label="手続", choices=[("", "選んでください"), *procedures])


class VerdictForm(forms.Form):
    """Are two applications one?"""

    verdict = forms.ChoiceField(
        label="判断",
        choices=(("separate", "別の申請（両方を進める）"), ("same", "同じ申請（1件を取り下げる）")),
        widget=Choices,
    )
    withdrawn = forms.TypedChoiceField(
        label="取り下げる申請", coerce=int, empty_value=None, required=False, widget=Choices
    )
    consent = forms.BooleanField(label="申請者に確かめ、取り下げる意思を聞いた", required=False)
    reason = forms.CharField(
        label="理由", max_length=400, help_text="同じ申請のときは、いつ・どの方法で意思を確かめたかも書く"
    )

    def __init__(self, *given: Any, numbers: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["withdrawn"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(numbers)
