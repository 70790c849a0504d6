"""Names with spaces, signs, keywords and Japanese characters."""

import pytest

from honrai.engines.feel import FeelError, parse, parse_unary_tests
from honrai.engines.feel.nodes import Binary, Name, names_used


@pytest.mark.parametrize(
    ("text", "names", "scope", "value"),
    [
        ("a-b", ["a-b"], {"a-b": 5, "a": 1, "b": 1}, 5),
        ("a-b", [], {"a": 3, "b": 1}, 2),
        ("a - b", ["a-b"], {"a-b": 5, "a": 3, "b": 1}, 2),
        ("a-b-c", ["a-b"], {"a-b": 5, "c": 1}, 4),
        ("a-bc", ["a-b"], {"a": 5, "bc": 1}, 4),
        ("Student's name", ["Student's name"], {"Student's name": 1}, 1),
        ("Terms and Conditions", ["Terms and Conditions"], {"Terms and Conditions": 1}, 1),
        ("profit/loss + 1", ["profit/loss"], {"profit/loss": 1}, 2),
        ("世帯 人数 + 1", [], {"世帯 人数": 3}, 4),
        ("世帯　人数 + 1", [], {"世帯 人数": 3}, 4),
        ("世帯人数*2", [], {"世帯人数": 3}, 6),
        ("所得（前年）", ["所得（前年）"], {"所得（前年）": 7}, 7),
        ("申請.所得 - 申請.控除 額", [], {"申請": {"所得": 9, "控除 額": 4}}, 5),
        ("申請.a-b", ["a-b"], {"申請": {"a-b": 9}}, 9),
        ("count", ["count"], {"count": 3}, 3),
        ("date and time", ["date and time"], {"date and time": 3}, 3),
        ("for x-y in [1] return x-y + 1", [], {}, [2]),
        ("{a-b: 1, c: a-b + 1}.c", [], {}, 2),
        ("(function(a-b) a-b + 1)(4)", [], {}, 5),
        ("some i in [1], j-k in [i] satisfies j-k = 1", [], {}, True),
        ("{人 数: 2, 倍: 人 数 * 2}.倍", [], {}, 4),
        ("人々 + 〇", [], {"人々": 1, "〇": 2}, 3),
        ("髙﨑 + 𠮷", [], {"髙﨑": 1, "𠮷": 2}, 3),
    ],
)
def test_a_name_is_found(text: str, names: list[str], scope: dict[str, object], value: object) -> None:
    result = parse(text, names=names).evaluate(scope)

    assert result.value == value
    assert result.warnings == ()


def test_a_declared_name_ends_with_its_bracket() -> None:
    tree = parse("[{a-b: 1}, a-b]").ast

    assert names_used(tree) == {"a", "b"}


def test_positions_are_offsets_in_the_text() -> None:
    tree = parse("1 +\n 年齢").ast

    assert isinstance(tree, Binary)
    assert tree.right == Name(5, "年齢")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("1 +\n  )", 2, 3),
        ("[1, 2", 1, 6),
        ('"abc', 1, 1),
        ("a ; b", 1, 3),
        ("for x of y return x", 1, 5),
    ],
)
def test_a_mistake_names_its_place_and_remedy(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelError) as caught:
        parse(text, file="rules.dmn")

    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.remedy
    assert str(caught.value).startswith(f"rules.dmn:{line}:{column}: ")


@pytest.mark.parametrize(
    ("text", "value", "passes"),
    [
        ("-", 1, True),
        ("", None, True),
        ("< 18", 17, True),
        ("[18..65)", 65, False),
        ("(18..65]", 65, True),
        ("]18..65[", 18, False),
        ("1, 2, 3", 2, True),
        ("not(1, 2)", 2, False),
        ("not(1, 2)", 3, True),
        ("not(> 10)", 11, False),
        ('"甲", "乙"', "乙", True),
        ('"甲"', 1, None),
        ("? > 10 and ? < 20", 15, True),
        ("not(? > 10)", 15, False),
        ("null", None, True),
        ("null", 1, False),
        ("limit", 3, True),
        ("> limit", 4, True),
        ("[1..limit]", 3, True),
        ("[[1, 2], [3]]", [3], True),
        ("true", False, False),
        ('starts with(name, "山")', 1, True),
        ("list contains(?, 2)", [1, 2], True),
        ('date("2026-04-01")', None, False),
        ('>= date("2026-04-01")', "2026", None),
    ],
)
def test_a_cell_passes_or_not(text: str, value: object, passes: bool | None) -> None:
    assert parse_unary_tests(text).evaluate(value, {"limit": 3, "name": "山田"}).value is passes
