"""The one form behind several procedures: every question once, on the page of the person it is about.

Questions of the packs are merged by id; what a pack asks in other words is filled from the event's own questions
(`fills`). Each procedure then receives the values its own pack declares and asks for here, and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from honrai.intake.life_events.rules.definition import LifeEvent, Rows, Step
from honrai.intake.life_events.rules.planning import answers_of, readable
from honrai.kernel.errors import Invalid
from honrai.procedures import api as procedures
from honrai.procedures.api import FIELD_TYPES, Field, Pack, is_true, parsed, used_names


@dataclass(frozen=True)
class Part:
    """One application to be made: the step, its pack, and which row of the step's page it is for."""

    key: str
    step: Step
    pack: Pack
    row: int | None


@dataclass(frozen=True)
class Question:
    """One question of the combined form: `asked` where it is in place now, `needed` where it must be answered then."""

    field: Field
    asked: bool
    needed: bool


@dataclass(frozen=True)
class Sheet:
    """One page of the combined form with all it may ask; ids are those of the combined form."""

    id: str
    title: str
    lead: str
    questions: tuple[Question, ...]
    repeat: int = 0
    least: int = 0
    row: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is asked now, `required` settled; rows of a repeated page keep their own conditions."""
        asked = [one for one in self.questions if one.asked]
        if self.repeat:
            return tuple(one.field for one in asked)
        return tuple(replace(one.field, required=one.needed, required_if="") for one in asked)

    def column(self, field: Field) -> str:
        """Return the name an answer is kept under: the column inside a row, the id on a page filled once."""
        return field.id.removeprefix(f"{self.id}.") if self.repeat else field.id


@dataclass(frozen=True)
class PaperWanted:
    """One paper for all procedures that want it: must it be there, and whom it serves."""

    id: str
    label: str
    note: str
    needed: bool
    serves: tuple[str, ...]


@dataclass(frozen=True)
class Combined:
    """The combined form of chosen steps with what was answered so far; `on` is the day it would arrive."""

    event: LifeEvent
    packs: Mapping[str, Pack]
    chosen: tuple[str, ...]
    answers: Mapping[str, Any]
    values: Mapping[str, Any]
    on: date
    channel: str = "web"
    attached: frozenset[str] = frozenset()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The chosen steps that have a pack, in the order of the event."""
        return tuple(step for step in self.event.steps if step.id in self.chosen and step.pack)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The applications to be made."""
        return tuple(part for step in self.steps for part in self._parts(step))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The pages with something to ask, in the order of the event."""
        return tuple(sheet for page in self.event.pages for sheet in self._sheets(page.id) if sheet.fields)

    @cached_property
    def scope(self) -> Mapping[str, Any]:
        """What the event's own FEEL may read: `q`, `today` and the event's own questions, typed."""
        out: dict[str, Any] = {"q": answers_of(self.event, self.answers), "today": self.on}
        for page in self.event.pages:
            if page.repeat:
                out[page.id] = [_row(page.fields, row) for row in self.rows(page.id)]
                continue
            for field in page.fields:
                group, _, name = field.id.rpartition(".")
                inner = out.setdefault(group, {}) if group else out
                inner[name] = readable(field, self.values.get(field.id))
        return out

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Return the kept rows of a repeated page, filled up to the fewest it takes."""
        page = self.event.page(name)
        kept: list[Mapping[str, Any]] = list(self.values.get(name) or ())
        return kept + [{} for _ in range(page.least - len(kept))]

    def values_of(self, part: Part) -> dict[str, Any]:
        """Return what one application receives: declared by its pack, in place there, and answered."""
        raw, seen = self._raw_and_seen(part)
        asked = {field.id for field in part.pack.form.fields if procedures.visible(field, seen)}
        repeated = {section.id for section in part.pack.form.sections if section.repeat}
        return {name: raw[name] for name in raw if raw[name] is not None and (name in asked or name in repeated)}

    def attached_to(self, part: Part) -> frozenset[str]:
        """Return the kinds of papers one application receives: sent, and known to its pack."""
        return self.attached & {one.id for one in part.pack.form.attachments}

    def gaps(self) -> list[tuple[int, str]]:
        """Return what must still be answered: number of the page, and the question."""
        found: list[tuple[int, str]] = []
        for number, sheet in enumerate(self.sheets):
            for row in self.rows_of(sheet) if sheet.repeat else [self.values]:
                wanting = [one for one in self.fields_of(sheet, row) if one.required]
                labels = [one.label for one in wanting if row.get(sheet.column(one)) in (None, "", [])]
                found += [(number, f"{sheet.title}：{label}") for label in labels]
        return found

    def fields_of(self, sheet: Sheet, row: Mapping[str, Any]) -> tuple[Field, ...]:
        """Return the questions of one row of a repeated sheet that are in place there; all of a sheet filled once."""
        if not sheet.repeat:
            return sheet.fields
        scope = {**self.scope, "row": _row(sheet.fields, row)}
        in_place = [one for one in sheet.fields if not one.required_if or is_true(one.required_if, scope)]
        return tuple(replace(one, required=_compulsory(one), required_if="") for one in in_place)

    def rows_of(self, sheet: Sheet) -> list[Mapping[str, Any]]:
        """Return the kept rows of a repeated sheet, ours or a pack's, filled up to the fewest it takes."""
        kept: list[Mapping[str, Any]] = list(self.values.get(sheet.id) or ())
        return kept + [{} for _ in range(sheet.least - len(kept))]

    def papers(self) -> list[PaperWanted]:
        """Return the papers to be sent, each once however many procedures want it; those that must be there first."""
        found: dict[str, PaperWanted] = {}
        for part in self.parts:
            _, seen = self._raw_and_seen(part)
            for one in part.pack.form.attachments:
                needed = procedures.needed(one, seen)
                if not needed and one.id not in part.step.attach:
                    continue
                before = found.get(one.id)
                serves = tuple(dict.fromkeys((*(before.serves if before else ()), part.step.title)))
                label = self.event.papers.get(one.id, one.label)
                note = (before.note if before else "") or one.note
                found[one.id] = PaperWanted(one.id, label, note, needed or bool(before and before.needed), serves)
        return sorted(found.values(), key=lambda paper: not paper.needed)

    def _parts(self, step: Step) -> Iterator[Part]:
        pack = self.packs[step.pack]
        if not step.each:
            yield Part(step.id, step, pack, None)
            return
        for index, row in enumerate(self.scope[step.each]):
            if not step.only or is_true(step.only, {**self.scope, "row": row}):
                yield Part(f"{step.id}.{index + 1}", step, pack, index)

    def _raw_and_seen(self, part: Part) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return all a pack could receive, and the context its conditions are read in."""
        raw = self._raw(part)
        seen = procedures.context_of(part.pack, raw, {}, self.on, channel=self.channel, attached=self.attached)
        return raw, seen

    def _raw(self, part: Part) -> dict[str, Any]:
        scope = dict(self.scope)
        if part.row is not None:
            scope["row"] = self.scope[part.step.each][part.row]
        raw: dict[str, Any] = {}
        for section in part.pack.form.sections:
            if section.repeat:
                fill = part.step.fills.get(section.id)
                kept = list(self.values.get(section.id) or ())
                raw[section.id] = _made(section, fill, scope) if isinstance(fill, tuple) else kept
                continue
            for field in section.fields:
                fill = part.step.fills.get(field.id)
                kept_one = self.values.get(combined_id(self.event, part.step, field.id))
                raw[field.id] = _filled(field, fill, scope) if isinstance(fill, str) else kept_one
        return raw

    def _sheets(self, page_id: str) -> Iterator[Sheet]:
        page = self.event.page(page_id)
        own = tuple(self._own_question(one, repeated=bool(page.repeat)) for one in page.fields)
        taken = [one for name, one in self._merged.items() if any(_belongs(_bare(name), take) for take in page.takes)]
        taken.sort(key=lambda one: _place(_bare(one.field.id), page.takes))
        yield Sheet(page.id, page.title, page.lead, (*own, *taken), page.repeat, page.least, page.row)
        for section in self._repeated:
            if section.id in page.takes:
                questions = tuple(Question(one, True, one.required) for one in section.fields)
                yield Sheet(section.id, section.title, "", questions, section.repeat, section.least)

    def _own_question(self, field: Field, *, repeated: bool) -> Question:
        used = field.id in self._own
        in_place = repeated or not field.required_if or is_true(field.required_if, self.scope)
        return Question(field, used and in_place, _compulsory(field))

    @cached_property
    def _merged(self) -> Mapping[str, Question]:
        """The questions of the packs by combined id, each once; needed where any pack that asks it needs it."""
        found: dict[str, Question] = {}
        for part in self.parts:
            _, seen = self._raw_and_seen(part)
            for field in part.pack.form.fields:
                if field.many or field.id in part.step.fills:
                    continue
                name = combined_id(self.event, part.step, field.id)
                hint = f"{part.step.title}のための質問です。" if name != field.id else ""
                asked = procedures.visible(field, seen)
                new = Question(replace(field, id=name, hint=field.hint or hint), asked, asked and _compulsory(field))
                found[name] = _both(found[name], new) if name in found else new
        return found

    @cached_property
    def _repeated(self) -> list[procedures.Section]:
        """Repeated sections of packs nobody fills, each once."""
        found: dict[str, procedures.Section] = {}
        for part in self.parts:
            for section in part.pack.form.sections:
                if section.repeat and section.id not in part.step.fills:
                    found.setdefault(section.id, section)
        return list(found.values())

    @cached_property
    def _own(self) -> frozenset[str]:
        """The event's own questions some chosen procedure is filled from."""
        used: set[str] = set()
        for step in self.steps:
            used |= _names(step.only, step.each)
            if step.each and not any(part.step is step for part in self.parts):
                used.add(step.each)
        for part in self.parts:
            _, seen = self._raw_and_seen(part)
            in_place = {one.id for one in part.pack.form.fields if procedures.visible(one, seen)}
            for name, fill in part.step.fills.items():
                if isinstance(fill, tuple):
                    used |= {one for row in fill for text in row.values.values() for one in _names(text, row.each)}
                elif name in in_place:
                    used |= _names(fill, part.step.each)
        whole = {one.id for page in self.event.pages if page.id in used for one in page.fields}
        return frozenset(used | whole)


def _compulsory(field: Field) -> bool:
    """A question with a condition must be answered wherever the condition has it asked."""
    return field.required or bool(field.required_if)


def _both(one: Question, other: Question) -> Question:
    """Two packs ask the same: it is one question, as firm as the firmer of the two."""
    always = not one.field.required_if or not other.field.required_if
    condition = "" if always else one.field.required_if
    field = replace(one.field, hint=one.field.hint or other.field.hint, required_if=condition)
    return Question(field, one.asked or other.asked, one.needed or other.needed)


def combined_id(event: LifeEvent, step: Step, field: str) -> str:
    """Return the id a pack's field has in the combined form; fields kept apart carry the procedure."""
    return f"{step.pack}/{field}" if field in event.apart else field


def _names(text: str, each: str) -> set[str]:
    """Return the names a FEEL text reads, those of `row` under the page whose row it is."""
    if not text:
        return set()
    return {f"{each}.{one.removeprefix('row.')}" if one.startswith("row.") else one for one in used_names(text)}


def _row(fields: tuple[Field, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    named = {field.id.rpartition(".")[2]: field for field in fields}
    return {name: readable(field, row.get(name)) for name, field in named.items()}


def _filled(field: Field, fill: str, scope: Mapping[str, Any]) -> Any:
    value = parsed(fill).evaluate(scope).value
    if value in (None, "", []):
        return None
    try:
        return FIELD_TYPES[field.type].encode(FIELD_TYPES[field.type].parse(value, field.options))
    except Invalid:  # typed, but not readable yet
        return None


def _made(section: procedures.Section, fill: tuple[Rows, ...], scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = {field.id.removeprefix(section.id + "."): field for field in section.fields}
    made = []
    for maker in fill:
        for row in scope[maker.each] if maker.each else [scope.get("row")]:
            inner = {**scope, "row": row}
            made.append({name: _filled(columns[name], text, inner) for name, text in maker.values.items()})
    return made


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _belongs(field: str, take: str) -> bool:
    return field == take or field.startswith(take + ".")


def _place(field: str, takes: tuple[str, ...]) -> int:
    return next(index for index, take in enumerate(takes) if _belongs(field, take))
