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
from honrai.intake.life_events.rules.planning import answers_of, typed
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
class Sheet:
    """One page as it is asked now; ids of fields are those of the combined form, `required` is settled."""

    id: str
    title: str
    lead: str
    fields: tuple[Field, ...]
    repeat: int = 0
    least: int = 0
    row: str = ""

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
                inner[name] = typed(field, self.values.get(field.id))
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
        return tuple(self._settled(one) for one in in_place)

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
        own = tuple(one for one in page.fields if one.id in self._own)
        if not page.repeat:
            own = tuple(self._settled(one) for one in own if self._in_place(one))
        taken = tuple(one for one, prefix in self._asked for take in page.takes if _belongs(prefix, take))
        ordered = sorted(taken, key=lambda one: _place(one.id, page.takes))
        yield Sheet(page.id, page.title, page.lead, (*own, *ordered), page.repeat, page.least, page.row)
        for section in self._repeated:
            if section.id in page.takes:
                yield Sheet(section.id, section.title, "", section.fields, section.repeat, section.least)

    def _settled(self, field: Field) -> Field:
        return replace(field, required=field.required or bool(field.required_if), required_if="")

    def _in_place(self, field: Field) -> bool:
        return not field.required_if or is_true(field.required_if, self.scope)

    @cached_property
    def _asked(self) -> list[tuple[Field, str]]:
        """The merged questions of the packs, each once, with their id in the pack; required where any pack requires it."""
        found: dict[str, tuple[Field, str]] = {}
        for part in self.parts:
            _, seen = self._raw_and_seen(part)
            for field in part.pack.form.fields:
                if field.many or field.id in part.step.fills or not procedures.visible(field, seen):
                    continue
                name = combined_id(self.event, part.step, field.id)
                needed = field.required or bool(field.required_if)
                before = found[name][0] if name in found else None
                hint = f"{part.step.title}のための質問です。" if name != field.id else ""
                found[name] = (
                    replace(
                        before or field,
                        id=name,
                        required=needed or bool(before and before.required),
                        required_if="",
                        hint=(before.hint if before else "") or field.hint or hint,
                    ),
                    field.id,
                )
        return list(found.values())

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
    return {name: typed(field, row.get(name)) for name, field in named.items()}


def _filled(field: Field, fill: str, scope: Mapping[str, Any]) -> Any:
    value = parsed(fill).evaluate(scope).value
    return None if value in (None, "", []) else FIELD_TYPES[field.type].encode(FIELD_TYPES[field.type].parse(value, field.options))


def _made(section: procedures.Section, fill: tuple[Rows, ...], scope: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = {field.id.removeprefix(section.id + "."): field for field in section.fields}
    made = []
    for maker in fill:
        for row in scope[maker.each] if maker.each else [scope.get("row")]:
            inner = {**scope, "row": row}
            made.append({name: _filled(columns[name], text, inner) for name, text in maker.values.items()})
    return made


def _belongs(field: str, take: str) -> bool:
    return field == take or field.startswith(take + ".")


def _place(field: str, takes: tuple[str, ...]) -> int:
    bare = field.rpartition("/")[2]
    return next(index for index, take in enumerate(takes) if _belongs(bare, take))
