"""The alphabet of FEEL: keywords, signs, and the patterns that the lexer cuts by."""

from __future__ import annotations

import re
from typing import NamedTuple

from .names import WORD

KEYWORDS = {
    "and": "AND", "between": "BETWEEN", "else": "ELSE", "every": "SOME", "false": "KEYWORD_LITERAL", "for": "FOR",
    "function": "FUNCTION", "if": "IF", "in": "IN", "instance": "INSTANCE", "null": "KEYWORD_LITERAL", "or": "OR",
    "return": "RETURN", "satisfies": "SATISFIES", "some": "SOME", "then": "THEN", "true": "KEYWORD_LITERAL",
}  # fmt: skip
KEYWORD_SET = frozenset(KEYWORDS)
LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}
# After these a new operand begins, so "]" there opens a range.
OPERATORS = frozenset(
    [
        "OR",
        "AND",
        "COMPARE",
        "EQUALS",
        "BETWEEN",
        "IN",
        "LPAR",
        "LBRACK",
        "LOPEN",
        "COMMA",
        "COLON",
        "DOTDOT",
        "PLUS",
        "MINUS",
        "TIMES",
        "POWER",
        "IF",
        "THEN",
        "ELSE",
        "RETURN",
        "SATISFIES",
        "EXTERNAL",
        "NOT",
    ]
)
OPERAND_ENDS = frozenset(
    ["NAME", "RPAR", "RBRACK", "RBRACE", "ROPEN", "EMPTY", "NUMBER", "STRING", "KEYWORD_LITERAL", "AT_LITERAL", "TYPE"]
)

TOKEN = re.compile(
    rf"""[\s\ufeff]*(?:
    (?P<word>{WORD.pattern})
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>.,:])
    |(?P<bracket>[()\[\]{{}}])
    |(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<at>@\s*"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<end>$))""",
    re.VERBOSE | re.DOTALL,
)
SIGNS = {
    "**": "POWER", "..": "DOTDOT", "<=": "COMPARE", ">=": "COMPARE", "<": "COMPARE", ">": "COMPARE",
    "=": "EQUALS", "!=": "EQUALS", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "TIMES", ".": "DOT",
    ",": "COMMA", ":": "COLON",
}  # fmt: skip
# A name followed by one character and one of these is not joined with another word.
NO_WORD = frozenset('=<>!+-*/()[]{},.:"')
KEY = re.compile(r'([^:{}\[\]"(),<>=]+?)\s*:')
PARAMETER = re.compile(r'([^:{}\[\]"(),]+?)\s*(?=[:,)])')
ITERATOR = re.compile(r'([^:{}\[\]"(),]+?)\s+(?=in[\s\["({\]])')
OF = re.compile(r"\s+of\s+")
COMMENTS = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
# What may follow "[" where it closes a half-open range: no operand can begin so.
AFTER_CLOSE = re.compile(
    r"(?:\s|\ufeff)*(?:$|[)\],}=<>*/+]|!=|(?:and|or|in|then|else|return|satisfies|between|instance)\b)"
)


class Token(NamedTuple):
    """One token: its terminal in the grammar, its value, and its 0-based offset."""

    kind: str
    value: object
    at: int
