"""Cuts FEEL text into tokens.

The grammar of FEEL cannot be cut without knowing where one stands: names hold spaces and signs, `[` may close a
range, a key looks like an expression. The lexer therefore keeps the open brackets and the names declared so far;
its tokens need no further context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import DecimalException
from typing import NamedTuple, NoReturn

from .errors import FeelError, FeelLimitError, line_and_column
from .escapes import unescape
from .limits import Limits
from .names import NEXT_WORD, WORD, NameIndex, normal
from .temporal import parse_temporal
from .typenames import scan_type
from .types import Type
from .values import CONTEXT

KEYWORDS = {
    "and": "AND", "between": "BETWEEN", "else": "ELSE", "every": "SOME", "false": "KEYWORD_LITERAL", "for": "FOR",
    "function": "FUNCTION", "if": "IF", "in": "IN", "instance": "INSTANCE", "null": "KEYWORD_LITERAL", "or": "OR",
    "return": "RETURN", "satisfies": "SATISFIES", "some": "SOME", "then": "THEN", "true": "KEYWORD_LITERAL",
}  # fmt: skip
KEYWORD_SET = frozenset(KEYWORDS)
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}
# After these a new operand begins, so "]" there opens a range.
_OPERATORS = frozenset(
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
_OPERAND_ENDS = frozenset(
    ["NAME", "RPAR", "RBRACK", "RBRACE", "ROPEN", "EMPTY", "NUMBER", "STRING", "KEYWORD_LITERAL", "AT_LITERAL", "TYPE"]
)

_TOKEN = re.compile(
    r"""(?P<skip>(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<at>@\s*"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>.,:()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {
    "**": "POWER", "..": "DOTDOT", "<=": "COMPARE", ">=": "COMPARE", "<": "COMPARE", ">": "COMPARE",
    "=": "EQUALS", "!=": "EQUALS", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "TIMES", ".": "DOT",
    ",": "COMMA", ":": "COLON",
}  # fmt: skip
_KEY = re.compile(r'([^:{}\[\]"(),<>=]+?)\s*:')
_PARAMETER = re.compile(r'([^:{}\[\]"(),]+?)\s*(?=[:,)])')
_ITERATOR = re.compile(r'([^:{}\[\]"(),]+?)\s+(?=in[\s\["({\]])')
_OF = re.compile(r"\s+of\s+")
_COMMENTS = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
# What may follow "[" where it closes a half-open range: no operand can begin so.
_AFTER_CLOSE = re.compile(
    r"(?:\s|\ufeff)*(?:$|[)\],}=<>*/+]|!=|(?:and|or|in|then|else|return|satisfies|between|instance)\b)"
)


class Token(NamedTuple):
    """One token: its terminal in the grammar, its value, and its 0-based offset."""

    kind: str
    value: object
    at: int


class _Frame:
    """One open bracket: what it is, how many loops wait for their body in it, whether `..` was seen, its names."""

    __slots__ = ("declared", "kind", "loops", "names", "ranged")

    def __init__(self, kind: str, names: NameIndex) -> None:
        self.kind = kind
        self.names = names
        self.loops = 0
        self.ranged = False
        self.declared: list[str] = []


class Lexer:
    """Turns one text into its list of tokens."""

    def __init__(
        self, text: str, names: NameIndex, limits: Limits, *, file: str = "", types: Callable[[str], Type] = Type
    ) -> None:
        self.text = text
        self.limits = limits
        self.file = file
        self.types = types
        self.tokens: list[Token] = []
        self.frames = [_Frame("top", names)]
        self.paths = names
        self.at = 0

    def fail(self, at: int, what: str, remedy: str) -> NoReturn:
        """Raise the error for offset `at`."""
        line, column = line_and_column(self.text, at)
        raise FeelError(what, remedy=remedy, file=self.file, line=line, column=column)

    def fail_limit(self, at: int, what: str, remedy: str) -> NoReturn:
        """Raise the limit error for offset `at`."""
        line, column = line_and_column(self.text, at)
        raise FeelLimitError(what, remedy=remedy, file=self.file, line=line, column=column)

    def run(self) -> list[Token]:
        """Return the tokens of the whole text.

        Raises:
            FeelError: a character or literal that is not FEEL, or brackets nested beyond the limit.
        """
        text, end, match = self.text, len(self.text), _TOKEN.match
        while self.at < end:
            found = match(text, self.at)
            if found is None:
                self._word()
                continue
            kind = found.lastgroup
            if kind == "skip":
                self.at = found.end()
            elif self._expects_key() and kind != "string":
                self._key_or_sign(found[0])
            else:
                _SCAN[kind](self, found[0])  # type: ignore[index]
        return self.tokens

    def emit(self, kind: str, value: object, length: int) -> None:
        """Add a token that begins here and is `length` characters long."""
        self.tokens.append(Token(kind, value, self.at))
        self.at += length

    # Where are we ------------------------------------------------------------------------------------------------

    def _last(self) -> str:
        return self.tokens[-1].kind if self.tokens else "AND"

    def _expects_key(self) -> bool:
        frame = self.frames[-1]
        return frame.kind in ("context", "parameters") and self._last() in ("LBRACE", "COMMA", "LPAR")

    def _declare(self, name: str) -> None:
        frame = self.frames[-1]
        frame.declared.append(name)
        if frame.names.needs(name):
            frame.names = frame.names.copy()
            frame.names.add(name)
            # After a dot any key written in this text may follow, also when its context is already closed.
            self.paths = self.paths.copy()
            self.paths.add(name)

    def _open(self, kind: str) -> None:
        if len(self.frames) > self.limits.depth:
            self.fail_limit(
                self.at,
                f"brackets are nested deeper than {self.limits.depth}.",
                "Split the expression into named parts.",
            )
        self.frames.append(_Frame(kind, self.frames[-1].names))

    def _close(self) -> None:
        if len(self.frames) > 1:
            frame = self.frames.pop()
            if frame.kind == "parameters":
                for name in frame.declared:
                    self._declare(name)

    # Tokens ------------------------------------------------------------------------------------------------------

    def _number(self, written: str) -> None:
        try:
            value = CONTEXT.create_decimal(written)
        except DecimalException:
            self.fail(self.at, f"the number {written[:40]} is out of range.", "Use at most 34 digits and E6144.")
        self.emit("NUMBER", value, len(written))

    def _string(self, written: str) -> None:
        value = unescape(written[1:-1])
        if self._expects_key():
            self.emit("KEY", value, len(written))
            self._declare(value)
        else:
            self.emit("STRING", value, len(written))

    def _at(self, written: str) -> None:
        content = unescape(written[written.index('"') + 1 : -1])
        self.emit("AT_LITERAL", (parse_temporal(content), content), len(written))

    def _sign(self, sign: str) -> None:
        special = _BRACKETS.get(sign)
        if special is not None:
            special(self)
            return
        kind = _SIGNS.get(sign)
        if kind is None:
            self.fail(self.at, f"`{sign}` means nothing here.", "Remove it.")
        if kind == "DOTDOT":
            self.frames[-1].ranged = True
        self.emit(kind, sign, len(sign))
        if kind == "COMMA":
            self._after_comma()
        elif kind == "COLON" and self.frames[-1].kind == "parameters":
            self._type()

    def _after_comma(self) -> None:
        frame = self.frames[-1]
        if frame.loops:
            self._iterator()
        elif frame.kind == "call":
            self._argument_name()

    def _word(self) -> None:
        text, at = self.text, self.at
        found = WORD.match(text, at)
        if found is None:
            shown = text[at]
            remedy = "Close the string with a double quote." if shown == '"' else "Remove it or put it in quotes."
            self.fail(at, f"the character {shown!r} cannot begin anything here.", remedy)
        if self._expects_key():
            self._key_or_sign("")
            return
        word = found[0]
        known = (self.paths if self._last() == "DOT" else self.frames[-1].names).longest(word, text, at)
        if known:
            self._name(*known)
        elif word in KEYWORDS and self._last() != "DOT":
            self._keyword(word)
        else:
            self._name(word, found.end())

    def _name(self, name: str, end: int) -> None:
        """Emit a name, joined with the plain words that follow it: two names never stand side by side."""
        words = [name]
        following = NEXT_WORD.match(self.text, end)
        while following and following[1] not in KEYWORD_SET and not self._external(following[1]):
            words.append(following[1])
            end = following.end()
            following = NEXT_WORD.match(self.text, end)
        self.emit("NAME", " ".join(words), end - self.at)

    def _external(self, word: str) -> bool:
        return word == "external" and self._last() == "RPAR"

    def _keyword(self, word: str) -> None:
        kind = KEYWORDS[word]
        frame = self.frames[-1]
        if word == "instance":
            self._instance()
            return
        value = _LITERALS[word] if kind == "KEYWORD_LITERAL" else word
        self.emit(kind, value, len(word))
        if kind in ("FOR", "SOME"):
            frame.loops += 1
            self._iterator()
        elif kind in ("RETURN", "SATISFIES") and frame.loops:
            frame.loops -= 1

    def _instance(self) -> None:
        of = _OF.match(self.text, self.at + len("instance"))
        if of is None:
            self._name("instance", self.at + len("instance"))
            return
        self.emit("INSTANCE", "instance of", of.end() - self.at)
        self._type()

    def _type(self) -> None:
        self._skip()
        found = scan_type(self.text, self.at, self.types)
        if found is None:
            self.fail(self.at, "a type is missing here.", "Write a type such as number, string or list<number>.")
        self.emit("TYPE", found[0], found[1] - self.at)

    def _skip(self) -> None:
        found = _COMMENTS.match(self.text, self.at)
        if found:
            self.at = found.end()

    def _iterator(self) -> None:
        self._skip()
        found = _ITERATOR.match(self.text, self.at)
        if found is None:
            self.fail(self.at, "a loop needs `name in list` here.", "Write for example `for x in xs return x`.")
        name = normal(found[1])
        self.emit("ITERATOR", name, len(found[0]))
        self._declare(name)

    def _key_or_sign(self, sign: str) -> None:
        frame = self.frames[-1]
        if sign in (")", "}"):
            self._sign(sign)
            return
        found = (_PARAMETER if frame.kind == "parameters" else _KEY).match(self.text, self.at)
        if found is None:
            self.fail(self.at, "a name is missing here.", "Write `name: value` in a context, `name` in a function.")
        name = normal(found[1])
        self.emit("KEY", name, len(found[1]))
        self._declare(name)

    def _argument_name(self) -> None:
        self._skip()
        found = _KEY.match(self.text, self.at)
        if found:
            self.emit("KEY", normal(found[1]), len(found[1]))

    # Brackets ----------------------------------------------------------------------------------------------------

    def _left_round(self) -> None:
        last = self._last()
        kind = "parameters" if last == "FUNCTION" else "call" if last in _OPERAND_ENDS else "round"
        self._open(kind)
        self.emit("LPAR", "(", 1)
        if kind == "call":
            self._argument_name()

    def _right_round(self) -> None:
        was_parameters = self.frames[-1].kind == "parameters"
        self._close()
        self.emit("RPAR", ")", 1)
        if was_parameters:
            self._skip()
            found = WORD.match(self.text, self.at)
            if found and found[0] == "external":
                self.emit("EXTERNAL", "external", len("external"))

    def _left_square(self) -> None:
        empty = _EMPTY_LIST.match(self.text, self.at)
        if self.frames[-1].ranged and self._last() in _OPERAND_ENDS and _AFTER_CLOSE.match(self.text, self.at + 1):
            self._close()
            self.emit("ROPEN", "[", 1)
        elif empty and self._last() not in _OPERAND_ENDS:
            self.emit("EMPTY", "[]", len(empty[0]))
        else:
            self._open("square")
            self.emit("LBRACK", "[", 1)

    def _right_square(self) -> None:
        if self._last() in _OPERATORS:
            self._open("square")
            self.emit("LOPEN", "]", 1)
        else:
            self._close()
            self.emit("RBRACK", "]", 1)

    def _left_curly(self) -> None:
        self._open("context")
        self.emit("LBRACE", "{", 1)

    def _right_curly(self) -> None:
        self._close()
        self.emit("RBRACE", "}", 1)


_EMPTY_LIST = re.compile(r"\[(?:\s+|//[^\n]*|/\*.*?\*/)*\]", re.DOTALL)
_BRACKETS: dict[str, Callable[[Lexer], None]] = {
    "(": Lexer._left_round,
    ")": Lexer._right_round,
    "[": Lexer._left_square,
    "]": Lexer._right_square,
    "{": Lexer._left_curly,
    "}": Lexer._right_curly,
}
_SCAN: dict[str, Callable[[Lexer, str], None]] = {
    "number": Lexer._number,
    "string": Lexer._string,
    "at": Lexer._at,
    "sign": Lexer._sign,
}


def index_of(names: Iterable[str], builtins: Iterable[str]) -> NameIndex:
    """Return the index of the names given and the built-in functions."""
    return NameIndex(KEYWORD_SET, [*builtins, *names])
