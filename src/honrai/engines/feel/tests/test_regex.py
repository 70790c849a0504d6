"""Regular expressions as XPath defines them."""

import pytest

from honrai.engines.feel import parse
from honrai.engines.feel.regex import compile_pattern
from honrai.engines.feel.runtime import Invalid, Runtime


def found(pattern: str, flags: str, text: str) -> str | None:
    match = compile_pattern(pattern, flags).search(text, Runtime())
    return None if match is None else text[match.start : match.end]


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("a*?b", "", "xaab", "aab"),
        ("^b$", "", "a\nb", None),
        ("^b$", "m", "a\nb", "b"),
        ("b$", "", "b\n", None),
        (".", "", "\n", None),
        (".", "s", "\n", "\n"),
        ("a b # c", "x", "ab#c", "ab#c"),
        ("[ a]b", "x", " b", " b"),
        ("a.c", "q", "abc", None),
        ("A.C", "qi", "xa.c", "a.c"),
        ("[A-Z-[OI]]+", "", "OABIC", "AB"),
        ("[A-Z-[OI]]", "i", "o", None),
        ("[A-Z]", "i", "\u212a", "\u212a"),
        (r"\p{Lu}", "i", "m", None),
        ("[^Q]", "i", "q", None),
        (r"(.)\1", "", "hello", "ll"),
        (r"(.)\1", "i", "xaA", "aA"),
        (r"(a)|b\1", "", "b", "b"),
        (r"(a(b)?)+\2c", "", "ababbc", "ababbc"),
        (r"(?:a|b)+(.)\1", "", "abcc", "abcc"),
        (r"[\w-]+@[\d.]+", "", "x a-b@1.2", "a-b@1.2"),
        (r"\p{IsHiragana}+", "", "漢あい", "あい"),
        (r"\p{IsKatakana}+\P{L}", "", "あカナ1", "カナ1"),
        (r"[\i-[:]][\c-[:]]*", "", "1a-b:c", "a-b"),
        (r"[^\S]", "", "a b", " "),
        (r"[\D]", "", "1a", "a"),
        (r"[\W]", "", "a!", "!"),
        ("[a-]+", "", "x-a", "-a"),
        ("日本.", "", "日本語", "日本語"),
        ("𠮷+", "", "a𠮷𠮷", "𠮷𠮷"),
        ("a{2,3}", "", "aaaa", "aaa"),
        ("a{2}", "", "aaaa", "aa"),
        ("a{2,}?", "", "aaaa", "aa"),
        ("x|", "", "y", ""),
    ],
)
def test_a_pattern_matches(pattern: str, flags: str, text: str, expected: str | None) -> None:
    assert found(pattern, flags, text) == expected


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[a", "a{2,1}", "a{,2}", "a**", "*a", "a{", "{", "}", "]", r"\b", r"\1", r"(a\1)", r"(a)[\1]", "(?i)a",
     "(?=a)", "[b-a]", "[a-[b]c]", r"\p{Foo}", r"\p{IsFoo}", r"\pL", "[]", "\\", "a{2000}", "[a-z-d]"],
)  # fmt: skip
def test_what_xpath_does_not_allow_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        compile_pattern(pattern, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("abc", "b", "$0$0")', "abbc"),
        ('replace("abc", "(b)", "$12")', "ab2c"),
        ('replace("abc", "b", "\\\\$1")', "a$1c"),
        ('replace("a.c", ".", "$", "q")', "a$c"),
        ('replace("abc", "b", "$")', None),
        ('replace("abc", "b", "\\\\x")', None),
        ('replace("abc", "x*", "-")', None),
        ('replace("abab", "(a)\\\\1?", "<$1>")', "<a>b<a>b"),
        ('replace("abc", "[a-z]", "x", "z")', None),
    ],
)
def test_replacements_name_groups(text: str, expected: str | None) -> None:
    assert parse(text).evaluate().value == expected
