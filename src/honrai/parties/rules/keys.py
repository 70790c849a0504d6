"""The keys by which a person is found: two-character grams of the name, the folded reading, the address key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from honrai.kernel.address import address_key
from honrai.kernel.errors import Invalid
from honrai.kernel.names import Gaiji, fold_kana, fold_name, fold_romaji
from honrai.kernel.places import Municipality

END = "\U0010fffd"
"""Sorts after every character of a reading: `key >= x and key < x + END` is a prefix search an index can answer."""


def name_key(*names: str, gaiji: Gaiji | None = None) -> str:
    """Return the folded names (氏名, 通称, ローマ字), parted by a bar that no search can hold."""
    return "|".join(filter(None, (fold_name(name, gaiji) for name in names)))


def grams(key: str) -> tuple[str, ...]:
    """Return the two-character pieces of a folded name, each once, in order; none crosses a bar.

    Example:
        >>> grams("山田太郎")
        ('山田', '田太', '太郎')
    """
    parts = key.split("|")
    return tuple(dict.fromkeys(part[n : n + 2] for part in parts for n in range(len(part) - 1)))


def kana_key(kana: str) -> str:
    """Return the folded reading, without spaces."""
    return fold_kana(kana)


def romaji_key(name: str) -> str:
    """Return a Latin name without case, accents and order of its words."""
    return fold_romaji(name) if name else ""


def place_key(address: str, home: Sequence[Municipality] = ()) -> str:
    """Return the key of an address, or "" where it cannot be read.

    Args:
        address: as registered or as an applicant wrote it.
        home: municipalities to look in first, for a city that is not in the national list.
    """
    try:
        return address_key(address, home) if address.strip() else ""
    except (Invalid, ValueError):
        return ""


def searchable(names: Iterable[str]) -> list[str]:
    """Return the folded names that are long enough to be found by grams (two characters or more)."""
    return [key for key in map(fold_name, names) if len(key) >= 2]
