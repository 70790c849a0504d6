"""Every hit policy and aggregation, with no, one and several matching rows."""

from decimal import Decimal

import pytest

from honrai.engines.decision.case import Outcome, evaluate
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, input_data, table

ROWS = [">= 10 => 'b'", ">= 20 => 'a'", ">= 30 => 'b'"]
NUMBERS = [">= 10 => 1", ">= 20 => 2.5", ">= 30 => -4"]
VALUES = '"a", "b"'


def _run(rows: list[str], policy: str, x: object, output: str = "", **attributes: str) -> Outcome:
    rows = [row.replace("'", '"') for row in rows]
    logic = table(["x:number"], [output or f"y:string:{VALUES}"], rows, policy, **attributes)
    program = prepare(read(definitions(input_data("x") + decision("d", logic, "x"))))
    assert program.problems == ()
    return evaluate(program, "d", {"x": x})


@pytest.mark.parametrize(
    ("policy", "x", "expected"),
    [
        ("UNIQUE", 5, None),
        ("UNIQUE", 15, "b"),
        ("UNIQUE", 25, None),
        ("ANY", 15, "b"),
        ("ANY", 25, None),
        ("FIRST", 35, "b"),
        ("FIRST", 5, None),
        ("PRIORITY", 15, "b"),
        ("PRIORITY", 35, "a"),
        ("COLLECT", 35, ["b", "a", "b"]),
        ("COLLECT", 5, []),
        ("OUTPUT ORDER", 5, []),
        ("RULE ORDER", 35, ["b", "a", "b"]),
        ("OUTPUT ORDER", 35, ["a", "b", "b"]),
    ],
)
def test_hit_policies(policy: str, x: int, expected: object) -> None:
    assert _run(ROWS, policy, x).value == expected


@pytest.mark.parametrize(
    ("aggregation", "x", "expected"),
    [
        ("SUM", 35, "-0.5"),
        ("SUM", 15, "1"),
        ("COUNT", 35, "3"),
        ("COUNT", 5, "0"),
        ("SUM", 5, None),
        ("MIN", 35, "-4"),
        ("MAX", 35, "2.5"),
        ("MAX", 5, None),
    ],
)
def test_aggregations(aggregation: str, x: int, expected: str | None) -> None:
    value = _run(NUMBERS, "COLLECT", x, "y:number", aggregation=aggregation).value
    assert value == (None if expected is None else Decimal(expected))


def test_a_conflict_says_which_rows_meet() -> None:
    assert "1・2 行目" in _run(ROWS, "UNIQUE", 25).notices[0].what


def test_defaults_stand_in_when_nothing_matches() -> None:
    default = f'y:string:{VALUES}:"b"'
    assert _run(ROWS, "UNIQUE", 5, default).value == "b"
    assert _run(ROWS, "COLLECT", 5, default).value == ["b"]
    assert _run(ROWS, "UNIQUE", None, default).value == "b"


def test_several_outputs_are_a_context_ranked_column_by_column() -> None:
    outputs = ['y:string:"a", "b"', "z:number:2, 1"]
    rows = ['- => "b" | 2', '- => "a" | 1', '- => "a" | 2']
    logic = table(["x:number"], outputs, rows, "OUTPUT ORDER")
    program = prepare(read(definitions(input_data("x") + decision("d", logic, "x"))))
    found = evaluate(program, "d", {"x": 1}).value
    assert [(each["y"], int(each["z"])) for each in found] == [("a", 2), ("a", 1), ("b", 2)]  # type: ignore[attr-defined]


def test_a_value_outside_the_allowed_ones_gives_null_with_the_reason() -> None:
    logic = table(["x:number:[0..100]"], ["y"], ['- => "any"'])
    program = prepare(read(definitions(input_data("x") + decision("d", logic, "x"))))
    assert evaluate(program, "d", {"x": 100}).value == "any"
    refused = evaluate(program, "d", {"x": 101})
    assert refused.value is None
    assert "許される値" in refused.notices[0].what


def test_what_cannot_be_read_is_a_problem_and_null() -> None:
    logic = table(["x:number"], ["y"], ["> => 1", "5 => 2"])
    program = prepare(read(definitions(input_data("x") + decision("d", logic, "x"))))
    assert len(program.problems) == 1
    assert evaluate(program, "d", {"x": 5}).value == 2


def test_unknown_decisions_and_values_are_errors() -> None:
    program = prepare(read(definitions(input_data("x") + decision("d", table(["x"], ["y"], []), "x"))))
    with pytest.raises(DecisionError, match="nobody"):
        evaluate(program, "nobody", {})
    with pytest.raises(DecisionError, match="x"):
        evaluate(program, "d", {"x": object()})
