"""What a letter may print of one case, in the words a reader sees (docs/reference/pack-format.md, "Letters")."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from honrai.kernel.units import Unit
from honrai.kernel.wareki import format_wareki
from honrai.procedures.rules.contexts import fill, read_facts
from honrai.procedures.rules.fields import TYPES
from honrai.procedures.rules.model import Pack

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a letter goes to."""

    name: str = ""
    postcode: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends it: office, title and name of the authority, and whether the seal is printed (place) or omitted."""

    office: str
    title: str
    name: str = ""
    seal: str = "omitted"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the reader may ask."""

    section: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything about one case a letter may print.

    Attributes:
        values, facts: raw, as the case keeps them.
        results: value of every decision by name.
        outcome: the outcome decided or proposed.
        reasons: (text, basis) of every ground.
        deficiencies: (code, message, items) still to be mended.
        number, received, fix_by, certificate: of the case.
        document, issued: number and day of the letter.
        on: the day whose parameters are printed.
        appeal: 教示 of the authority; None where none is due.
    """

    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    results: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    reasons: Sequence[tuple[str, str]] = ()
    deficiencies: Sequence[tuple[str, str, Sequence[str]]] = ()
    number: str
    received: date
    fix_by: date | None = None
    certificate: str = ""
    document: str
    issued: date
    on: date
    to: Address
    sender: Office
    contact: Contact
    appeal: Mapping[str, Any] | None = None


def letter_data(pack: Pack, of: LetterFacts) -> dict[str, Any]:
    """Return the data of one letter as JSON-able values; what is not known is absent.

    Raises:
        Invalid: a fact does not suit its type.
    """
    filled = fill(pack.form, of.values).values
    known = read_facts(pack, of.facts)
    kinds = {entry.id: entry.type for entry in pack.form.fields} | {fact.id: fact.type for fact in pack.facts}
    return {
        "values": {
            name: _shown(kinds[name], value) for name, value in filled.items() if name in kinds and value is not None
        },
        "facts": {name: _shown(kinds[name], value) for name, value in known.items() if value is not None},
        "parameters": {
            entry.name: with_unit(entry.at(of.on), entry.unit) for entry in pack.parameters if entry.dated.covers(of.on)
        },
        "results": {name: _plain(value) for name, value in of.results.items() if value is not None},
        "rows": {
            s.id: [_row(s.id, row, kinds) for row in filled.get(s.id) or ()] for s in pack.form.sections if s.repeat
        },
        "outcome": of.outcome,
        "reasons": [{"text": text, "basis": basis} for text, basis in of.reasons],
        "deficiencies": [{"code": c, "message": m, "items": list(items)} for c, m, items in of.deficiencies],
        "case": {
            "number": of.number,
            "received": format_wareki(of.received),
            "fix_by": format_wareki(of.fix_by) if of.fix_by else "",
            "certificate": of.certificate,
        },
        "document": {"number": of.document, "date": format_wareki(of.issued)},
        "to": asdict(of.to),
        "from": asdict(of.sender),
        "contact": asdict(of.contact),
        "appeal": dict(of.appeal) if of.appeal is not None else None,
    }


def _shown(kind: str, value: Any) -> str:
    return TYPES[kind].show(value)


def _row(section: str, row: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, str]:
    return {name: _shown(kinds[f"{section}.{name}"], value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    """A result as text: dates by era, also those a case keeps as 2026-04-01; lists and contexts by their parts."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return format_wareki(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)


def with_unit(value: Any, unit: Unit) -> str:
    """Return a parameter as a reader sees it: 1,200円, 30日; a value without a unit as it is."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return str(_plain(value))
    return f"{value:,}{unit.label}"
