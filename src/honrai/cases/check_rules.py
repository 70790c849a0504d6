"""Blind second checks from values: what is keyed again, and where two keyings differ."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from honrai.kernel.errors import Invalid
from honrai.procedures.api import FIELD_TYPES, Field, Section

#: Marks on paper are looked at, not keyed again; long sentences are not compared by character.
_NOT_KEYED = frozenset({"consent", "signature", "long_text"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which two keyings do not agree, as each was kept."""

    field: str
    first: Any
    second: Any


def to_key(sections: Sequence[Section]) -> list[Field]:
    """Return the fields a blind check keys again: every plain field of the sections, in their order."""
    return [
        field for section in sections if not section.repeat for field in section.fields if field.type not in _NOT_KEYED
    ]


def differences(fields: Iterable[Field], first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Difference]:
    """Return where two keyings differ, field by field; what its type reads as the same is the same."""
    return [
        Difference(field.id, first.get(field.id), second.get(field.id))
        for field in fields
        if not same(field, first.get(field.id), second.get(field.id))
    ]


def same(field: Field, one: Any, other: Any) -> bool:
    """Say whether two answers mean the same: R080401 and 2026-04-01, full and half width, with and without spaces."""
    return bool(_meant(field, one) == _meant(field, other))


def _meant(field: Field, value: Any) -> Any:
    if value in (None, "", [], ()):
        return None
    try:
        read = FIELD_TYPES[field.type].parse(value, field.options)
    except Invalid:
        read = str(value)
    if isinstance(read, tuple):
        return tuple(sorted(read))
    return "".join(unicodedata.normalize("NFKC", read).split()) if isinstance(read, str) else read
