"""Findings of small tables by hand, and of random tables against trying every case."""

import itertools
import random
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.engines.decision.case import evaluate
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.proof.check import Finding, check
from honrai.engines.decision.read import read
from honrai.engines.decision.run import Run
from honrai.engines.decision.tests.build import decision, definitions, input_data, literal, table
from honrai.engines.feel.values import Date

WHOLE = (
    '<itemDefinition name="whole"><typeRef>number</typeRef><allowedValues><text>floor(?) = ?</text></allowedValues>'
    "</itemDefinition>"
)


def program(inputs: str, rules: list[str], policy: str = "UNIQUE", output: str = "y", more: str = "") -> Program:
    names = [each.split(":")[0] for each in inputs.split("; ")]
    facts = "".join(input_data(name, each.split(":")[1]) for name, each in zip(names, inputs.split("; "), strict=True))
    rules = [each.replace("'", '"') for each in rules]
    logic = table(inputs.replace("'", '"').split("; "), [output.replace("'", '"')], rules, policy)
    return prepare(read(definitions(more + facts + decision("d", logic, " ".join(names)))))


def findings(*args: str, **kwargs: object) -> list[Finding]:
    return list(check(program(*args, **kwargs)))  # type: ignore[arg-type]


def example(finding: Finding) -> list[object]:
    return [each.value for each in finding.example]


def test_a_gap_is_shown_by_its_smallest_case() -> None:
    rules = ["< 18 | - => 1", ">= 18 | < 2080000 => 2", ">= 18 | > 2080000 => 3"]
    (found,) = findings("年齢:whole; 所得:whole", rules, more=WHOLE)
    assert found.sort == "gap"
    assert example(found) == [18, 2080000]
    assert found.message == "年齢 18・所得 2,080,000 に当てはまる行がありません。"
    assert found.region == ("年齢: 18以上", "所得: 2,080,000")


@pytest.mark.parametrize(
    ("domain", "rules", "witness"),
    [
        ("x:number", ["< 5 => 1", "> 5 => 2"], Decimal(5)),
        ("x:number", ["<= 5 => 1", ">= 6 => 2"], Decimal("5.1")),
        ("x:whole", ["<= 5 => 1", ">= 6 => 2"], None),
        ("x:number:[0..10]", ["[0..5] => 1", "]5..10[ => 2"], Decimal(10)),
        ("x:number:[0..10]", ["[0..5] => 1", "(5..10] => 2"], None),
        ("x:number", ["> 0 => 1"], Decimal(-1)),
        ("x:number:1, 2, 3", ["1 => 1", "3 => 2"], Decimal(2)),
        ("x:date", ['< date("2024-04-01") => 1', '> date("2024-04-01") => 2'], Date(2024, 4, 1)),
        ("x:date", ['<= date("2024-03-31") => 1', '>= @"2024-04-01" => 2'], None),
        ("x:boolean", ["true => 1"], False),
        ("x:string:'a', 'b', 'c'", ["'a', 'c' => 1"], "b"),
        ("x:string", ["'a', 'c' => 1"], "その他"),
        ("x:string", ["'a' => 1", "not('a') => 2"], None),
        ("x:number", ["null => 1", "< 0 => 2", ">= 0 => 3"], None),
        ("x:number", ["not(null) => 1"], "null"),
        ("x:number", ["? > 3 and ? <= 5 => 1", "not(? > 3 and ? <= 5) => 2"], None),
        ("x:number", ["? between 1 and 3 or ? > 7 => 1", "< 1, (3..7] => 2"], None),
        ("x:years and months duration", ['< @"P1Y" => 1', '> @"P12M" => 2'], "P1Y"),
    ],
)
def test_gaps_of_one_column(domain: str, rules: list[str], witness: object) -> None:
    found = findings(domain, rules, more=WHOLE)
    if witness is None:
        assert found == []
        return
    assert [each.sort for each in found] == ["gap"]
    shown = example(found[0])[0]
    assert shown == witness or str(shown) == witness or (witness == "null" and shown is None)


def test_overlaps_contradict_by_policy() -> None:
    rules = ["<= 10 => 'a'", ">= 10 => 'b'", "100 => 'b'"]
    found = findings("x:number", rules)
    assert [(each.sort, each.rules, example(each)) for each in found] == [
        ("overlap", (1, 2), [10]),
        ("overlap", (2, 3), [100]),
    ]
    assert [each.rules for each in findings("x:number", rules, "ANY")] == [(1, 2)]
    assert findings("x:number", rules, "COLLECT") == []


def test_rows_that_can_never_be_chosen() -> None:
    rules = ["> 10 => 'a'", "<= 10 => 'b'", "(20..30) => 'a'"]
    assert [(each.sort, each.rules) for each in findings("x:number", rules, "FIRST")] == [("unreachable", (3,))]
    ranked = findings("x:number", rules, "PRIORITY", "y:string:'b', 'a'")
    assert ranked == []
    masked = findings("x:number", ["- => 'b'", "> 0 => 'a'"], "PRIORITY", "y:string:'b', 'a'")
    assert [(each.sort, each.rules) for each in masked] == [("unreachable", (2,))]
    empty = findings("x:number:[0..10]", ["[0..10] => 'a'", "> 20 => 'b'"])
    assert [(each.sort, each.rules) for each in empty] == [("unreachable", (2,))]


def test_rows_that_no_value_fits_contradict_nothing() -> None:
    found = findings("x:number:[0..1]", ["> 5 => 'a'", "> 6 => 'b'"])
    assert [each.sort for each in found] == ["gap", "unreachable", "unreachable"]


def test_what_cannot_be_proved_is_named() -> None:
    cases = [
        ("x:number; z:number", ["> z | - => 1"], "z"),
        ("x:number", ["> p.limit => 1"], "p の値"),
        ("x:date", ["< today() => 1"], "現在日時"),
        ("x:number", ["? * ? > 3 => 1"], "定数と比べる"),
        ("x:string", ["< 'm' => 1"], "大小"),
        ("x:Any", ["> 1 => 1"], "型が宣言されていない"),
        ("x:number", ["'a' => 1"], "別の型"),
    ]
    for inputs, rules, words in cases:
        found = [each for each in findings(inputs, rules) if each.sort != "problem"]
        assert [each.sort for each in found] == ["not-provable"], inputs
        assert words in found[0].message


def test_texts_that_can_only_be_null_are_found_before_running() -> None:
    person = '<itemDefinition name="person"><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    facts = input_data("who", "person") + input_data("x")
    texts = ["who.agee + 1", "xx + 1", "p.limt * 2", 'x < "a"', "floor(x, 1, 2)", "who.age + x + p.limit"]
    body = "".join(decision(f"d{place}", literal(text), "who x") for place, text in enumerate(texts))
    found = check(prepare(read(definitions(person + facts + body))), parameters={"limit": 1})
    assert [(each.sort, each.element) for each in found] == [("problem", f"d{place}") for place in range(5)]


def test_parameters_are_constants_of_their_date() -> None:
    made = program("x:number", ["< p.limit => 1", "> p.limit => 2"])
    (found,) = check(made, parameters={"limit": 300})
    assert example(found) == [300]


def test_the_same_expression_in_two_columns_is_one_column() -> None:
    logic = table(["x:number", "x:number"], ["y"], [">= 0 | < 10 => 1", ">= 10 | - => 2", "< 0 | - => 3"])
    made = prepare(read(definitions(input_data("x") + decision("d", logic, "x"))))
    assert check(made) == ()


# -- random tables ------------------------------------------------------------------------------------------------

NUMBERS = [Decimal(n) / 2 for n in range(-1, 8)]
CELLS = {
    "n": st.one_of(
        st.just("-"),
        st.builds("{}{}".format, st.sampled_from(["< ", "<= ", "> ", ">= ", "", "!= "]), st.integers(0, 3)),
        st.builds(
            lambda a, b, low, high: f"{low}{min(a, b)}..{max(a, b)}{high}",
            st.integers(0, 3),
            st.integers(0, 3),
            st.sampled_from("[("),
            st.sampled_from("])"),
        ),
        st.builds("not({})".format, st.integers(0, 3)),
        st.builds("{}, > {}".format, st.integers(0, 3), st.integers(0, 3)),
        st.just("null"),
    ),
    "s": st.sampled_from(["-", '"a"', '"b"', '"a", "b"', 'not("a")', "null"]),
    "b": st.sampled_from(["-", "true", "false", "not(true)"]),
}
VALUES = {"n": NUMBERS, "s": ["a", "b", "z"], "b": [False, True]}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Program, int]:
    rows = draw(st.lists(st.tuples(CELLS["n"], CELLS["s"], CELLS["b"], st.integers(1, 2)), min_size=1, max_size=6))
    policy = draw(st.sampled_from(["UNIQUE", "ANY", "FIRST"]))
    rules = [f"{n} | {s} | {b} => {y}" for n, s, b, y in rows]
    logic = table(["n:number", "s:string", "b:boolean"], ["y"], rules, policy)
    facts = input_data("n") + input_data("s", "string") + input_data("b", "boolean")
    return prepare(read(definitions(facts + decision("d", logic, "n s b")))), len(rules)


@given(tables())
@settings(max_examples=150, deadline=None)
def test_random_tables_against_trying_every_case(made: tuple[Program, int]) -> None:
    program, count = made
    compiled = program.compilers["urn:test"].tables[0][1]
    found = check(program)
    nullable = ["null" in "".join(rule.inputs[c].text for rule in compiled.node.rules) for c in range(3)]
    columns = [[*VALUES[name], *([None] if null else [])] for name, null in zip("nsb", nullable, strict=True)]
    hits = {case: _matching(program, case) for case in itertools.product(*columns)}
    policy = compiled.node.hit_policy

    assert any(each.sort == "gap" for each in found) == any(not rows for rows in hits.values())
    for each in found:
        if each.sort == "gap":
            assert _matching(program, _case(each, compiled.node)) == []
    met = {pair for rows in hits.values() for pair in itertools.combinations(rows, 2)}
    if policy == "ANY":
        texts = [rule.outputs[0].text for rule in compiled.node.rules]
        met = {(one, other) for one, other in met if texts[one - 1] != texts[other - 1]}
    if policy != "FIRST":
        assert {each.rules for each in found if each.sort == "overlap"} == met
    dead = {each.rules[0] for each in found if each.sort == "unreachable"}
    alive = (
        {rows[0] for rows in hits.values() if rows}
        if policy == "FIRST"
        else {r for rows in hits.values() for r in rows}
    )
    assert dead == set(range(1, count + 1)) - alive


def _case(finding: Finding, node: object) -> tuple[object, ...]:
    shown = {each.column: each.value for each in finding.example}
    return tuple(shown.get(name, VALUES[name][0]) for name in "nsb")


def _matching(program: Program, case: tuple[object, ...]) -> list[int]:
    """Return the rows that hold, found by asking the table under COLLECT for row numbers."""
    compiled = program.compilers["urn:test"].tables[0][1]
    run, scope = Run.start(), {}
    found = []
    for number, line in enumerate(compiled.lines, start=1):
        values = dict(zip((0, 1, 2), case, strict=True))
        if all(cell.test(values[column], dict(scope), run) is True for column, cell in line.cells):
            found.append(number)
    return found


def test_evaluation_agrees_with_the_proof_on_null() -> None:
    made = program("x:number", ["not(5) => 1"])
    assert evaluate(made, "d", {"x": None}).value == 1


def _split(count: int, columns: int) -> list[list[tuple[int, int]]]:
    """Return boxes that divide a cube without gap or overlap."""
    dice = random.Random(7)
    boxes = [[(0, 1000)] * columns]
    while len(boxes) < count:
        place, column = dice.randrange(len(boxes)), dice.randrange(columns)
        low, high = boxes[place][column]
        if high - low < 2:
            continue
        middle = dice.randrange(low + 1, high)
        one, other = list(boxes[place]), list(boxes[place])
        one[column], other[column] = (low, middle), (middle, high)
        boxes[place] = one
        boxes.append(other)
    return boxes


@pytest.mark.parametrize("missing", [0, 1])
def test_twelve_inputs_and_five_hundred_rows_within_two_seconds(missing: int) -> None:
    rows = [
        " | ".join("-" if cell == (0, 1000) else f"[{cell[0]}..{cell[1]})" for cell in box) + " => 1"
        for box in _split(500 + missing, 12)[missing:]
    ]
    made = program("; ".join(f"x{number}:number:[0..1000)" for number in range(12)), rows)
    start = time.process_time()
    found = check(made)
    assert time.process_time() - start < 2
    assert [each.sort for each in found] == ["gap"] * missing
