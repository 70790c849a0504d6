"""Decisions beside their peers: one table, a million rows, reading a file.

    python -m benchmarks.decision

Peers: bkflow-dmn 0.2.0 (development dependency), hand-written Polars.
Figures hold as ratios on one machine in one run; a shared machine moves the absolute ones. `prepare` keeps short FEEL texts
read before, as `re` keeps patterns; the third line of the first table forgets them each time.
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bkflow_dmn.api import decide_single_table

from honrai.engines.decision.api import Program, columns, evaluate, prepare, read
from honrai.engines.decision.formula import forget

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="b" namespace="urn:b">'
ROWS = 1_000_000
BANDS = ["[0..70]", "(70..80]", "(80..90]", "(90..100]", "[0..60]", "(60..70]", "(70..80]", "(80..100]"]
SEXES = ['"boy"'] * 4 + ['"girl"'] * 4
LEVELS = ['"bad"', '"good"', '"better"', '"best"'] * 2


def best(work: Callable[[], object], repeat: int = 5, times: int = 1) -> float:
    """Return the seconds of the fastest of some repeats, for one time."""
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - start) / times)
    return min(found)


def element(tag: str, text: str) -> str:
    return f"<{tag}><text>{text.replace('<', '&lt;')}</text></{tag}>"


def decision(name: str, inputs: dict[str, str], rules: list[tuple[list[str], str]]) -> str:
    """Return a decision with one UNIQUE table."""
    arrows = "".join(
        f'<informationRequirement><requiredInput href="#i_{each}"/></informationRequirement>' for each in inputs
    )
    heads = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{each}</text></inputExpression></input>'
        for each, kind in inputs.items()
    )
    rows = "".join(
        "<rule>" + "".join(element("inputEntry", each) for each in cells) + element("outputEntry", out) + "</rule>"
        for cells, out in rules
    )
    logic = f"<decisionTable>{heads}<output/>{rows}</decisionTable>"
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{arrows}{logic}</decision>'


def facts(inputs: dict[str, str]) -> str:
    return "".join(
        f'<inputData id="i_{each}" name="{each}"><variable name="{each}" typeRef="{kind}"/></inputData>'
        for each, kind in inputs.items()
    )


def one_table() -> None:
    inputs = {"score": "number", "sex": "string"}
    rules = [([band, sex], level) for band, sex, level in zip(BANDS, SEXES, LEVELS, strict=True)]
    data = (HEAD + facts(inputs) + decision("level", inputs, rules) + "</definitions>").encode()
    program = prepare(read(data))
    peer = {
        "title": "t",
        "hit_policy": "Unique",
        "inputs": {"cols": [{"id": "score"}, {"id": "sex"}], "rows": [cells for cells, _ in rules]},
        "outputs": {"cols": [{"id": "level"}], "rows": [[level] for level in LEVELS]},
    }
    case = {"score": 75, "sex": "girl"}
    assert evaluate(program, "level", case).value == decide_single_table(peer, case)[0]["level"]
    model = read(data)

    def anew() -> object:
        forget()
        return evaluate(prepare(model), "level", case)

    ours = best(lambda: evaluate(program, "level", case), repeat=20, times=100)
    kept = best(lambda: evaluate(prepare(model), "level", case), repeat=20, times=20)
    fresh = best(anew, repeat=20, times=5)
    theirs = best(lambda: decide_single_table(peer, case), repeat=40, times=2)
    print("8-rule table                           honrai us  bkflow us  ratio   (bkflow-dmn parses on each call)")
    for name, each in (("warm", ours), ("prepare + evaluate", kept), ("the same, texts never seen before", fresh)):
        print(f"  {name:36} {each * 1e6:9.0f}  {theirs * 1e6:9.0f}  {theirs / each:5.1f}")


def wide_table() -> tuple[Program, pl.DataFrame, pl.Expr]:
    """Return a 12-input, 30-rule table, a million rows for it, and the same table written by hand in Polars."""
    inputs = {
        f"x{number}": ("string" if number == 1 else "boolean" if number == 2 else "number") for number in range(12)
    }
    rules, chain = [], pl
    for row in range(30):
        low, words = row * 10, ('"a", "b"' if row % 2 else '"a", "b", "c"')
        limits = [(row * 7 + number) % 9 for number in range(3, 12)]
        cells = [f"[{low}..{low + 10})", words, "true" if row % 3 == 0 else "-", *(f"> {each}" for each in limits)]
        rules.append((cells, str(row * 100)))
        match = (pl.col("x0") >= low) & (pl.col("x0") < low + 10)
        match &= (pl.col("x1") == "a") | (pl.col("x1") == "b") if row % 2 else pl.col("x1").is_in(["a", "b", "c"])
        match = match & pl.col("x2") if row % 3 == 0 else match
        for number, each in enumerate(limits, start=3):
            match &= pl.col(f"x{number}") > each
        chain = chain.when(match).then(row * 100)
    data = (HEAD + facts(inputs) + decision("y", inputs, rules) + "</definitions>").encode()
    series = {}
    for number, kind in enumerate(inputs.values()):
        raw = pl.int_range(ROWS).hash(number) % (300 if number == 0 else 40)
        words = pl.select(raw % 4).to_series().replace_strict({0: "a", 1: "b", 2: "c", 3: "d"})
        series[f"x{number}"] = {
            "number": pl.select(raw.cast(pl.Int32)).to_series(),
            "string": words,
            "boolean": pl.select(raw % 2 == 0).to_series(),
        }[kind]
    return prepare(read(data)), pl.DataFrame(series), chain.otherwise(None)


def million_rows() -> None:
    program, frame, by_hand = wide_table()
    planned = columns(program, ["y"], frame.schema)
    assert planned.run(frame)["y"].equals(frame.select(by_hand.cast(pl.Int64).alias("y"))["y"])
    ours = best(lambda: planned.run(frame))
    theirs = best(lambda: frame.lazy().select(by_hand).collect())
    planning = best(lambda: columns(program, ["y"], frame.schema), repeat=3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"1,000,000 rows, 12 inputs, 30 rules: honrai {ours:.3f} s   hand-written {theirs:.3f} s   {ours / theirs:.2f} x"
    )
    print(
        f"planning once: {planning * 1000:.0f} ms; peak memory of the process {peak:.2f} GiB; threads {pl.thread_pool_size()}"
    )


def reading() -> None:
    inputs = {"score": "number", "sex": "string"}
    rules = [([band, sex], level) for band, sex, level in zip(BANDS, SEXES, LEVELS, strict=True)]
    body = "".join(decision(f"d{number}", inputs, rules) for number in range(30))
    data = (HEAD + facts(inputs) + body + "</definitions>").encode()
    print(
        f"reading 30 decisions of 8 rules ({len(data) // 1024} KiB): {best(lambda: read(data), repeat=25) * 1000:.1f} ms"
    )
    print(f"preparing them: {best(lambda: prepare(read(data)), repeat=15) * 1000:.1f} ms")


def main() -> None:
    """Print all tables."""
    print(f"Python {platform.python_version()}, polars {pl.__version__}, bkflow-dmn {version('bkflow-dmn')}")
    one_table()
    million_rows()
    reading()


if __name__ == "__main__":
    main()
