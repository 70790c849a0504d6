"""Reads FEEL text into the tree of `nodes`.

lark turns `grammar.lark` into LALR(1) tables once per process; a short loop here runs them, because it is several
times faster than lark's own and needs no recursion, so that deep text cannot exhaust the stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple, NoReturn

from lark import Lark
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_analysis import Shift

from . import nodes as n
from .builders import BUILDERS, Built
from .builtins import BUILTINS
from .errors import FeelError, FeelLimitError, line_and_column
from .lexer import Lexer
from .limits import DEFAULT_LIMITS, Limits
from .names import NameIndex
from .tokens import KEYWORD_SET, Token
from .types import Type

# An action: (next state, None, 0, "") to shift, (-1, builder, length, origin) to reduce.
Action = tuple[int, Built | None, int, str]


class Tables(NamedTuple):
    """The LALR tables: actions by state and terminal, next states by state and rule, start and end states by rule."""

    actions: list[dict[str, Action]]
    gotos: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]


class _NoLexer(LarkLexer):
    """Stands where lark wants a lexer; ours runs before."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object) -> NoReturn:
        """Never called."""
        raise NotImplementedError


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables of the grammar, made once per process."""
    grammar = files(__package__).joinpath("grammar.lark").read_text("utf-8")
    made = Lark(grammar, parser="lalr", lexer=_NoLexer, start=["expression", "unary_tests"], maybe_placeholders=False)
    table = made.parser.parser._parse_table
    actions: list[dict[str, Action]] = [{} for _ in table.states]
    gotos: list[dict[str, int]] = [{} for _ in table.states]
    for state, row in table.states.items():
        for symbol, (action, target) in row.items():
            if action is not Shift:
                build = BUILDERS[target.alias] if target.alias else None
                actions[state][symbol] = (-1, build, len(target.expansion), str(target.origin.name))
            elif symbol.isupper() or symbol.startswith("$"):
                actions[state][symbol] = (target, None, 0, "")
            else:
                gotos[state][symbol] = target
    return Tables(actions, gotos, dict(table.start_states), dict(table.end_states))


# A step of a plan: None takes the next token, (builder, length) makes one value of the last ones.
Step = tuple[Built, int] | None


class _Refused(Exception):
    """The token at `index` cannot stand where it does; `row` holds what could."""

    def __init__(self, index: int, row: dict[str, Action]) -> None:
        self.index = index
        self.row = row


def _plan(start: str, kinds: tuple[str, ...]) -> tuple[Step, ...]:
    """Return the steps that make the tree of tokens of these kinds. Raises _Refused when there is none."""
    actions, gotos, starts, ends = tables()
    state, accepted = starts[start], ends[start]
    states: list[int] = [state]
    steps: list[Step] = []
    for index, kind in enumerate((*kinds, "$END")):
        while True:
            action = actions[state].get(kind)
            if action is None:
                if state == accepted and kind == "$END":
                    return tuple(steps)
                raise _Refused(index, actions[state])
            following, build, length, origin = action
            if following >= 0:
                state = following
                states.append(state)
                steps.append(None)
                break
            if build is not None:
                steps.append((build, length))
            del states[-length:]
            state = gotos[states[-1]][origin]
            states.append(state)
    raise AssertionError("the end is accepted or refused above")


# The plan depends on the kinds of the tokens alone, and the cells of tables have few shapes.
_kept_plan = lru_cache(2048)(_plan)
_KEPT_LENGTH = 60


class Source:
    """One text with what is known about it while it is read."""

    def __init__(
        self,
        text: str,
        *,
        names: Iterable[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        file: str = "",
        types: Callable[[str], Type] = Type,
    ) -> None:
        self.text = text
        self.names = _BUILTINS
        if names:
            self.names = _BUILTINS.copy()
            for name in names:
                self.names.add(name)
        self.limits = limits
        self.file = file
        self.types = types

    def fail(self, at: int, what: str, remedy: str, kind: type[FeelError] = FeelError) -> NoReturn:
        """Raise the error for offset `at`."""
        line, column = line_and_column(self.text, at)
        raise kind(what, remedy=remedy, file=self.file, line=line, column=column)

    def tokens(self) -> list[Token]:
        """Return the tokens of the text.

        Raises:
            FeelError: the text is too long, or holds what is not FEEL.
        """
        if len(self.text) > self.limits.text:
            self.fail(
                0, f"式が {self.limits.text} 文字を超えています。", "いくつかの式に分けてください。", FeelLimitError
            )
        return Lexer(self.text, self.names, self.limits, file=self.file, types=self.types).run()

    def parse(self, start: str, tokens: list[Token]) -> n.Node:
        """Return the tree for `tokens`, read as `start`.

        Raises:
            FeelError: the tokens are no sentence of FEEL, or the tree is deeper or larger than allowed.
        """
        if not tokens:
            self.fail(0, "式が空です。", "null などの式を書いてください。")
        tree: n.Node = self._run(start, tokens)
        if len(tokens) > self.limits.depth:
            self._measure(tree)
        return tree

    def _run(self, start: str, tokens: list[Token]) -> Any:
        kinds = tuple([token[0] for token in tokens])
        try:
            steps = _kept_plan(start, kinds) if len(kinds) <= _KEPT_LENGTH else _plan(start, kinds)
        except _Refused as refused:
            self._unexpected((*tokens, Token("$END", None, len(self.text)))[refused.index], refused.row)
        values: list[Any] = []
        waiting = iter(tokens)
        for step in steps:
            if step is None:
                values.append(next(waiting))
            else:
                build, length = step
                values[-length:] = [build(values[-length:])]
        return values[0]

    def _unexpected(self, token: Token, row: dict[str, Action]) -> NoReturn:
        if token.kind == "$END":
            self.fail(token.at, "式が途中で終わっています。", f"{_wanted(row)}を補ってください。")
        shown = self.text[token.at : token.at + 20].split("\n")[0]
        self.fail(token.at, f"「{shown}」はここに書けません。", f"{_wanted(row)}を書いてください。")

    def _measure(self, tree: n.Node) -> None:
        level, depth, count = [tree], 0, 0
        while level:
            depth += 1
            count += len(level)
            if depth > self.limits.depth:
                self.fail(
                    level[0].at,
                    f"式の入れ子が {self.limits.depth} 段を超えています。",
                    "名前の付いた部分に分けるか、長い足し算はリストと sum にしてください。",
                    FeelLimitError,
                )
            if count > self.limits.nodes:
                self.fail(
                    level[0].at,
                    f"式の部品が {self.limits.nodes} 個を超えています。",
                    "名前の付いた部分に分けてください。",
                    FeelLimitError,
                )
            level = [child for node in level for child in n.children(node)]


_BUILTINS = NameIndex(KEYWORD_SET, BUILTINS)
_PLAIN = {
    "$END": "式の終わり", "NAME": "名前", "NUMBER": "数値", "STRING": "文字列", "RPAR": "`)`", "RBRACK": "`]`",
    "RBRACE": "`}`", "COMMA": "`,`", "COLON": "`:`", "THEN": "`then`", "ELSE": "`else`", "RETURN": "`return`",
    "SATISFIES": "`satisfies`", "IN": "`in`", "AND": "`and`", "KEY": "名前", "LPAR": "`(`",
}  # fmt: skip


def _wanted(row: dict[str, Action]) -> str:
    if "NUMBER" in row:
        return "値"
    words = [_PLAIN[kind] for kind in row if kind in _PLAIN]
    return "か".join([*words[:3], "演算子"] if "PLUS" in row else words[:4]) or "別の書き方"


def parse_expression(source: Source) -> n.Node:
    """Return the tree of an expression. Raises FeelError when it is none."""
    return source.parse("expression", source.tokens())


def parse_tests(source: Source) -> n.UnaryTests:
    """Return the unary tests of a table cell; `-` and an empty cell accept everything. Raises FeelError."""
    if source.text.strip() in ("", "-"):
        return n.UnaryTests(0, ())
    tokens = source.tokens()
    if tokens and tokens[0].kind == "NAME" and tokens[0].value == "not" and _closes_at_end(tokens):
        tokens[0] = Token("NOT", "not", tokens[0].at)
    tree = source.parse("unary_tests", tokens)
    assert isinstance(tree, n.UnaryTests)
    return tree


def _closes_at_end(tokens: list[Token]) -> bool:
    """Tell whether the bracket after `not` is closed by the last token."""
    depth = 0
    for index, token in enumerate(tokens[1:], 1):
        depth += _DEPTH.get(token.kind, 0)
        if depth == 0:
            return index == len(tokens) - 1 and index > 1
    return False


_DEPTH = {"LPAR": 1, "LBRACK": 1, "LBRACE": 1, "LOPEN": 1, "RPAR": -1, "RBRACK": -1, "RBRACE": -1, "ROPEN": -1}
