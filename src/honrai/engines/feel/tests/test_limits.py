"""Hostile expressions end in an error or a value within the budget, in little time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from honrai.engines.feel import FeelError, FeelLimitError, Limits, parse
from honrai.engines.feel.fuzz import attempt

MANY = 10**6
DEEP_LIST = "(for i in 1..5000 return if i = 1 then [1] else [partial[-1]])[-1]"
HOSTILE = {
    "round brackets": "(" * MANY,
    "square brackets": "[" * MANY,
    "contexts": "{a:" * (MANY // 3),
    "signs": "-" * MANY + "1",
    "not": "not(" * (MANY // 4),
    "paths": "a" + ".a" * (MANY // 2),
    "sums": "1" + "+1" * (MANY // 2),
    "conditions": "if a then " * (MANY // 10),
    "filters": "x" + "[1]" * (MANY // 3),
    "loops in loops": "for a in " * (MANY // 9),
    "calls": "f(" * 40_000,
    "types": "1 instance of " + "list<" * 15_000,
    "one comment": "/*" + "*" * MANY,
    "many comments": "/*a*/" * 19_000 + "1",
    "words": "a " * 49_000,
    "backslashes": '"' + "\\" * MANY,
    "range that never closes": "[1..a[" * 16_000,
    "digits": "9" * MANY,
    "exponent": "1e999999999",
    "tower": "9 ** 9 ** 9 ** 9",
    "power of a power": "2 ** 0.5 ** 1e30",
    "exp": "exp(1e30)",
    "long loop": "for i in 1..10**18 return i",
    "two loops": "for a in 1..10000, b in 1..10000 return 1",
    "a loop of nothing": "for a in 1..10**9, b in [] return 1",
    "never satisfied": "some a in 1..10**9 satisfies a < 0",
    "doubling text": 'for i in 1..60 return if i = 1 then "aaaaaaaa" else partial[-1] + partial[-1]',
    "doubling list": "for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])",
    "large body": "for i in 1..1000000 return [" + ",".join(["i"] * 1000) + "]",
    "recursion": "(function(f) f(f))(function(f) f(f))",
    "counted recursion": "{f: function(g, n) if n = 0 then 0 else g(g, n - 1), r: f(f, 1000000)}.r",
    "deep values compared": f"{{x: {DEEP_LIST}, r: x = x}}.r",
    "deep value written": f"string({DEEP_LIST})",
    "equality of large lists": "{x: for i in 1..100000 return i, r: for i in 1..1000 return x = x}.r",
    "membership": "{x: for i in 1..50000 return i, r: for i in x return list contains(x, i)}.r",
    "distinct lists": "distinct values(for i in 1..20000 return [i])",
    "sorting": "sort((for i in 1..100000 return i), function(a, b) a > b)",
    "nested quantifiers": 'matches("' + "a" * 50_000 + 'b", "(a+)+$")',
    "back-references": 'matches("' + "a" * 5_000 + 'b", "(a*)(a*)\\\\1\\\\2c")',
    "repetitions of repetitions": 'matches("a", "(((a{1000}){1000}){1000})")',
    "large program": 'matches("aaaa", "(((a{100}){100}){100})\\\\1")',
    "replacement": 'replace("' + "a" * 30_000 + '", "a", "' + "b" * 30_000 + '")',
    "classes": 'matches("a", "' + "[a-" * 10_000 + '")',
    "many numbers written": "for i in 1..100000 return string(10 ** 6000)",
    "logarithms": "for i in 1..300000 return exp(log(i + 0.1) * 1.3) ** 1.7",
    "zones": 'for i in 1..100000 return @"2020-01-01T10:00:00@Europe/Paris" + @"PT1H"',
    "durations": '@"P' + "9" * 60 + 'D" * 10 ** 6000',
    "months": '@"2020-01-01" + @"P99999999999999999999999999M"',
    "scale": "round up(1e-6000, -6000)",
    "zone name": '@"10:00:00@' + "A/" * 40_000 + '"',
    "range in text": 'range("' + "(" * 90_000 + '")',
}
MEASURE = """
import os
from honrai.engines.feel import FeelError, parse
from honrai.engines.feel.tests.test_limits import HOSTILE
for name, text in HOSTILE.items():
    child = os.fork()
    if not child:
        try:
            parse(text).evaluate()
        except FeelError:
            pass
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    seconds, mebibytes = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    if status or seconds > 2 or mebibytes > 256:
        print(f"{name}: {seconds:.1f} s, {mebibytes} MiB, status {status}")
"""


@pytest.mark.slow
def test_hostile_expressions_stay_within_two_seconds_and_256_mib() -> None:
    root = Path(__file__).resolve().parents[5]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE],
        capture_output=True,
        text=True,
        cwd=root,
        env={"PYTHONPATH": "src"},
        check=False,
    )

    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize(
    "name",
    ["round brackets", "sums", "long loop", "never satisfied", "a loop of nothing", "doubling text", "doubling list",
     "recursion", "counted recursion", "back-references", "replacement", "membership", "many numbers written"],
)  # fmt: skip
def test_what_is_too_much_says_so(name: str) -> None:
    with pytest.raises(FeelLimitError) as caught:
        parse(HOSTILE[name]).evaluate()

    assert caught.value.remedy


def test_the_budget_is_the_callers() -> None:
    made = parse("for i in 1..1000 return i")

    assert len(made.evaluate().value) == 1000
    with pytest.raises(FeelLimitError):
        made.evaluate(budget=Limits(steps=100))


def test_two_hundred_terms_are_fine() -> None:
    assert parse("+".join(["1"] * 150)).evaluate().value == 150


@pytest.mark.parametrize("depth", [60, 90])
def test_honest_nesting_is_fine(depth: int) -> None:
    assert parse("(" * depth + "1" + ")" * depth).evaluate().value == 1


def test_python_is_out_of_reach() -> None:
    for text in ('"a".__class__', "{}.keys", "abs.__globals__", "__import__", "null.__doc__", "item.__class__"):
        assert parse(text).evaluate().value is None


def test_external_functions_are_off_unless_allowed() -> None:
    text = '(function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}})(0)'

    assert parse(text).evaluate().value is None
    assert parse(text).evaluate(externals={"java.lang.Math.cos(double)": lambda x: 1.0}).value == 1


@pytest.mark.parametrize("text", ["min()", "max() * [1]", "sum()", "concatenate()"])
def test_findings_of_the_fuzzer_stay_mended(text: str) -> None:
    assert attempt(text) is None


def test_an_error_in_a_huge_text_is_still_short() -> None:
    with pytest.raises(FeelError) as caught:
        parse("あ" * 90_000 + " ;")

    assert len(str(caught.value)) < 300
