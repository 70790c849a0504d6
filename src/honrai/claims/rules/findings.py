"""What may be found on a claim and what becomes of it: read once from `data/findings.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml


class Verdict(StrEnum):
    """What becomes of a claim."""

    PAY = "pay"
    HOLD = "hold"
    REFUSE = "refuse"
    RETURN = "return"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return {"pay": "支給", "hold": "保留", "refuse": "不支給", "return": "返戻"}[self.value]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    Attributes:
        code: its name.
        label: what is so, Japanese.
        verdict: what becomes of the claim.
        mend: who does what, Japanese.
    """

    code: str
    label: str
    verdict: Verdict
    mend: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by code."""
    text = resources.files("honrai.claims.rules").joinpath("data", "findings.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    return {code: Kind(code, row["label"], Verdict(row["outcome"]), row["mend"]) for code, row in rows.items()}


def verdict_of(codes: Iterable[str]) -> Verdict:
    """Return what becomes of a claim with such findings: the gravest counts, none is paid."""
    found = {kinds()[code].verdict for code in codes}
    return next((each for each in (Verdict.RETURN, Verdict.REFUSE, Verdict.HOLD) if each in found), Verdict.PAY)
