"""Columns give what one case gives, on every row; what they cannot keep exact they name beforehand."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from honrai.engines.decision.case import evaluate
from honrai.engines.decision.columns.plan import plan
from honrai.engines.decision.columns.values import ColumnsError
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, input_data, literal, table
from honrai.engines.feel.values import to_feel

ITEM = '<itemDefinition name="{}"><typeRef>{}</typeRef><allowedValues><text>{}</text></allowedValues></itemDefinition>'
TYPES = (
    ITEM.format("yen", "number", "[-1000..1000]")
    + ITEM.format("rate", "number", "[-2.50..2.50]")
    + ITEM.format("grade", "string", '"a", "b", "c"')
)
INPUTS = {"x": "yen", "y": "yen", "r": "rate", "s": "grade", "b": "boolean", "d": "date"}
FRAME = {
    "x": pl.Int64(),
    "y": pl.Int32(),
    "r": pl.Decimal(10, 2),
    "s": pl.String(),
    "b": pl.Boolean(),
    "d": pl.Date(),
}
WHOLE = st.one_of(
    st.none(), st.sampled_from([-1000, -3, -2, -1, 0, 1, 2, 3, 5, 999, 1000, 1001]), st.integers(-1000, 1000)
)
HUNDREDTHS = st.one_of(st.sampled_from([-250, -50, -5, 0, 5, 50, 125, 250, 251]), st.integers(-250, 250))
CENTS = st.one_of(st.none(), HUNDREDTHS.map(lambda n: Decimal(n) / 100))
ROW = st.fixed_dictionaries(
    {
        "x": WHOLE,
        "y": WHOLE,
        "r": CENTS,
        "s": st.sampled_from([None, "a", "b", "c", "q"]),
        "b": st.sampled_from([None, True, False]),
        "d": st.one_of(st.none(), st.dates(dt.date(2023, 12, 25), dt.date(2024, 3, 5))),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=12)


def program(logic: str, more: str = "") -> Program:
    facts = "".join(input_data(name, kind) for name, kind in INPUTS.items())
    made = prepare(read(definitions(TYPES + facts + more + decision("z", logic, " ".join(INPUTS)))))
    assert made.problems == ()
    return made


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series([row[name] for row in rows], dtype=kind) for name, kind in FRAME.items()})


def assert_same(made: Program, rows: list[dict[str, object]], **parameters: object) -> None:
    planned = plan(made, ["z"], FRAME, parameters=parameters or None)
    found = planned.run(frame(rows))
    for number, row in enumerate(rows):
        one = evaluate(made, "z", row, parameters=parameters or None).value
        for output in planned.outputs:
            cell = to_feel(output.value(found[output.name][number]))
            path = output.name.split(".")[1:]
            expected = one
            for name in path:
                expected = None if expected is None else expected[name]  # type: ignore[index]
            assert cell == expected, (row, output.name)


def assert_same_or_too_large(text: str, rows: list[dict[str, object]]) -> None:
    made = program(literal(text))
    try:
        plan(made, ["z"], FRAME, parameters={"rate": Decimal("1.05")})
    except ColumnsError as error:
        assume("64 ビット" not in error.problem)
        raise
    assert_same(made, rows, rate=Decimal("1.05"))


# -- formulas -----------------------------------------------------------------------------------------------------

NUMBERS = st.recursive(
    st.sampled_from(["x", "y", "r", "0", "1", "-3", "0.5", "2.25", "p.rate", "null", "d.day"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("abs({})".format, inner),
        st.builds("if {} > {} then {} else {}".format, inner, inner, inner, inner).map("({})".format),
        st.builds(
            "{}({} / {}, {})".format,
            st.sampled_from(
                ["floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal"]
            ),
            st.sampled_from(["x", "y", "r", "(x * r)", "(x + y)", "100"]),
            st.sampled_from(["y", "r", "3", "-7", "0.04", "0", "(x - y)", "p.rate"]),
            st.sampled_from(["0", "1", "2", "-1", "-2"]),
        ),
        st.builds("{}({}, {})".format, st.sampled_from(["floor", "round half up", "decimal"]), inner, st.just("0")),
    ),
    max_leaves=4,
)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS),
        st.sampled_from(
            [
                "b",
                "not(b)",
                's = "a"',
                's in ("a", "c")',
                "x between y and 10",
                'd >= date("2024-02-29")',
                "d.month = 2",
                "x in [1..5)",
                "x in (< 0, > 100)",
                "b = null",
                "x != null",
                'contains(s, "a")',
                's + "x" = "ax"',
                "null",
                "r in [0.05..0.5]",
                "r > 0.005",
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner), st.builds("not({})".format, inner)
    ),
    max_leaves=4,
)


@given(NUMBERS, ROWS)
@settings(max_examples=200, deadline=None)
def test_numbers_are_equal_on_every_row(text: str, rows: list[dict[str, object]]) -> None:
    assert_same_or_too_large(text, rows)


@given(CONDITIONS, ROWS)
@settings(max_examples=150, deadline=None)
def test_conditions_are_equal_on_every_row(text: str, rows: list[dict[str, object]]) -> None:
    assert_same_or_too_large(text, rows)


@pytest.mark.parametrize(
    "mode", ["floor", "ceiling", "round up", "round down", "round half up", "round half down", "decimal"]
)
def test_rounding_of_ties_negatives_and_zero_divisors(mode: str) -> None:
    rows = [
        {"x": a, "y": b, "r": Decimal(c) / 100, "s": "a", "b": True, "d": None}
        for a in (-15, -5, -1, 0, 1, 5, 15, 25, 1000)
        for b in (-10, -2, 0, 2, 10)
        for c in (-250, -5, 0, 5, 15, 250)
    ]
    for text in (
        f"{mode}(x / y, 0)",
        f"{mode}(x * r / y, 1)",
        f"{mode}(x / r, 2)",
        f"{mode}(r, 1)",
        f"{mode}(x / y, -1)",
    ):
        assert_same(program(literal(text)), rows)


# -- tables -------------------------------------------------------------------------------------------------------

CELLS = st.tuples(
    st.sampled_from(["-", "< 3", ">= 3", "[0..5)", "1, 2", "not(0)", "null", "< y", "p.limit", "> p.limit", "!= 2"]),
    st.sampled_from(["-", '"a"', '"a", "b"', 'not("a")', "null", '"zz"']),
    st.sampled_from(["-", "true", "false", "not(true)", "x > 1"]),
    st.sampled_from(["-", '< date("2024-01-01")', '[@"2024-01-01"..@"2024-02-01")', '? > @"2024-02-28" and b']),
)
OUTPUTS = st.sampled_from(["1", "2.5", "-4", "null", "x * r", "x + 0.25", "p.limit"])


@st.composite
def tables(draw: st.DrawFn) -> str:
    policy, aggregation = draw(
        st.sampled_from(
            [
                ("UNIQUE", ""),
                ("FIRST", ""),
                ("COLLECT", "SUM"),
                ("COLLECT", "COUNT"),
                ("COLLECT", "MIN"),
                ("COLLECT", "MAX"),
            ]
        )
    )
    rows = draw(st.lists(st.tuples(CELLS, OUTPUTS), min_size=1, max_size=5))
    rules = [" | ".join(cells) + f" => {output}" for cells, output in rows]
    output = draw(st.sampled_from(["y:number", "y:number::7", "y:number::x"]))
    extra = {"aggregation": aggregation} if aggregation else {}
    inputs = draw(st.sampled_from([["x", "s", "b", "d"], ["x::[0..500]", "s", "b", "d"]]))
    return table(inputs, [output], rules, policy, **extra)


@given(tables(), ROWS)
@settings(max_examples=200, deadline=None)
def test_tables_are_equal_on_every_row(logic: str, rows: list[dict[str, object]]) -> None:
    assert_same(program(logic), rows, limit=2)


@pytest.mark.parametrize(
    ("policy", "outputs"),
    [("ANY", ["y:string", "n:number"]), ("PRIORITY", ['y:string:"v", "u"', "n:number:1, 2"]), ("UNIQUE", ["y", "n"])],
)
def test_several_outputs_and_order(policy: str, outputs: list[str]) -> None:
    rules = ['< 3 | - => "u" | 1', '> 1 | "a" => "v" | 2', '2 | "b" => "u" | 1', '> 5 | - => "v" | 2.5']
    rows = [
        {"x": x, "y": 0, "r": None, "s": s, "b": None, "d": None} for x in (None, 0, 2, 4, 9) for s in (None, "a", "b")
    ]
    assert_same(program(table(["x", "s"], outputs, rules, policy)), rows)


def test_chains_contexts_and_knowledge_models() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="tax"><variable name="tax"/><encapsulatedLogic>'
        f'<formalParameter name="a" typeRef="yen"/>{literal("floor(a * 8 / 100)")}</encapsulatedLogic></businessKnowledgeModel>'
    )
    entry = '<contextEntry><variable name="{}"/>{}</contextEntry>'
    result = f"<context>{entry.format('net', literal('x + y'))}{entry.format('tax', literal('tax(net)'))}</context>"
    more = knowledge + decision("m", result, "x y", knows="k")
    facts = "".join(input_data(name, kind) for name, kind in INPUTS.items())
    body = TYPES + facts + more + decision("z", literal("m.net + m.tax"), "", needs="m")
    made = prepare(read(definitions(body)))
    rows = [{"x": x, "y": y, "r": None, "s": None, "b": None, "d": None} for x in (1, 250, -40) for y in (0, 13, None)]
    assert_same(made, rows)
    assert [each.name for each in plan(made, ["m"], FRAME).outputs] == ["m.net", "m.tax"]


REFUSED = {
    "x / y": "割り算",
    "floor(x / y * 2)": "割り算",
    "x ** 2": "**",
    "count([x, y])": "count",
    "for i in [x] return i": "for",
    "now()": "now",
    "s < 1": "型の違う",
    'if b then x else "a"': "型の違う",
    "decimal(x / y, x)": "端数処理の桁",
    "x * x * x * x * x * x * x": "64 ビット",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_exact_is_named_before_running(text: str) -> None:
    with pytest.raises(ColumnsError) as caught:
        plan(program(literal(text)), ["z"], FRAME)
    assert REFUSED[text] in caught.value.problem
    assert caught.value.element == "「z」"
    assert caught.value.line


def test_frames_that_cannot_be_exact_are_refused() -> None:
    made = program(literal("x"))
    with pytest.raises(ColumnsError, match="Float64"):
        plan(made, ["z"], FRAME | {"x": pl.Float64()})
    with pytest.raises(ColumnsError, match="列がありません"):
        plan(made, ["z"], {name: kind for name, kind in FRAME.items() if name != "x"})
    with pytest.raises(ColumnsError, match="boolean"):
        plan(made, ["z"], FRAME | {"x": pl.Boolean()})


def test_results_of_undeclared_range_are_refused_by_name() -> None:
    facts = input_data("x")
    made = prepare(read(definitions(facts + decision("z", literal("x * 2"), "x"))))
    with pytest.raises(ColumnsError, match="64 ビット"):
        plan(made, ["z"], {"x": pl.Int64()})
    assert plan(made, ["z"], {"x": pl.Int32()}).outputs[0].kind == "number"


@pytest.mark.slow
def test_a_million_rows_through_twelve_inputs_and_thirty_rules() -> None:
    rules = [
        f"[{row * 10}..{row * 10 + 10}) | " + " | ".join(f"> {(row * 7 + c) % 9}" for c in range(11)) + f" => {row}"
        for row in range(30)
    ]
    names = [f"x{number}" for number in range(12)]
    facts = "".join(map(input_data, names))
    made = prepare(read(definitions(facts + decision("z", table(names, ["y:number"], rules), " ".join(names)))))
    rows = 1_000_000
    data = pl.select(
        [
            (pl.int_range(rows).hash(seed) % (300 if seed == 0 else 50)).cast(pl.Int32).alias(n)
            for seed, n in enumerate(names)
        ]
    )
    planned = plan(made, ["z"], data.schema)
    planned.run(data)
    start = time.process_time()
    found = planned.run(data)
    # Two cores share the work: half a second of the clock is at most a second of their time.
    assert time.process_time() - start < 1.0
    assert found.height == rows
    for row in range(0, rows, 200_000):
        case = data.row(row, named=True)
        one = evaluate(made, "z", case).value
        assert found["z"][row] == (None if one is None else int(one))  # type: ignore[call-overload]
