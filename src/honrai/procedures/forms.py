"""A pack's form as people fill it in: section by section, once or row by row, asking only what applies now.

Every face of the form (web, counter, desk) is drawn from these sheets. A repeated section travels as `<section>-rows` (how many)
and one set of answers a row, `<section>-<number>-<field>`; the buttons `add` and `drop` change the rows without any script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from honrai.procedures.answers import Answer, encoded, section_form, shown
from honrai.procedures.rules.contexts import case_values, context, fill, read_facts
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.forms import visible
from honrai.procedures.rules.model import Field, Pack, Section

__all__ = [
    "APPLICANT",
    "DESK",
    "STAFF",
    "Answer",
    "Face",
    "Sheet",
    "answers_of",
    "applicable",
    "are_valid",
    "encoded",
    "read_answers",
    "section_form",
    "sheets_of",
    "shown",
]

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Face:
    """How a form is shown, and to whom.

    Attributes:
        public: roomy boxes for applicants; one date box for staff otherwise.
        strict: required answers must be given before it counts as valid.
        only: ids of the fields (or of repeated sections) that are asked; None for all that apply.
        keeps: what was answered stays in sight though it does not apply any more (staff look at what was sent).
    """

    public: bool
    strict: bool
    only: frozenset[str] | None = None
    keeps: bool = False


APPLICANT = Face(public=True, strict=True)
STAFF = Face(public=False, strict=False)
DESK = Face(public=False, strict=False, keeps=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section of a form with its answers.

    Attributes:
        section: of the pack.
        forms: one form; of a repeated section one a row.
        rearranged: a row was added or taken out: show the sheet again, nothing is taken as final.
    """

    section: Section
    forms: Sequence[forms.Form]
    rearranged: bool = False

    @property
    def room(self) -> bool:
        """True where one more row may be added."""
        return len(self.forms) < self.section.repeat

    def is_valid(self) -> bool:
        """Say whether every row can be read and lacks nothing that is asked."""
        wrong = [form for form in self.forms if not form.is_valid()]  # every form, so that every mistake is shown
        return not self.rearranged and not wrong

    def values(self) -> dict[str, Any]:
        """Return the valid answers in their JSON form; of a repeated section its rows, blank ones left out."""
        return self._answers([_cleaned(form) for form in self.forms])

    def typed(self) -> dict[str, Any]:
        """Return everything typed: the JSON form of what can be read, the text itself where it cannot be."""
        rows = [_typed(form) for form in self.forms]
        return {self.section.id: [_parts(self.section, row) for row in rows]} if self.section.repeat else rows[0]

    def hidden(self) -> list[str]:
        """Return the names of the questions that do not apply now."""
        return [form.add_prefix(name) for form in self.forms for name, field in _questions(form) if field.hidden]

    def _answers(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        if not self.section.repeat:
            return rows[0]
        return {self.section.id: [_parts(self.section, row) for row in rows if not _blank(row)]}


def sheets_of(
    pack: Pack,
    sections: Sequence[Section],
    data: QueryDict | None,
    kept: Answers,
    *,
    on: date,
    face: Face,
    channel: str = "",
    facts: Answers | None = None,
) -> list[Sheet]:
    """Return the sheets of some sections of a form.

    Args:
        pack: the version.
        sections: those on this page.
        data: what was sent, None for a fresh page.
        kept: answers kept so far: field id -> answer, section id -> rows.
        on: day the conditions of questions are judged on.
        face: how it is shown.
        channel: how the application came.
        facts: outside facts known so far.
    """
    drawn = [_draw(section, data, kept, face) for section in sections if _asked_for(section, face)]
    typed = dict(kept)
    for sheet in drawn:
        typed |= sheet.typed() if data is not None else {}
    seen = context(
        pack, fill(pack.form, typed).values, read_facts(pack, facts or {}), case_values(on, channel), (),
        pack.parameters.at(on),
    )  # fmt: skip
    for sheet in drawn:
        for index, form in enumerate(sheet.forms):
            _open_questions(form, sheet.section, _scope(sheet.section, index, seen), face)
    return [sheet for sheet in drawn if _has_something(sheet)]


def are_valid(sheets: Sequence[Sheet]) -> bool:
    """Say whether all sheets of a page are valid; each is looked at, so that every mistake is shown at once."""
    return not [sheet for sheet in sheets if not sheet.is_valid()]


def answers_of(section: Section, values: Answers, seen: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """Return the answers of a section as people read them: (question, answer), the rows of a repeated one in turn.

    Args:
        section: of the pack.
        values: kept answers.
        seen: the context; with it, questions that do not apply are left out, without it, those without an answer.
    """
    if section.repeat:
        found = []
        for number, row in enumerate(values.get(section.id) or (), 1):
            for field in section.fields:
                text = shown(field, row.get(_part(section, field)))
                found += [(f"{number}件目　{field.label}", text)] if text or seen is not None else []
        return found
    told = [(field, shown(field, values.get(field.id))) for field in section.fields]
    return [(field.label, text) for field, text in told if (visible(field, seen) if seen is not None else text)]


def applicable(pack: Pack, values: Answers, on: date, *, channel: str = "") -> dict[str, Any]:
    """Return the answers that belong to an application: those to questions not asked, and blank rows, are left out.

    Leaving one out may put another out of place; it goes on until nothing changes.
    """
    kept = {name: value for name, value in values.items() if value not in (None, "", [])}
    for section in pack.form.sections:
        if section.repeat and section.id in kept:
            kept[section.id] = [row for row in kept[section.id] if not _blank(row)]
    while True:
        seen = context(
            pack, fill(pack.form, kept).values, read_facts(pack, {}), case_values(on, channel), (),
            pack.parameters.at(on),
        )  # fmt: skip
        gone = [one.id for one in pack.form.fields if one.id in kept and not one.many and not visible(one, seen)]
        if not gone:
            return kept
        kept = {name: value for name, value in kept.items() if name not in gone}


def _asked_for(section: Section, face: Face) -> bool:
    return face.only is None or section.id in face.only or any(field.id in face.only for field in section.fields)


def _draw(section: Section, data: QueryDict | None, kept: Answers, face: Face) -> Sheet:
    if not section.repeat:
        wanted = [one for one in section.fields if face.only is None or one.id in face.only]
        return Sheet(section, (_form(wanted, data, kept, face),))
    before = [_named(section, row) for row in kept.get(section.id) or ()]
    if data is None or f"{section.id}-rows" not in data:
        rows = before + [{}] * max(0, max(section.least, 1) - len(before))
        return Sheet(section, tuple(_row_form(section, index, None, row, face) for index, row in enumerate(rows)))
    count = min(_number(str(data[f"{section.id}-rows"])), section.repeat)
    bound = [_row_form(section, index, data, {}, face) for index in range(count)]
    changed = _rearranged(section, data, [_typed(form) for form in bound])
    if changed is None:
        return Sheet(section, tuple(bound))
    again = tuple(_row_form(section, index, None, row, face) for index, row in enumerate(changed))
    return Sheet(section, again, rearranged=True)


def _rearranged(section: Section, data: QueryDict, rows: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Return the rows after `add` or `drop`; None where neither was pressed for this section."""
    if data.get("add") == section.id:
        return [*rows, {}][: section.repeat]
    name, _, index = data.get("drop", "").rpartition("-")
    if name != section.id:
        return None
    return [row for number, row in enumerate(rows) if str(number) != index]


def _row_form(section: Section, index: int, data: QueryDict | None, kept: Answers, face: Face) -> forms.Form:
    return _form(section.fields, data, kept, face, prefix=f"{section.id}-{index}")


def _form(
    wanted: Sequence[Field], data: QueryDict | None, kept: Answers, face: Face, prefix: str | None = None
) -> forms.Form:
    made = {field.id: Answer(field, public=face.public, required=False) for field in wanted}
    kind = type("SheetForm", (forms.Form,), made)
    form: forms.Form = kind(data, initial={field.id: kept.get(field.id) for field in wanted}, prefix=prefix)
    return form


def _open_questions(form: forms.Form, section: Section, seen: Mapping[str, Any], face: Face) -> None:
    """Say of every question whether it is asked now and must be answered; a wholly blank extra row must not be."""
    row_asked = not section.repeat or not form.is_bound or not _blank(_typed(form)) or _is_least(form, section)
    for name, field in _questions(form):
        applies = visible(field.asked, seen) or face.only is not None
        answered = form.initial.get(name) not in (None, "", [])
        field.hidden = not applies and not (face.keeps and answered)
        compulsory = field.asked.required or bool(field.asked.required_if)
        field.required = face.strict and applies and compulsory and row_asked


def _is_least(form: forms.Form, section: Section) -> bool:
    return int((form.prefix or "0").rpartition("-")[2]) < section.least


def _scope(section: Section, index: int, seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the context of one row: its own answers stand under `row`."""
    if not section.repeat:
        return seen
    blank = {_part(section, field): None for field in section.fields}
    rows = seen.get(section.id) or []
    return {**seen, "row": blank | (dict(rows[index]) if index < len(rows) else {})}


def _has_something(sheet: Sheet) -> bool:
    """A section whose every question is out of place is still drawn, hidden, so that it can open on the page."""
    return any(form.fields for form in sheet.forms)


def _questions(form: forms.Form) -> list[tuple[str, Answer]]:
    return [(name, field) for name, field in form.fields.items() if isinstance(field, Answer)]


def _cleaned(form: forms.Form) -> dict[str, Any]:
    return {
        name: None if value is None else TYPES[field.asked.type].encode(value)
        for name, field in _questions(form)
        if not field.hidden and name in form.cleaned_data
        for value in [form.cleaned_data[name]]
    }


def _typed(form: forms.Form) -> dict[str, Any]:
    """Return what was typed, or what is shown where nothing was sent."""
    if not form.is_bound:
        return dict(form.initial)
    return {
        name: field.kept(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
        for name, field in _questions(form)
    }


def _blank(row: Answers) -> bool:
    return all(value in (None, "", []) for value in row.values())


def _part(section: Section, field: Field) -> str:
    return field.id.removeprefix(section.id + ".")


def _parts(section: Section, row: Answers) -> dict[str, Any]:
    return {name.removeprefix(section.id + "."): value for name, value in row.items() if value not in (None, "", [])}


def _named(section: Section, row: Answers) -> dict[str, Any]:
    return {f"{section.id}.{name}": value for name, value in row.items()}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def read_answers(pack: Pack, raw: Answers) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return answers from outside (a file, another system) in their JSON form, and what cannot be read.

    Args:
        pack: the version.
        raw: field id -> text or value; section id -> rows of a repeated section.

    Returns:
        The answers, and (question, how to mend it) for each that cannot be read or that the form does not ask.
    """
    filled = fill(pack.form, raw)
    fields = {field.id: field for field in pack.form.fields}
    values: dict[str, Any] = {}
    for name, value in filled.values.items():
        if name in fields:
            values[name] = TYPES[fields[name].type].encode(value)
        elif value:
            values[name] = [_encoded_row(name, row, fields) for row in value]
    known = {field.id for field in pack.form.fields if not field.many} | {s.id for s in pack.form.sections if s.repeat}
    wrong = [(name, "この様式にない欄です") for name in raw if name not in known]
    for slip in filled.slips:
        at = "" if slip.row is None else f"{slip.row + 1}件目　"
        wrong.append((at + fields[slip.field].label, slip.message))
    return values, wrong


def _encoded_row(section: str, row: Answers, fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: TYPES[fields[f"{section}.{name}"].type].encode(value) for name, value in row.items()}
