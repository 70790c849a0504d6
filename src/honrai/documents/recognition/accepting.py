"""Which fields read from paper may stand without a person: by proofs outside the reading itself, named in data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from honrai.documents.recognition.reading import FieldRead
from honrai.kernel.names import fold_kana, fold_name

_RULES = Path(__file__).parents[1] / "data" / "accept.yaml"
PROOFS = ("counted", "check_digit", "master", "ledger", "arithmetic", "ticked", "double_key")
#: Types whose value is only read where its check digit is right.
_CHECKED = frozenset({"insurer_number", "institution_code", "corporate_number"})
_MARKED = frozenset({"choice", "choices", "yes_no", "consent", "signature", "attachment"})
_FOLDED: Mapping[str, Callable[[str], str]] = {
    "person_name": fold_name,
    "kana": fold_kana,
    "account_holder": fold_kana,
}

Ways = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a form: the fields in it, and whether it comes out for values by field."""

    fields: tuple[str, ...]
    holds: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the sheet.

    Attributes:
        masters: says whether a code of a type stands in its register; None where there is no register for it.
        ledger: values of the record found by `key`, by field; empty where none was found.
        key: the field the record was found by.
        sums: the sums of the form.
        keyed: values two people keyed alike, by field.
    """

    masters: Callable[[str, Any], bool | None] = lambda kind, value: None
    ledger: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    sums: Sequence[Sum] = ()
    keyed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a field stands: the proofs that made it so, or what is missing for the shortest way.

    `value` is what then counts: where the ledger proved it, the ledger's own spelling.
    """

    field: str
    accepted: bool
    value: Any
    proofs: tuple[str, ...]
    missing: tuple[str, ...] = ()


@cache
def ways_by_type() -> Mapping[str, Ways]:
    """Return the rules in `data/accept.yaml`.

    Raises:
        ValueError: a rule names a proof there is none of.
    """
    said = yaml.safe_load(_RULES.read_text(encoding="utf-8"))["types"]
    unknown = {proof for ways in said.values() for way in ways for proof in way} - set(PROOFS)
    if unknown:
        raise ValueError(f"accept.yaml names unknown proofs: {', '.join(sorted(unknown))}")
    return {kind: tuple(tuple(way) for way in ways) for kind, ways in said.items()}


def accept(reads: Sequence[FieldRead], known: Known, ways: Mapping[str, Ways] | None = None) -> list[Verdict]:
    """Return for each field whether it may stand, in the order given.

    An empty field stands: that something is written there would show as ink. A field whose text is no value of its type never does.

    Args:
        reads: the fields of all pages of one form.
        known: registers, the ledger's record, sums, double keying.
        ways: another table than `data/accept.yaml`.
    """
    table = ways or ways_by_type()
    values = {read.field: read.value for read in reads}
    added = _added_up(values, known.sums)
    agreeing = {read.field for read in reads if _agrees(read, known.ledger)}
    if agreeing - {known.key} and known.ledger.get(known.key) == values.get(known.key):
        agreeing.add(known.key)
    else:
        agreeing.discard(known.key)
    return [_verdict(read, _proofs(read, known, added, agreeing), table.get(read.type, ()), known) for read in reads]


def _verdict(read: FieldRead, proofs: frozenset[str], ways: Ways, known: Known) -> Verdict:
    if read.empty:
        return Verdict(read.field, True, None, ("empty",))
    if read.slip or read.value is None:
        return Verdict(read.field, False, None, (), ("value",))
    for way in ways:
        if proofs.issuperset(way):
            return Verdict(read.field, True, known.ledger[read.field] if "ledger" in way else read.value, way)
    missing = min(([proof for proof in way if proof not in proofs] for way in ways), key=len, default=["double_key"])
    return Verdict(read.field, False, read.value, (), tuple(missing))


def _proofs(read: FieldRead, known: Known, added: frozenset[str], agreeing: set[str]) -> frozenset[str]:
    tests = {
        "counted": read.counted,
        "check_digit": read.type in _CHECKED,
        "master": known.masters(read.type, read.value) is True,
        "ledger": read.field in agreeing,
        "arithmetic": read.field in added,
        "ticked": read.type in _MARKED and read.counted,
        "double_key": read.field in known.keyed and known.keyed[read.field] == read.value,
    }
    return frozenset(name for name, holds in tests.items() if holds)


def _added_up(values: Mapping[str, Any], sums: Sequence[Sum]) -> frozenset[str]:
    """Return the fields that stand in a sum that comes out; a sum with an unreadable member does not."""
    found: set[str] = set()
    for one in sums:
        if all(values.get(name) is not None for name in one.fields) and one.holds(values):
            found |= set(one.fields)
    return frozenset(found)


def _agrees(read: FieldRead, ledger: Mapping[str, Any]) -> bool:
    if read.value is None or read.field not in ledger:
        return False
    told = ledger[read.field]
    fold = _FOLDED.get(read.type)
    return fold(str(read.value)) == fold(str(told)) if fold else bool(read.value == told)
