"""An explanation names the rows and inputs that mattered, and they alone give the same result again."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.engines.decision.case import evaluate
from honrai.engines.decision.explain import explain
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, input_data, literal, table

FACTS = input_data("年齢") + input_data("所得") + input_data("区分", "string")


def program() -> Program:
    grade = table(
        ["所得:number", "区分:string"],
        ["等級:string"],
        ['- | "生活保護" => "A" // 生活保護受給のため', '< 100 | - => "A" // 低所得のため', '- | - => "B" // その他'],
        "FIRST",
    )
    rules = ['< 18 | "A" => 0 // 第5条', '< 18 | "B" => p.負担 // 第6条', ">= 18 | - => null // 対象外"]
    logic = table(["年齢:number", "等級:string"], ["負担額:number"], rules)
    body = FACTS + decision("等級", grade, "所得 区分") + decision("負担額", logic, "年齢", needs="等級")
    return prepare(read(definitions(body + decision("通知", literal('"負担額は" + string(負担額)'), needs="負担額"))))


def test_rows_reasons_facts_and_inputs_that_mattered() -> None:
    inputs = {"年齢": 3, "所得": 500, "区分": "生活保護"}
    found = explain(program(), "負担額", inputs, parameters={"負担": 200})
    assert found.value == 0
    assert found.inputs == {"年齢": Decimal(3), "区分": "生活保護"}
    assert found.reasons == ("第5条", "生活保護受給のため")
    grade, fee = found.steps
    assert (grade.decision, [each.row for each in grade.fired]) == ("等級", [1])
    assert fee.fired[0].annotations == (("理由", "第5条"),)
    assert [(each.column, each.cell, each.value) for each in fee.fired[0].conditions] == [
        ("年齢", "< 18", 3),
        ("等級", '"A"', "A"),
    ]
    assert {each.name: each.value for each in fee.facts} == {"年齢": 3, "等級": "A"}


def test_what_only_an_unused_branch_needs_does_not_matter() -> None:
    found = explain(program(), "負担額", {"年齢": 40, "所得": 500, "区分": "なし"})
    assert found.inputs == {"年齢": 40}
    assert [each.decision for each in found.steps] == ["負担額"]
    assert found.reasons == ("対象外",)


def test_inputs_that_keep_earlier_rows_out_matter() -> None:
    found = explain(program(), "等級", {"年齢": 1, "所得": 500, "区分": "なし"})
    assert found.inputs == {"所得": 500, "区分": "なし"}


def test_a_formula_rests_on_what_it_names() -> None:
    found = explain(program(), "通知", {"年齢": 3, "所得": 1, "区分": "x"}, parameters={"負担": 200})
    assert [each.decision for each in found.steps] == ["等級", "負担額", "通知"]
    assert found.steps[-1].text == '"負担額は" + string(負担額)'


CELLS = st.sampled_from(["-", "-", "< 2", ">= 2", "1", "not(1)", "not(null)"])
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, st.sampled_from("uvw")), min_size=1, max_size=5)
POLICIES = st.sampled_from(["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
VALUES = st.sampled_from([None, 0, 1, 2, 3])


@given(ROWS, POLICIES, st.booleans(), st.tuples(VALUES, VALUES, VALUES), st.tuples(VALUES, VALUES, VALUES))
@settings(max_examples=300, deadline=None)
def test_the_inputs_that_mattered_fix_the_result(
    rows: list[tuple[str, ...]], policy: str, default: bool, case: tuple[object, ...], other: tuple[object, ...]
) -> None:
    rules = [f'{a} | {b} | {c} => "{y}"' for a, b, c, y in rows]
    output = 'y:string:"w", "u", "v"' + (':"u"' if default else "")
    facts = "".join(input_data(name) for name in "abc")
    inner = decision("c2", literal("c"), "c")
    logic = table(["a:number", "b:number", "c2:number"], [output], rules, policy)
    made = prepare(read(definitions(facts + inner + decision("z", logic, "a b", needs="c2"))))
    inputs = dict(zip("abc", case, strict=True))
    found = explain(made, "z", inputs)
    assert found.value == evaluate(made, "z", inputs).value
    assert evaluate(made, "z", found.inputs).value == found.value
    changed = dict(zip("abc", other, strict=True)) | found.inputs
    assert evaluate(made, "z", changed).value == found.value
