"""What one application lacks: unreadable or missing answers, missing attachments, and the checks of the pack."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.procedures.rules.contexts import Filled, case_values, context, fill, lookup, read_facts
from honrai.procedures.rules.expressions import is_true, null_tested, used_names
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Check, Fact, Field, Pack, Section


@dataclass(frozen=True)
class Deficiency:
    """不備: one thing an application lacks.

    Attributes:
        code: stable code: of the pack's check, or `F-<field>`, `A-<attachment>`, `U-<fact>`.
        severity: a key of `read_form.SEVERITIES`.
        message: what is wrong and how to mend it, for the applicant (Japanese).
        fix_by: applicant, centre or city.
        items: ids of the fields and attachments meant; a row of a repeated section as `members[0].name`.
        ask: channels on which the applicant may be asked.
    """

    code: str
    severity: str
    message: str
    fix_by: str
    items: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def evaluate_form(
    pack: Pack,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    on: date,
    *,
    channel: str = "",
    attached: Iterable[str] = (),
) -> tuple[Deficiency, ...]:
    """Return everything an application lacks, in the order of the form: answers, attachments, checks.

    Args:
        pack: the version the case runs on.
        values: raw answers by field id (rows of repeated sections by section id).
        facts: outside facts by id; what is not known is left out.
        on: day the application arrived (到達日).
        channel: how it arrived; empty when not known.
        attached: ids of the attachments handed in.

    Raises:
        Invalid: a fact does not suit its type (a fault of the source, not of the applicant).
    """
    filled = fill(pack.form, values)
    known = read_facts(pack, facts)
    seen = context(pack, filled.values, known, case_values(on, channel), attached, pack.parameters.at(on))
    return (
        *_answers(pack, filled, seen),
        *_attachments(pack, seen),
        *(found for check in pack.form.checks if (found := _checked(pack, check, seen)) is not None),
    )


def visible(entry: Field, seen: Mapping[str, Any]) -> bool:
    """Return whether a question is asked at all: a field with `required_if` is asked only where that holds."""
    return not entry.required_if or is_true(entry.required_if, seen)


def _answers(pack: Pack, filled: Filled, seen: Mapping[str, Any]) -> Iterator[Deficiency]:
    slips = {(slip.field, slip.row): slip.message for slip in filled.slips}
    for section in pack.form.sections:
        if section.repeat:
            yield from _rows(section, filled, slips, seen)
            continue
        for entry in section.fields:
            found = _answer(entry, entry.id, filled.values.get(entry.id), slips.get((entry.id, None)), seen)
            if found is not None:
                yield found


def _rows(
    section: Section, filled: Filled, slips: Mapping[tuple[str, int | None], str], seen: Mapping[str, Any]
) -> Iterator[Deficiency]:
    rows = filled.values[section.id]
    if not section.least <= len(rows) <= section.repeat:
        message = f"「{section.title}」は{section.least}件から{section.repeat}件まで書いてください。"
        yield Deficiency(f"F-{section.id}", "incomplete", message, "applicant", (section.id,))
    for index, row in enumerate(rows):
        for entry in section.fields:
            part = entry.id.removeprefix(section.id + ".")
            scope = {**seen, "row": {other.id.removeprefix(section.id + "."): None for other in section.fields} | row}
            item = f"{section.id}[{index}].{part}"
            found = _answer(entry, item, row.get(part), slips.get((entry.id, index)), scope)
            if found is not None:
                yield found


def _answer(entry: Field, item: str, value: Any, slip: str | None, seen: Mapping[str, Any]) -> Deficiency | None:
    if slip is not None:
        return Deficiency(f"F-{entry.id}", "incomplete", f"{entry.label}: {slip}", entry.fix_by, (item,))
    needed = entry.required or (entry.required_if != "" and is_true(entry.required_if, seen))
    if value is not None or not needed:
        return None
    message = f"「{entry.label}」が書かれていません。{entry.hint or TYPES[entry.type].hint}"
    return Deficiency(f"F-{entry.id}", "incomplete", message, "applicant", (item,))


def _attachments(pack: Pack, seen: Mapping[str, Any]) -> Iterator[Deficiency]:
    for entry in pack.form.attachments:
        needed = entry.required or (entry.required_if != "" and is_true(entry.required_if, seen))
        if needed and not seen["attached"][entry.id]:
            message = f"「{entry.label}」がありません。" + ("原本を出してください。" if entry.original else "")
            yield Deficiency(f"A-{entry.id}", "incomplete", message + entry.note, "applicant", (entry.id,))


def _checked(pack: Pack, check: Check, seen: Mapping[str, Any]) -> Deficiency | None:
    if is_true(check.when, seen):
        return Deficiency(check.code, check.severity, check.message, check.fix_by, check.items, check.ask)
    # `unknown = true` is false in FEEL: without this a fact not yet known would pass every check that asks for it.
    return next((_unknown(fact) for fact in _missing_facts(pack, check.when, seen)), None)


def _missing_facts(pack: Pack, text: str, seen: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield the facts a condition reads that are not known yet."""
    used = used_names(text) - null_tested(text)
    for fact in pack.facts:
        if fact.id in used and lookup(seen, fact.id) is None:
            yield fact


def _unknown(fact: Fact) -> Deficiency:
    if fact.unknown == "ask":
        message = f"「{fact.label}」が分かる書類を出してください。"
        return Deficiency(f"U-{fact.id}", "incomplete", message, "applicant", (fact.id,))
    severity = "hold" if fact.unknown == "hold" else "confirm"
    message = f"「{fact.label}」がまだ分かりません({fact.source})。"
    return Deficiency(f"U-{fact.id}", severity, message, "city", (fact.id,))
