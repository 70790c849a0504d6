"""What the bank's answer to a debit means and what the office does next (`data/results.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import yaml

from honrai.payments.rules.layout import DATA

Action = Literal["receipt", "unpaid", "stop", "ask_bank", "compare", "by_hand"]


@dataclass(frozen=True, slots=True)
class ResultCode:
    """One 振替結果コード.

    Attributes:
        code: the digit.
        meaning: the standard's words.
        action: what follows, for the programs.
        words: what follows, for the clerk; a city's own practice may differ (要確認).
    """

    code: str
    meaning: str
    action: Action
    words: str

    @property
    def paid(self) -> bool:
        """Whether the money was drawn."""
        return self.action == "receipt"


@cache
def result_codes() -> Mapping[str, ResultCode]:
    """Return the codes by their digit."""
    raw = yaml.safe_load((DATA / "results.yaml").read_text("utf-8"))["codes"]
    return {code: ResultCode(code=code, **body) for code, body in raw.items()}
