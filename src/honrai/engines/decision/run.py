"""What one evaluation carries along: the moment, the parameters, the work left, what was noticed, and the trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.compile_functions import call_function
from honrai.engines.feel.errors import FeelError
from honrai.engines.feel.limits import DEFAULT_LIMITS, Limits
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.values import Date, DateTime, Function, Range, to_feel

if TYPE_CHECKING:
    from honrai.engines.decision.trace import Trace

Scope = dict[str, object]
Code = Callable[[Scope, "Run"], object]


class Runnable(Protocol):
    """A FEEL expression or unary tests that have been read."""

    def run(self, scope: Mapping[str, object], rt: Runtime) -> object:
        """Return the value."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a part of a decision became null.

    Attributes:
        element: the decision, function or service being worked out.
        line: line in the file of that part, 0 where there is none.
        what: the reason.
    """

    element: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.element}（{self.line}行目）: {self.what}" if self.line else f"{self.element}: {self.what}"


class Run:
    """One evaluation of one case: its FEEL runtime, which holds the budget, and what was noticed on the way."""

    __slots__ = ("element", "line", "notices", "runtime", "trace")

    def __init__(self, runtime: Runtime, trace: Trace | None = None) -> None:
        self.runtime, self.trace = runtime, trace
        self.notices: list[Notice] = []
        self.element, self.line = "", 0

    @classmethod
    def start(
        cls,
        now: dt.datetime | None = None,
        steps: int = DEFAULT_LIMITS.steps,
        externals: Mapping[str, Callable[..., object]] | None = None,
        trace: Trace | None = None,
    ) -> Run:
        """Return a fresh run."""
        limits = DEFAULT_LIMITS if steps == DEFAULT_LIMITS.steps else Limits(steps=steps)
        moment = to_feel(now) if now is not None else None
        assert moment is None or isinstance(moment, DateTime), "now is a datetime"
        return cls(Runtime(moment, limits, externals), trace)

    def note(self, line: int, what: str) -> None:
        """Remember why something became null."""
        self.notices.append(Notice(self.element, line, what))

    def feel(self, runnable: Runnable, scope: Scope, line: int) -> object:
        """Run FEEL on the shared budget; its warnings become notices."""
        runtime = self.runtime
        value = runnable.run(scope, runtime)
        if runtime.warnings:
            for warning in runtime.warnings:
                self.notices.append(Notice(self.element, line + warning.line - 1 if line else 0, warning.what))
            runtime.warnings.clear()
        return value

    def call(self, function: Function, arguments: Mapping[str, object], line: int) -> object:
        """Call a function with named arguments; null with a notice where they do not fit."""
        try:
            return call_function(self.runtime, function, list(arguments.values()), tuple(arguments))
        except Invalid as error:
            self.note(line, str(error))
            return None

    def charge(self) -> None:
        """Spend one step of the budget."""
        self.runtime.charge(1)

    def items(self, value: object) -> list[object] | None:
        """Return what a loop goes through: a list, the whole numbers or days of a range, one value; None for null."""
        if isinstance(value, list):
            return value
        if isinstance(value, Range):
            return self._range(value)
        return None if value is None else [value]

    def _range(self, value: Range) -> list[object] | None:
        start, end = value.start, value.end
        if isinstance(start, Date) and isinstance(end, Date):
            low, high = start.number + (not value.start_included), end.number - (not value.end_included)
            self.runtime.charge(max(high - low, 0))
            return [Date.from_number(number) for number in range(low, high + 1)]
        return None

    @contextmanager
    def guarded(self, file: str, element: str) -> Iterator[None]:
        """Turn the end of the budget into an error of this library that names the element at work and its line.

        Raises:
            DecisionError: the work is used up or calls nest too deep.
        """
        try:
            yield
        except FeelError as error:
            raise DecisionError(
                error.what, error.remedy, file=file, line=self.line, element=self.element or element
            ) from None
        except RecursionError:
            raise DecisionError(
                "値や呼び出しの入れ子が深すぎます。",
                "入れ子を浅くしてください。",
                file=file,
                line=self.line,
                element=self.element or element,
            ) from None
