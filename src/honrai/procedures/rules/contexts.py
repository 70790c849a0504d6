"""The one place that turns form values, facts and parameters into the context rules are evaluated in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.kernel.errors import Invalid
from honrai.procedures.rules.field_parsers import account_holder
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Fact, Field, Form, Pack


@dataclass(frozen=True)
class Slip:
    """One answer that cannot be read: the field (with its row in a repeated section) and the sentence to show."""

    field: str
    message: str
    row: int | None = None


@dataclass(frozen=True)
class Filled:
    """Answers after reading: typed values by field id (a list of rows for a repeated section) and the slips."""

    values: Mapping[str, Any]
    slips: tuple[Slip, ...] = ()


def fill(form: Form, raw: Mapping[str, Any]) -> Filled:
    """Return the typed values of raw answers.

    Args:
        form: the form the answers belong to.
        raw: field id -> answer; section id -> list of {field id without the section: answer} for repeated sections.
            An empty answer counts as not given.
    """
    values: dict[str, Any] = {}
    slips: list[Slip] = []
    for section in form.sections:
        if not section.repeat:
            _fill_row(section.fields, raw, values, slips)
            continue
        rows = []
        for index, row in enumerate(raw.get(section.id) or ()):
            filled: dict[str, Any] = {}
            named = {f"{section.id}.{key}": answer for key, answer in row.items()}
            _fill_row(section.fields, named, filled, slips, index)
            rows.append({key.removeprefix(section.id + "."): value for key, value in filled.items()})
        values[section.id] = rows
    return Filled(values, tuple(slips))


def _fill_row(
    fields: Iterable[Field],
    raw: Mapping[str, Any],
    values: dict[str, Any],
    slips: list[Slip],
    row: int | None = None,
) -> None:
    for entry in fields:
        answer = raw.get(entry.id)
        if answer is None or answer == "":
            continue
        try:
            values[entry.id] = TYPES[entry.type].parse(answer, entry.options)
        except Invalid as error:
            slips.append(Slip(entry.id, error.message, row))


def read_fact(fact: Fact, raw: Any) -> Any:
    """Return the typed value of a fact as a source delivered it.

    Raises:
        Invalid: the value does not suit the type of the fact.
    """
    return TYPES[fact.type].parse(raw, fact.options)


def read_facts(pack: Pack, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts known, typed; `assume` fills what is unknown, everything else unknown stays absent.

    Raises:
        Invalid: a fact does not suit its type.
        KeyError: a fact the pack does not declare.
    """
    declared = {fact.id: fact for fact in pack.facts}
    known = {name: read_fact(declared[name], value) for name, value in raw.items() if value is not None}
    for fact in pack.facts:
        if fact.unknown == "assume" and fact.id not in known:
            known[fact.id] = read_fact(fact, fact.assumed)
    return known


def context(
    pack: Pack,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    case: Mapping[str, Any],
    attached: Iterable[str] = (),
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the nested context of a rule: every declared name is there, what is not known is null.

    Args:
        pack: the pack whose names are declared.
        values: typed form values by dotted id.
        facts: typed facts by dotted id.
        case: received (date), channel (text) and basis (date).
        attached: ids of the attachments handed in; rules read them as `attached.<id>` (true or false).
        parameters: nested values in force on the basis date (`Parameters.at`), read as `p.<id>`.
    """
    out: dict[str, Any] = {}
    for entry in pack.form.fields:
        if not entry.many:
            _put(out, entry.id, values.get(entry.id))
    for section in pack.form.sections:
        if section.repeat:
            blank = {entry.id.removeprefix(section.id + "."): None for entry in section.fields}
            out[section.id] = [{**blank, **row} for row in values.get(section.id, ())]
    for fact in pack.facts:
        _put(out, fact.id, facts.get(fact.id))
    handed = set(attached)
    out["attached"] = {entry.id: entry.id in handed for entry in pack.form.attachments}
    out["case"] = {"received": None, "channel": None, "basis": None, **case}
    out["p"] = dict(parameters or {})
    out["reading"] = {}
    for entry in pack.form.fields:
        if entry.type in ("kana", "account_holder") and not entry.many:
            _put(out["reading"], entry.id, bank_reading(values.get(entry.id)))
    return out


def bank_reading(name: str | None) -> str | None:
    """Return a reading as a bank compares it: no small kana, no spaces; the same for `クマモト ハナコ` and `クマモトハナコ`."""
    return None if name is None else account_holder(name).replace(" ", "")


def lookup(within: Mapping[str, Any], name: str) -> Any:
    """Return the value of a dotted name, None when any part is missing."""
    value: Any = within
    for part in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def case_values(received: date, channel: str, basis: date | None = None) -> dict[str, Any]:
    """Return the `case` part of a context; without a basis date the day of arrival counts, no channel is null."""
    return {"received": received, "channel": channel or None, "basis": basis or received}


def _put(out: dict[str, Any], name: str, value: Any) -> None:
    *groups, last = name.split(".")
    for group in groups:
        out = out.setdefault(group, {})
    out[last] = list(value) if isinstance(value, tuple) else value
