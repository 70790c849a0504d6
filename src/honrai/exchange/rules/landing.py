"""Proof of landing: what we handed over is looked for in the core system's next extract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from honrai.exchange.rules.layout import Proof


class EntryState(StrEnum):
    """Where an outgoing entry stands."""

    WRITTEN = "written"
    HANDED_OVER = "handed_over"
    LANDED = "landed"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _LABELS[self]


_LABELS = {
    EntryState.WRITTEN: "引渡し待ち",
    EntryState.HANDED_OVER: "反映確認待ち",
    EntryState.LANDED: "反映済み",
    EntryState.MISSING: "反映なし",
    EntryState.WITHDRAWN: "取下げ",
}


@dataclass(frozen=True)
class Difference:
    """One field in which the core system holds something else than was handed over.

    Attributes:
        field: field of the entry; "" where the whole record is missing.
        ours: what was handed over.
        theirs: what the extract holds.
    """

    field: str
    ours: str
    theirs: str


def proof_key(values: Mapping[str, str], proof: Proof) -> str:
    """Return the key under which the entry must stand in the core system's extract."""
    return "-".join(values.get(name, "") for name in proof.key)


def differences(values: Mapping[str, str], found: Mapping[str, str] | None, proof: Proof) -> tuple[Difference, ...]:
    """Return how the core system's record differs from the entry; nothing means it landed.

    Args:
        values: the entry as handed over.
        found: the record of the extract under the entry's key, or None.
        proof: which fields must be equal.
    """
    if found is None:
        return (Difference("", proof_key(values, proof), ""),)
    return tuple(
        Difference(ours, values.get(ours, ""), found.get(theirs, ""))
        for ours, theirs in proof.same.items()
        if values.get(ours, "") != found.get(theirs, "")
    )


def judged_by(handed_on: date, as_of: date) -> bool:
    """Say whether an extract of a day must already hold what was handed over on a day (the same night or later)."""
    return handed_on <= as_of
