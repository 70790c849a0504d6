"""The handbook of a version for one day: everything the pack says, in the order a reader wants it, for screen and paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from honrai.engines.decision import api as decisions
from honrai.engines.flow import api as flows
from honrai.kernel.errors import Invalid
from honrai.procedures.printing.markdown import to_html
from honrai.procedures.rules.condition_words import in_words, labels_of
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.flowview import ACTS, Task, model_of, tasks_of
from honrai.procedures.rules.letters import with_unit
from honrai.procedures.rules.model import Check, Field, ManualSection, Pack, Precedent
from honrai.procedures.rules.nature import KINDS
from honrai.procedures.rules.read_form import CHANNELS, FIXERS, SEVERITIES
from honrai.procedures.rules.tables import program

_CHECKS = {"second": "別の人が確かめる", "blind": "別の人が見ずに入力し直す"}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the handbook with the facts of its task: (word, value) pairs, none for general parts."""

    section: ManualSection
    anchor: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> str:
        """The text of the section as HTML."""
        return to_html(self.section.text)


@dataclass(frozen=True, slots=True)
class Amount:
    """One parameter on the day of the handbook."""

    name: str
    label: str
    value: str
    source: str
    to_confirm: bool
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """One decision table, printed as HTML and as typst."""

    name: str
    html: str
    typst: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a printed list."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """What the handbook prints."""

    pack: Pack
    on: date
    about: tuple[tuple[str, str], ...]
    picture: str
    chapters: tuple[Chapter, ...]
    tables: tuple[Table, ...]
    amounts: tuple[Amount, ...]
    questions: tuple[tuple[str, tuple[Row, ...]], ...]
    papers: tuple[Row, ...]
    deficiencies: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    precedents: tuple[Row, ...]
    confirm: tuple[Row, ...] = field(default=())


def manual_of(pack: Pack, on: date) -> Manual:
    """Return the handbook of a pack with the parameters of a day.

    Raises:
        DecisionError, FlowError: the tables or the flow cannot be read.
    """
    labels = labels_of(pack)
    model = model_of(pack.flow)
    tasks = {task.id: task for task in tasks_of(model)}
    return Manual(
        pack=pack,
        on=on,
        about=tuple(_about(pack)),
        picture=flows.draw(model, title=f"{pack.identity.title}の流れ"),
        chapters=tuple(_chapter(number, section, tasks) for number, section in enumerate(pack.manual, 1)),
        tables=tuple(_tables(pack, on)),
        amounts=tuple(_amounts(pack, on)),
        questions=tuple((one.title, tuple(_question(f, labels) for f in one.fields)) for one in pack.form.sections),
        papers=tuple(
            Row((one.label, _when(one.required, one.required_if, labels), one.note)) for one in pack.form.attachments
        ),
        deficiencies=tuple(_deficiency(one) for one in pack.form.checks),
        outcomes=tuple(_outcomes(pack)),
        precedents=tuple(_precedent(one) for one in pack.precedents),
        confirm=tuple(Row((one.item, one.assumed, one.ask)) for one in pack.identity.confirm),
    )


def _about(pack: Pack) -> Iterator[tuple[str, str]]:
    said = pack.identity
    count = "開庁日" if said.standard_period.count == "business" else "暦日"
    yield "手続コード", said.code
    yield "版", said.version
    yield "制度主管", said.owner
    yield "性質", said.nature
    yield "処分庁・あて先", said.authority
    yield "標準処理期間", f"{said.standard_period.days}日({count})"
    yield "受付方法", "、".join(CHANNELS.get(one, one) for one in said.channels)
    yield "手数料", f"{said.fee:,}円" if said.fee else "なし"
    yield "保存年限", f"{said.retention_years}年"
    yield "根拠", "、".join(str(one.reference) for one in said.legal)


def _chapter(number: int, section: ManualSection, tasks: Mapping[str, Task]) -> Chapter:
    task = tasks.get(section.task)
    anchor = f"task-{section.task}" if section.task else f"part-{number}"
    return Chapter(section, anchor, tuple(_task_facts(task)) if task else ())


def _task_facts(task: Task) -> Iterator[tuple[str, str]]:
    yield "担当", task.lane
    if task.act:
        yield "行為", ACTS.get(task.act, task.act)
    if minutes := task.attributes.get("minutes"):
        yield "標準時間", f"{minutes}分"
    if check := _CHECKS.get(task.attributes.get("check", "")):
        yield "確かめ", check


def _tables(pack: Pack, on: date) -> Iterator[Table]:
    if not pack.decisions:
        return
    ready = program(pack.decisions)
    values = pack.parameters.at(on)
    for decision in ready.model.decisions:
        try:
            html = decisions.print_html(ready, decision.name, parameters=values, level=3)
            typst = decisions.print_typst(ready, decision.name, parameters=values, level=2)
        except decisions.DecisionError:
            continue  # a formula, not a table
        yield Table(decision.name, html, typst)


def _amounts(pack: Pack, on: date) -> Iterator[Amount]:
    for entry in pack.parameters:
        try:
            found = entry.dated.at(on)
        except Invalid:
            yield Amount(entry.name, entry.label, "この日の値はありません", "", True, "")
            continue
        shown = with_unit(found.value, entry.unit)
        yield Amount(entry.name, entry.label, shown, found.source, found.to_confirm, found.note)


def _when(required: bool, condition: str, labels: Mapping[str, str]) -> str:
    return "必ず" if required else in_words(condition, labels) if condition else "任意"


def _question(entry: Field, labels: Mapping[str, str]) -> Row:
    kind = "・".join(entry.options) or TYPES[entry.type].label
    return Row((entry.label, kind, _when(entry.required, entry.required_if, labels), FIXERS[entry.fix_by]))


def _deficiency(entry: Check) -> Row:
    asked = "・".join(CHANNELS[one] for one in entry.ask)
    return Row((entry.code, entry.message, SEVERITIES[entry.severity], FIXERS[entry.fix_by], asked))


def _outcomes(pack: Pack) -> Iterator[Row]:
    titles = {letter.id: letter.title for letter in pack.letters}
    for one in pack.identity.outcomes:
        yield Row((one.id, KINDS[one.kind], "、".join(titles.get(name, name) for name in one.letters), one.note))


def _precedent(one: Precedent) -> Row:
    reasons = " ".join(one.expect.reasons)
    lacks = "、".join(one.expect.deficiencies)
    return Row((one.id, one.title, one.issue, one.expect.outcome, reasons or lacks))
