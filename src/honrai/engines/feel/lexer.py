"""Cuts FEEL text into tokens.

The grammar of FEEL cannot be cut without knowing where one stands: names hold spaces and signs, `[` may close a
range, a key looks like an expression. The lexer therefore keeps the open brackets and the names declared so far;
its tokens need no further context.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import DecimalException
from functools import partial
from typing import NoReturn

from .errors import FeelError, FeelLimitError, line_and_column
from .escapes import unescape
from .limits import Limits
from .names import NEXT_WORD, WORD, NameIndex, normal
from .temporal import parse_temporal
from .tokens import (
    AFTER_CLOSE,
    COMMENTS,
    ITERATOR,
    KEY,
    KEYWORDS,
    LITERALS,
    NO_WORD,
    OF,
    OPERAND_ENDS,
    OPERATORS,
    PARAMETER,
    SIGNS,
    TOKEN,
    Token,
)
from .tokens import KEYWORD_SET as KEYWORD_SET
from .typenames import scan_type
from .types import Type
from .values import CONTEXT

_token = partial(tuple.__new__, Token)


class _Frame:
    """One open bracket: what it is, how many loops wait for their body in it, whether `..` was seen, its names."""

    __slots__ = ("declared", "keyed", "kind", "loops", "names", "ranged")

    def __init__(self, kind: str, names: NameIndex) -> None:
        self.kind = kind
        self.keyed = kind in ("context", "parameters")
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
        self.frame = _Frame("top", names)
        self.frames = [self.frame]
        # The kind of the token before; at the start an operand is due, as after an operator.
        self.last = "AND"
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
        text, end, match, scan = self.text, len(self.text), TOKEN.match, _SCAN
        while self.at < end:
            found = match(text, self.at)
            if found is None:
                self._unknown()
            kind = found.lastgroup or "end"
            written = found[kind]
            self.at = found.end() - len(written)
            if self.frame.keyed and kind != "string" and kind != "comment" and self._expects_key():
                self._key(written)
            else:
                scan[kind](self, written)
        return self.tokens

    def emit(self, kind: str, value: object, length: int) -> None:
        """Add a token that begins here and is `length` characters long."""
        self.tokens.append(_token((kind, value, self.at)))
        self.last = kind
        self.at += length

    # Where are we ------------------------------------------------------------------------------------------------

    def _expects_key(self) -> bool:
        return self.last in ("LBRACE", "COMMA", "LPAR")

    def _declare(self, name: str) -> None:
        frame = self.frame
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
                f"かっこの入れ子が {self.limits.depth} 段を超えています。",
                "式を名前の付いた部分に分けてください。",
            )
        self.frame = _Frame(kind, self.frame.names)
        self.frames.append(self.frame)

    def _close(self) -> None:
        if len(self.frames) > 1:
            frame = self.frames.pop()
            self.frame = self.frames[-1]
            if frame.kind == "parameters":
                for name in frame.declared:
                    self._declare(name)

    # Tokens ------------------------------------------------------------------------------------------------------

    def _number(self, written: str) -> None:
        try:
            value = CONTEXT.create_decimal(written)
        except DecimalException:
            self.fail(self.at, f"数値 {written[:40]} は範囲を超えています。", "10の6144乗までの数にしてください。")
        self.emit("NUMBER", value, len(written))

    def _string(self, written: str) -> None:
        value = unescape(written[1:-1])
        if self.frame.keyed and self._expects_key():
            self.emit("KEY", value, len(written))
            self._declare(value)
        else:
            self.emit("STRING", value, len(written))

    def _at(self, written: str) -> None:
        content = unescape(written[written.index('"') + 1 : -1])
        self.emit("AT_LITERAL", (parse_temporal(content), content), len(written))

    def _sign(self, sign: str) -> None:
        kind = SIGNS.get(sign)
        if kind is None:
            self.fail(self.at, f"{sign} はここに書けません。", "取り除いてください。")
        self.emit(kind, sign, len(sign))
        if kind == "COMMA":
            self._after_comma()
        elif kind == "DOTDOT":
            self.frame.ranged = True
        elif kind == "COLON" and self.frame.kind == "parameters":
            self._type()

    def _comment(self, written: str) -> None:
        self.at += len(written)

    def _bracket(self, sign: str) -> None:
        _BRACKETS[sign](self)

    def _after_comma(self) -> None:
        frame = self.frame
        if frame.loops:
            self._iterator()
        elif frame.kind == "call":
            self._argument_name()

    def _unknown(self) -> NoReturn:
        self._skip()
        shown = self.text[self.at]
        remedy = "文字列を二重引用符で閉じてください。" if shown == '"' else "取り除くか、引用符で囲んでください。"
        self.fail(self.at, f"文字 {shown!r} はここに書けません。", remedy)

    def _word(self, word: str) -> None:
        names = self.paths if self.last == "DOT" else self.frame.names
        known = names.longest(word, self.text, self.at) if word in names.first_words else None
        if known:
            self._name(*known)
        elif word in KEYWORDS and self.last != "DOT":
            self._keyword(word)
        elif self.text[self.at + len(word) + 1 : self.at + len(word) + 2] in NO_WORD:
            self.emit("NAME", word, len(word))
        else:
            self._name(word, self.at + len(word))

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
        return word == "external" and self.last == "RPAR"

    def _keyword(self, word: str) -> None:
        kind = KEYWORDS[word]
        frame = self.frame
        if word == "instance":
            self._instance()
            return
        value = LITERALS[word] if kind == "KEYWORD_LITERAL" else word
        self.emit(kind, value, len(word))
        if kind in ("FOR", "SOME"):
            frame.loops += 1
            self._iterator()
        elif kind in ("RETURN", "SATISFIES") and frame.loops:
            frame.loops -= 1

    def _instance(self) -> None:
        of = OF.match(self.text, self.at + len("instance"))
        if of is None:
            self._name("instance", self.at + len("instance"))
            return
        self.emit("INSTANCE", "instance of", of.end() - self.at)
        self._type()

    def _type(self) -> None:
        self._skip()
        found = scan_type(self.text, self.at, self.types)
        if found is None:
            self.fail(self.at, "ここに型がありません。", "number, string, list<number> のように書いてください。")
        self.emit("TYPE", found[0], found[1] - self.at)

    def _skip(self) -> None:
        found = COMMENTS.match(self.text, self.at)
        if found:
            self.at = found.end()

    def _iterator(self) -> None:
        self._skip()
        found = ITERATOR.match(self.text, self.at)
        if found is None:
            self.fail(
                self.at, "ここに「名前 in リスト」がありません。", "for x in xs return x のように書いてください。"
            )
        name = normal(found[1])
        self.emit("ITERATOR", name, len(found[0]))
        self._declare(name)

    def _key(self, written: str) -> None:
        frame = self.frame
        if written in (")", "}"):
            self._bracket(written)
            return
        found = (PARAMETER if frame.kind == "parameters" else KEY).match(self.text, self.at)
        if found is None:
            self.fail(
                self.at, "ここに名前がありません。", "コンテキストでは「名前: 値」、関数では「名前」と書いてください。"
            )
        name = normal(found[1])
        self.emit("KEY", name, len(found[1]))
        self._declare(name)

    def _argument_name(self) -> None:
        self._skip()
        found = KEY.match(self.text, self.at)
        if found:
            self.emit("KEY", normal(found[1]), len(found[1]))

    # Brackets ----------------------------------------------------------------------------------------------------

    def _left_round(self) -> None:
        last = self.last
        kind = "parameters" if last == "FUNCTION" else "call" if last in OPERAND_ENDS else "round"
        self._open(kind)
        self.emit("LPAR", "(", 1)
        if kind == "call":
            self._argument_name()

    def _right_round(self) -> None:
        was_parameters = self.frame.kind == "parameters"
        self._close()
        self.emit("RPAR", ")", 1)
        if was_parameters:
            self._skip()
            found = WORD.match(self.text, self.at)
            if found and found[0] == "external":
                self.emit("EXTERNAL", "external", len("external"))

    def _left_square(self) -> None:
        empty = _EMPTY_LIST.match(self.text, self.at)
        if self.frame.ranged and self.last in OPERAND_ENDS and AFTER_CLOSE.match(self.text, self.at + 1):
            self._close()
            self.emit("ROPEN", "[", 1)
        elif empty and self.last not in OPERAND_ENDS:
            self.emit("EMPTY", "[]", len(empty[0]))
        else:
            self._open("square")
            self.emit("LBRACK", "[", 1)

    def _right_square(self) -> None:
        if self.last in OPERATORS:
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
    "word": Lexer._word,
    "number": Lexer._number,
    "comment": Lexer._comment,
    "bracket": Lexer._bracket,
    "end": Lexer._comment,
    "string": Lexer._string,
    "at": Lexer._at,
    "sign": Lexer._sign,
}
