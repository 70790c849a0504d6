"""What is found before anything runs, and that nothing is claimed that could turn out true."""

import pytest

from honrai.engines.feel import parse, parse_unary_tests
from honrai.engines.feel.api import check, infer
from honrai.engines.feel.types import DATE, NUMBER, STRING, context_of, function_of, list_of

TYPES = {
    "年齢": NUMBER,
    "申請": context_of({"日": DATE, "氏名": STRING}, open=False),
    "明細": list_of(context_of({"額": NUMBER}, open=False)),
    "率": function_of((NUMBER,), NUMBER, ("額",)),
    "任意": context_of({}),
}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("年例 > 3", "unknown-name"),
        ('年齢 > "18"', "impossible-comparison"),
        ('年齢 between 1 and "18"', "impossible-comparison"),
        ('年齢 in ["a", "b"]', "impossible-comparison"),
        ("申請.日 < now()", "impossible-comparison"),
        ('申請.氏 = "x"', "unknown-entry"),
        ("申請.日.hour", "unknown-entry"),
        ("for i in 明細 return i.金", "unknown-entry"),
        ("明細[額 = true]", "impossible-comparison"),
        ("申請.日 + 1", "impossible-operation"),
        ("-申請.氏名", "impossible-operation"),
        ('substring("a")', "wrong-arity"),
        ("count(1, 2)", "wrong-arity"),
        ("率(1, 2)", "wrong-arity"),
        ("率(学: 1)", "wrong-parameter"),
        ("率(申請.氏名)", "wrong-argument"),
        ("substring(年齢, 1)", "wrong-argument"),
        ("if 年齢 then 1 else 2", "not-a-condition"),
        ("年齢 and true", "not-a-condition"),
        ("年齢 instance of tFoo", "unknown-type"),
        ("{a: 1, a: 2}", "duplicate-key"),
        ('@"2024-13-01"', "bad-literal"),
        ("年齢(1)", "not-a-function"),
        ('for i in "a".."b" return i', "impossible-loop"),
    ],
)
def test_a_mistake_is_found_with_its_place_and_remedy(text: str, code: str) -> None:
    problems = check(parse(text, names=TYPES), TYPES)

    assert [problem.code for problem in problems] == [code]
    assert problems[0].line == 1
    assert problems[0].remedy


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("年齢 + 1", "number"),
        ("年齢 > 18 and 申請.氏名 != null", "boolean"),
        ("申請.日 - 申請.日", "days and time duration"),
        ('申請.日 + duration("P1M")', "date"),
        ("明細.額", "list<number>"),
        ("明細[1].額", "number"),
        ("明細[額 > 3]", "list<context<額: number>>"),
        ("sort(明細, function(a, b) a.額 < b.額)[1].額", "number"),
        ("max(明細.額)", "number"),
        ("sum(明細.額)", "number"),
        ("string(年齢)", "string"),
        ("任意.何か > 1", "boolean"),
        ("{a: 1, b: a + 1}.b", "number"),
        ("years and months duration(申請.日, now()).years", "number"),
        ("for i in 1..3 return 率(i)", "list<number>"),
        ("if 年齢 > 1 then 1 else null", "number"),
        ("(function(x: number) x * 2)(年齢)", "number"),
        ('contains([申請.氏名], "a")', "boolean"),
    ],
)
def test_a_sound_expression_has_a_type_and_no_problem(text: str, type_: str) -> None:
    found, problems = infer(parse(text, names=TYPES), TYPES)

    assert problems == []
    assert str(found) == type_


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('"a"', ["impossible-comparison"]),
        ('not("a", 2)', ["impossible-comparison"]),
        ('["a".."b"]', ["impossible-comparison"]),
        ("? + 1", ["not-a-condition"]),
        ("? > 1 and ? < 申請.氏名", ["impossible-comparison"]),
        (">= 18", []),
        ("[1..5], 年齢", []),
        ("-", []),
        ('starts with(申請.氏名, "b")', []),
        ("申請.氏名", ["impossible-comparison"]),
    ],
)
def test_a_cell_is_checked_against_the_type_of_its_input(text: str, codes: list[str]) -> None:
    problems = check(parse_unary_tests(text), {**TYPES, "?": NUMBER})

    assert [problem.code for problem in problems] == codes


def test_a_close_name_is_suggested() -> None:
    problem = check(parse("年令 > 3"), TYPES)[0]

    assert "年齢" in problem.remedy


def test_full_width_signs_are_pointed_out() -> None:
    problem = check(parse("年齢＞１８"), TYPES)[0]

    assert problem.code == "unknown-name"
    assert "「＞」を半角に" in problem.remedy
