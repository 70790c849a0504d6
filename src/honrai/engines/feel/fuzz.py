"""Feeds FEEL with texts nobody would write: whatever comes, only a `FeelError` may be raised, and soon.

`python -m honrai.engines.feel fuzz --seconds 600 --seed 1` prints each finding; findings are kept in
`tests/test_limits.py`.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .api import Expression, UnaryTests, check, parse, parse_unary_tests
from .builtins import BUILTINS
from .errors import FeelError
from .limits import Limits
from .nodes import same
from .printer import to_text
from .types import NUMBER, context_of, list_of
from .values import Date, DateTime, Time

SEEDS = (
    'if 年齢 >= 65 and 所得 < 2000000 then "該当" else "非該当"',
    "for i in 1..3, j in [4, 5] return i * j + partial[-1]",
    "some m in 明細 satisfies m.額 > 100",
    "明細[額 > 100 and item.額 != null].額[1]",
    '{a-b: 1, "c d": a-b ** 2, f: function(x: number, y) x + y, r: f(y: 1, x: 2)}.r',
    '@"2024-02-29T10:00:00@Asia/Tokyo" + duration("P1Y2M") - @"P1DT2H"',
    'replace("abracadabra", "(a)(b|c)*?\\\\1", "[$1]", "i")',
    "5 in (1, < 3, [4..6), ]7..8[, (>= 9))",
    "[1, [2, [3]], null][-1] instance of list<context<a: number>>",
    "sort(明細, function(x, y) x.額 < y.額)[1].額 between -1e3 and .5",
    'string join(["a", string(1.50), null], "、") + "\\u65E5\\n"',
    "not(< 10, [20..30], ?.x)",
    "// 注釈\n1 /* 注 */ + 2",
    'range("[1..3)").start included = (=5).end included',
    'function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}',
)
_PIECES = (
    *"()[]{},.:+-*/=<>?@\"' \n", "..", "**", "<=", "!=", "->", "if ", " then ", " else ", "for ", " in ", " return ",
    "some ", "every ", " satisfies ", " and ", " or ", " between ", " instance of ", "function", "null", "true", "item",
    "partial", "年齢", "明細", "a-b", "1", "0", "1e6000", "-1", "0.1", '""', '"日"', '@"P1D"', '@"2024-01-01"', "list<",
    "external ", "//", "/*", "*/", "\\", "\ud800", "\U0001f40e",
)  # fmt: skip
_SCOPE: dict[str, object] = {
    "年齢": 70, "所得": 1_500_000, "明細": [{"額": 50}, {"額": 150}, {"額": None}], "a-b": -3, "a": "x", "b": [1, 2],
}  # fmt: skip
_TYPES = {"年齢": NUMBER, "所得": NUMBER, "明細": list_of(context_of({"額": NUMBER}, open=False))}
_NOW = DateTime(Date(2026, 4, 1), Time(0, 0))
_LIMITS = Limits(steps=100_000)
SLOWEST = 2.0
"""The most seconds one text may take."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A text that did what it must not, and what that was."""

    text: str
    what: str


def texts(rng: random.Random) -> Iterator[str]:
    """Yield texts without end: seeds changed at random, seeds spliced, pieces and calls thrown together."""
    makers: tuple[Callable[[random.Random], str], ...] = (_changed, _spliced, _thrown, _called)
    while True:
        yield rng.choice(makers)(rng)


def _changed(rng: random.Random) -> str:
    text = rng.choice(SEEDS)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        cut = at + rng.choice((0, 0, 1, 2, 8))
        text = text[:at] + rng.choice(("", rng.choice(_PIECES))) + text[cut:]
    return text


def _spliced(rng: random.Random) -> str:
    one, other = rng.choice(SEEDS), rng.choice(SEEDS)
    return one[: rng.randrange(len(one))] + other[rng.randrange(len(other)) :]


def _thrown(rng: random.Random) -> str:
    piece = rng.choice(_PIECES)
    if rng.random() < 0.05:
        return str(piece) * rng.randint(1, 30_000)
    return "".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 40)))


_ARGUMENTS = (
    "null", "true", "0", "-1", "2.5", "1e6144", "-1e-6000", '""', '"abc"', '"(a+)+$"', '"P1D"', '"2024-02-30"', "[]",
    "[1,null]", '["a"]', "[[1],[2]]", "{}", "{key: 1, value: 2}", "[1..5]", "(> 3)", "function(x) x",
    "function(x, y) x < y", '@"2024-02-29"', '@"10:00:00Z"', '@"2024-01-01T00:00:00@Asia/Tokyo"', '@"P1Y"', '@"-PT1S"',
    "abs", "(for i in 1..500 return i)",
)  # fmt: skip


def _called(rng: random.Random) -> str:
    name = rng.choice(sorted(BUILTINS))
    args = [rng.choice(_ARGUMENTS) for _ in range(rng.randint(0, 4))]
    call = f"{name}({', '.join(args)})"
    return call if rng.random() < 0.7 else f"{call} {rng.choice('+-*/=<')} {rng.choice(_ARGUMENTS)}"


def attempt(text: str) -> Finding | None:
    """Read, check, print, read again and evaluate one text; return what went wrong, None when nothing did."""
    begun = time.thread_time()
    try:
        _exercise(text)
    except FeelError:
        pass
    except Exception as error:
        return Finding(text, f"{type(error).__name__}: {error}")
    taken = time.thread_time() - begun
    return Finding(text, f"{taken:.1f} s") if taken > SLOWEST else None


def _exercise(text: str) -> None:
    with contextlib.suppress(FeelError):
        made = parse(text, names=_SCOPE, limits=_LIMITS)
        _inspect(made, parse(to_text(made.ast), names=_SCOPE, limits=_LIMITS))
        made.evaluate(_SCOPE, now=_NOW)
    tests = parse_unary_tests(text, names=_SCOPE, limits=_LIMITS)
    _inspect(tests, parse_unary_tests(to_text(tests.ast), names=_SCOPE, limits=_LIMITS))
    tests.evaluate(5, _SCOPE, now=_NOW)


def _inspect(made: Expression | UnaryTests, again: Expression | UnaryTests) -> None:
    check(made, _TYPES)
    if not same(made.ast, again.ast):
        raise AssertionError(f"printed as {again.text!r}, which reads differently")


def fuzz(seconds: float, seed: int) -> tuple[int, list[Finding]]:
    """Try texts for so many seconds; return how many were tried and the findings.

    Args:
        seconds: how long to go on.
        seed: of the random texts; the same seed gives the same texts.
    """
    rng = random.Random(seed)  # noqa: S311 - texts, not secrets
    end = time.monotonic() + seconds
    tried = 0
    findings: list[Finding] = []
    for text in texts(rng):
        finding = attempt(text)
        tried += 1
        if finding is not None:
            findings.append(finding)
        if time.monotonic() > end:
            break
    return tried, findings
