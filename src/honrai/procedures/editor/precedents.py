"""Precedents as an editor sees them: the table of answers and facts, running one, and making one from a closed case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.errors import FeelError
from honrai.engines.flow.api import FlowError
from honrai.kernel import errors
from honrai.procedures.editor.items import Bare, Item, Lines, Text
from honrai.procedures.rules import yaml_edits as edits
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.flowview import model_of, tasks_of
from honrai.procedures.rules.gate_precedents import Judged, judge, mismatches
from honrai.procedures.rules.model import Pack, Precedent
from honrai.procedures.rules.proposing import NoProposalError
from honrai.procedures.rules.read_form import CHANNELS

_WORDS = {"はい": "true", "いいえ": "false"}


class PrecedentItem(Item):
    """What a precedent says beside its answers and facts."""

    title = "判断事例"
    order = ("id", "title", "issue", "received", "channel", "attachments", "values", "facts", "expect")
    expected = ("outcome", "reasons", "letters", "deficiencies", "route")

    id = Text("番号")
    title_ = Text("題名")
    issue = Text("論点")
    received = Bare("到達日", "例: 2026-04-01。空なら共通の値")
    channel = forms.ChoiceField(label="受付方法", choices=[("", "共通の値"), *CHANNELS.items()], required=False)
    attachments = Lines("添付のid", "1行に1つ。空なら共通の値")
    outcome = Text("期待する結果")
    reasons = Lines("期待する理由", "1行に1つ。空なら見ない")
    letters = Lines("期待する文書のid", "1行に1つ。空なら見ない")
    deficiencies = Lines("期待する不備の番号", "1行に1つ")
    route = Lines("通る作業のid", "1行に1つ。空なら見ない")

    @classmethod
    def start(cls, element: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the boxes show."""
        expect = element.get("expect")
        told = dict(expect) if isinstance(expect, Mapping) else {}
        lists = {name: _listed(told.get(name)) for name in cls.expected if name != "outcome"}
        shown = {**element, "title_": element.get("title"), "outcome": told.get("outcome"), **lists}
        return {**shown, "attachments": _listed(element.get("attachments"))}

    def head(self) -> dict[str, Any]:
        """Return the keys of the precedent itself."""
        names = {"title_": "title"}
        return {names.get(n, n): v for n, v in self.values().items() if n not in self.expected}

    def expectation(self) -> dict[str, Any]:
        """Return the keys of `expect`."""
        return {name: self.cleaned_data[name] for name in self.expected}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: a question or fact, what all precedents of the file share, and what this one says instead."""

    key: str
    name: str
    label: str
    kind: str
    shared: str
    own: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What the draft makes of a precedent.

    Attributes:
        precedent: as it says.
        outcome: what came out, "" where nothing could be proposed.
        why: grounds, each with the row that fired: (text, 「決定案 3行目: 年齢 年齢超過」).
        wrong: (what, wanted, got) that differ.
        told: why it could not be run, in words.
        deficiencies, route: what came out beside.
    """

    precedent: Precedent
    outcome: str = ""
    why: tuple[tuple[str, str], ...] = ()
    wrong: tuple[tuple[str, str, str], ...] = ()
    told: str = ""
    deficiencies: tuple[str, ...] = ()
    route: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.wrong and not self.told


def run(pack: Pack, precedent: Precedent) -> Run:
    """Run one precedent on a draft."""
    try:
        judged = judge(pack, precedent)
    except (NoProposalError, errors.Invalid, DecisionError, FeelError, FlowError, KeyError, StopIteration) as error:
        return Run(precedent, told=str(error) or "試せません")
    names = {task.id: task.name for task in tasks_of(model_of(pack.flow))}
    return Run(
        precedent,
        judged.proposal.outcome or f"決まらない（{'、'.join(one.label for one in judged.proposal.missing)}）",
        tuple(_why(judged)),
        tuple(mismatches(precedent, judged)),
        "",
        tuple(f"{one.code} {one.message}" for one in judged.deficiencies),
        tuple(names.get(task, task) for task in judged.route),
    )


def _why(judged: Judged) -> Iterator[tuple[str, str]]:
    told = judged.proposal.explanation
    rows = {fired.id or str(fired.row): fired for fired in told.steps[-1].fired} if told and told.steps else {}
    for reason in judged.proposal.reasons:
        fired = rows.get(reason.row)
        met = "、".join(f"{one.column} {one.cell}" for one in fired.conditions) if fired else ""
        yield reason.text, f"{fired.element} {fired.row}行目: {met}" if fired else ""


def lines_of(pack: Pack, base: Mapping[str, Any], element: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return the table of a precedent: every question and fact."""
    return (
        *(
            _line("values", one.id, one.label, one.type, one.options, base, element)
            for one in pack.form.fields
            if not one.many
        ),
        *(_rows(section.id, section.title, base, element) for section in pack.form.sections if section.repeat),
        *(_line("facts", one.id, f"{one.label}（事実）", one.type, one.options, base, element) for one in pack.facts),
    )


def _line(
    part: str,
    name: str,
    label: str,
    kind: str,
    options: tuple[str, ...],
    base: Mapping[str, Any],
    element: Mapping[str, Any],
) -> Line:
    known = TYPES.get(kind)
    choices = options if kind == "choice" else ("はい", "いいえ") if known and known.feel == "boolean" else ()
    return Line(
        f"{part}:{name}",
        name,
        label,
        known.label if known else kind,
        _said(base, part, name),
        _said(element, part, name),
        choices,
    )


def _rows(name: str, label: str, base: Mapping[str, Any], element: Mapping[str, Any]) -> Line:
    return Line(
        f"values:{name}", name, label, "くり返し", _said(base, "values", name), _said(element, "values", name), ()
    )


def _said(within: Mapping[str, Any], part: str, name: str) -> str:
    values = within.get(part)
    if not isinstance(values, Mapping) or name not in values:
        return ""
    value = values[name]
    if value is None:
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return edits.one_line(value)
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


def overrides(pack: Pack, lines: tuple[Line, ...], sent: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was typed otherwise than shown: part -> name -> value, None to take it out."""
    kinds = {one.id: one.type for one in pack.form.fields} | {one.id: one.type for one in pack.facts}
    found: dict[str, dict[str, Any]] = {"values": {}, "facts": {}}
    for line in lines:
        typed = str(sent.get(line.key, line.own)).strip()
        if typed != line.own:
            found[line.key.partition(":")[0]][line.name] = _typed(kinds.get(line.name, ""), typed) if typed else None
    return found


def _typed(kind: str, typed: str) -> Any:
    """Return what was typed as YAML holds it: dates, numbers and yes or no bare, everything else as text."""
    known = TYPES.get(kind)
    feel = known.feel if known else "rows"
    if feel == "list":
        return [part for part in typed.split("、") if part]
    if feel == "string":
        return typed
    try:
        return edits.scalar(_WORDS.get(typed, typed.replace(",", "") if feel == "number" else typed))
    except errors.Invalid:
        return typed


def from_case(number: str, case: Mapping[str, Any], received: date, channel: str, outcome: str) -> dict[str, Any]:
    """Return a precedent made from a closed case: its answers, facts and papers, and how it ended.

    Args:
        number: id of the new precedent.
        case: values, facts and attachments as they were kept, without names.
        received: 到達日.
        channel: how it arrived.
        outcome: how it ended.
    """
    return {
        "id": number,
        "title": "処理済みの案件から",
        "received": received,
        "channel": channel,
        "attachments": list(case["attachments"]),
        "values": {name: _plain(value) for name, value in case["values"].items() if value is not None},
        "facts": {name: _plain(value) for name, value in case["facts"].items() if value is not None},
        "expect": {"outcome": outcome},
    }


def _plain(value: Any) -> Any:
    """A kept answer as YAML holds it: days as days."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value
