"""What differs between two packs, element by element in words; and a city's own changes against a new standard version.

Packs are compared as what they say, not as text: moving a task in the diagram or a comment in YAML is no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from honrai.engines.decision import model as dmn
from honrai.procedures.rules.flowview import model_of, nodes_of, tasks_of
from honrai.procedures.rules.model import LegalBasis, Pack
from honrai.procedures.rules.tables import program

#: Parts of a pack in the order a reader wants them, with their Japanese names.
PARTS: Mapping[str, str] = {
    "procedure.yaml": "手続",
    "form.yaml": "様式",
    "facts.yaml": "事実",
    "parameters.yaml": "パラメータ",
    "flow.bpmn": "流れ",
    "decisions.dmn": "決定表",
    "manual.md": "手引き",
    "letters": "文書",
    "precedents": "判断事例",
    "survey.yaml": "業務量調査",
}


#: What the entries of procedure.yaml are called.
IDENTITY: Mapping[str, str] = {
    "code": "手続コード",
    "title": "手続名",
    "owner": "制度主管",
    "kind": "種類",
    "nature": "性質",
    "authority": "処分庁",
    "legal": "根拠",
    "standard_period": "標準処理期間",
    "channels": "受付方法",
    "fee": "手数料",
    "retention_years": "保存年限",
    "version": "版の名前",
    "effective_from": "施行日",
    "effective_to": "終了日",
    "seasonality": "繁忙期",
    "proposal": "決定案の表",
    "confirm": "要確認",
    "fills": "受け持つ作業",
    "subject": "対象者の欄",
    "applicant": "申請者の欄",
}


@dataclass(frozen=True, order=True)
class Difference:
    """One element that two packs say differently; `before` is empty for a new one, `after` for one taken out."""

    part: str
    element: str
    before: str
    after: str


@dataclass(frozen=True)
class Merge:
    """A three-way comparison: what only the city changed, only the new standard, and what both changed differently."""

    own: tuple[Difference, ...]
    standard: tuple[Difference, ...]
    conflicts: tuple[tuple[Difference, Difference], ...]


def differences(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """Return every difference, in the order of `PARTS` and by element.

    Args:
        before: the version in force, the standard, or one ward's variant.
        after: the draft, the city's own pack, or another ward's variant.
    """
    old, new = elements(before), elements(after)
    order = {part: place for place, part in enumerate(PARTS)}
    found = [
        Difference(*key, old.get(key, ""), new.get(key, ""))
        for key in {*old, *new}
        if old.get(key, "") != new.get(key, "")
    ]
    return tuple(sorted(found, key=lambda one: (order[one.part], one.element)))


def three_way(base: Pack, own: Pack, standard: Pack) -> Merge:
    """Return how a city's pack and a new standard version moved away from their common base.

    Changes of different elements can be taken together; an element both changed differently must be decided by a person.
    """
    mine = {(one.part, one.element): one for one in differences(base, own)}
    theirs = {(one.part, one.element): one for one in differences(base, standard)}
    both = [key for key in mine if key in theirs and mine[key].after != theirs[key].after]
    return Merge(
        tuple(one for key, one in mine.items() if key not in theirs),
        tuple(one for key, one in theirs.items() if key not in mine),
        tuple((mine[key], theirs[key]) for key in both),
    )


def elements(pack: Pack) -> dict[tuple[str, str], str]:
    """Return (part, element) -> what the pack says there, in words."""
    found: dict[tuple[str, str], str] = {}
    for part, named in (
        ("procedure.yaml", _identity(pack)),
        ("form.yaml", _form(pack)),
        ("facts.yaml", ((fact.id, _words(fact)) for fact in pack.facts)),
        ("parameters.yaml", _parameters(pack)),
        ("flow.bpmn", _flow(pack)),
        ("decisions.dmn", _decisions(pack)),
        ("manual.md", ((one.task or one.title, f"{one.title}\n{one.text}") for one in pack.manual)),
        ("letters", ((letter.id, letter.source) for letter in pack.letters)),
        ("precedents", ((one.id, _words(one, "file")) for one in pack.precedents)),
        ("survey.yaml", ((step.task, _words(step)) for step in (pack.survey.steps if pack.survey else ()))),
    ):
        found |= {(part, name): words for name, words in named}
    return found


def _identity(pack: Pack) -> Iterator[tuple[str, str]]:
    for entry in fields(pack.identity):
        value = getattr(pack.identity, entry.name)
        if entry.name == "outcomes":
            yield from ((f"outcomes.{one.id}", _words(one)) for one in value)
        elif value not in ("", (), None):
            yield IDENTITY.get(entry.name, entry.name), _said(value)


def _form(pack: Pack) -> Iterator[tuple[str, str]]:
    for section in pack.form.sections:
        yield f"区分 {section.id}", f"{section.title} {section.least}-{section.repeat}"
        yield from ((f"欄 {entry.id}", _words(entry)) for entry in section.fields)
    yield from ((f"確認 {check.id}", _words(check)) for check in pack.form.checks)
    yield from ((f"添付 {paper.id}", _words(paper)) for paper in pack.form.attachments)


def _parameters(pack: Pack) -> Iterator[tuple[str, str]]:
    for entry in pack.parameters:
        for period in entry.dated.periods:
            mark = " 要確認" if period.value.to_confirm else ""
            said = f"{_said(period.value.value)}{entry.unit.label}{mark} {period.value.source}"
            yield f"{entry.name} {period.start}から", said


def _flow(pack: Pack) -> Iterator[tuple[str, str]]:
    model = model_of(pack.flow)
    tasks = {task.id: task for task in tasks_of(model)}
    for name, node in nodes_of(model).items():
        marks = " ".join(f"{key}={value}" for key, value in sorted(node.honrai.items()))
        lane = tasks[name].lane if name in tasks else ""
        times = " ".join(event.expression.text for event in node.events if event.expression)
        yield name, " ".join(word for word in (node.kind, node.name, lane, marks, times) if word)
    for process in model.processes.values():
        for arrow in process.body.all_flows():
            yield f"{arrow.source} → {arrow.target}", arrow.condition.text if arrow.condition else "(条件なし)"


def _decisions(pack: Pack) -> Iterator[tuple[str, str]]:
    for decision in program(pack.decisions).model.decisions if pack.decisions else ():
        logic = decision.logic
        if isinstance(logic, dmn.DecisionTable):
            columns = " | ".join(column.label or column.expression.text or "" for column in logic.inputs)
            yield decision.name, f"{logic.hit_policy} {columns} 基準日 {decision.basis or '-'}"
            for row, rule in enumerate(logic.rules, 1):
                cells = [cell.text for cell in rule.inputs] + [result.text or "" for result in rule.outputs]
                yield f"{decision.name} {row:02d}行目", " | ".join([*cells, *rule.annotations])
        elif isinstance(logic, dmn.LiteralExpression):
            yield decision.name, f"{logic.text} 基準日 {decision.basis or '-'}"


def _words(value: Any, *without: str) -> str:
    """Return the parts of a dataclass that say something, one after another."""
    parts = ((entry.name, getattr(value, entry.name)) for entry in fields(value) if entry.name not in without)
    return "、".join(f"{name}: {_said(part)}" for name, part in parts if part not in ("", (), None, False))


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + "、".join(f"{key}: {_said(part)}" for key, part in sorted(value.items())) + "}"
    if isinstance(value, frozenset):
        return "、".join(sorted(map(str, value)))
    if isinstance(value, list | tuple):
        return "、".join(_said(part) for part in value)
    if isinstance(value, LegalBasis):
        return f"{value.reference} {value.note}".strip()
    if is_dataclass(value) and not isinstance(value, type):
        return _words(value)
    return str(value)
