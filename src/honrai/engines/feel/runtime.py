"""What one evaluation carries with it: the budget, the moment called now, and the warnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .errors import FeelLimitError, Warning, line_and_column
from .limits import DEFAULT_LIMITS, Limits
from .values import DateTime

_MOST_WARNINGS = 100


class Invalid(Exception):
    """An operation has no result for these values; the expression around it becomes null with this as the reason."""


class Unit:
    """One text that warnings point into."""

    __slots__ = ("file", "text")

    def __init__(self, text: str, file: str = "") -> None:
        self.text = text
        self.file = file


class Runtime:
    """The state of one evaluation.

    Args:
        now: the moment that `now()` and `today()` give; None makes them null with a warning.
        limits: the budget; `steps` counts down as work is done.
        externals: allowed external functions by "class.method(signature)"; none by default.
    """

    __slots__ = ("calls", "externals", "limits", "now", "steps", "warnings")

    def __init__(
        self,
        now: DateTime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        externals: Mapping[str, Callable[..., object]] | None = None,
    ) -> None:
        self.now = now
        self.limits = limits
        self.steps = limits.steps
        self.calls = 0
        self.externals = externals or {}
        self.warnings: list[Warning] = []

    def charge(self, steps: int) -> None:
        """Take `steps` from the budget. Raises FeelLimitError when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitError(
                f"計算が {self.limits.steps} 手順を超えました。",
                remedy="繰り返しやリストを短くするか、手順の上限を上げてください。",
            )

    def charge_string(self, length: int) -> None:
        """Take the cost of building a string of `length` characters. Raises FeelLimitError beyond the limit."""
        if length > self.limits.string:
            raise FeelLimitError(
                f"計算が {self.limits.string} 文字を超える文字列を作ろうとしました。",
                remedy="文字列を短くしてください。",
            )
        self.charge(1 + (length >> 5))

    def enter(self) -> None:
        """Note that a function is called inside another. Raises FeelLimitError when they nest too deep."""
        self.calls += 1
        self.charge(1)
        if self.calls > self.limits.calls:
            raise FeelLimitError(
                f"関数の呼び出しが {self.limits.calls} 段を超えました。",
                remedy="再帰を終わらせるか、for と partial を使ってください。",
            )

    def warn(self, unit: Unit, at: int, what: str) -> None:
        """Keep the reason why the part of `unit` at offset `at` is null."""
        if len(self.warnings) < _MOST_WARNINGS:
            line, column = line_and_column(unit.text, at)
            self.warnings.append(Warning(at, what, line, column))
