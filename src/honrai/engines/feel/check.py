"""Finds what is wrong with an expression before it runs: unknown names, wrong arguments, impossible comparisons.

Types are inferred from the leaves up. Where a type is not known (Any) nothing is claimed: every problem reported is
one that evaluation would turn into null whatever the values are.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from . import nodes as n
from .builtins import BUILTINS
from .compiler import constant_of, unknown_type
from .errors import Problem, line_and_column
from .instances import type_of
from .types import (
    ANY,
    BOOLEAN,
    DATE,
    NULL,
    NUMBER,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    context_of,
    function_of,
    label,
    list_of,
    range_of,
)

Rule = Callable[["Checker", Any], Type]
RULES: dict[type[n.Node], Rule] = {}
_CLOSE_ENOUGH = 0.5
_WIDE_SIGNS = frozenset("＋－＊／＝＜＞（）［］｛｝，．：＂")


def rule(kind: type[n.Node]) -> Callable[[Rule], Rule]:
    """Register the function that infers the type of nodes of one kind."""

    def register(function: Rule) -> Rule:
        RULES[kind] = function
        return function

    return register


class Checker:
    """The scopes and problems of one check."""

    def __init__(self, text: str, types: Mapping[str, Type]) -> None:
        self.text = text
        self.scopes: list[Mapping[str, Type]] = [types]
        self.problems: list[Problem] = []

    def problem(self, at: int, code: str, what: str, remedy: str) -> None:
        """Keep a problem."""
        line, column = line_and_column(self.text, at)
        self.problems.append(Problem(at, code, what, remedy, line, column))

    def infer(self, node: n.Node) -> Type:
        """Return the type of a node, keeping the problems found below it."""
        return RULES[type(node)](self, node)

    def within(self, scope: Mapping[str, Type], node: n.Node) -> Type:
        """Return the type of a node that sees one more scope."""
        self.scopes.append(scope)
        try:
            return self.infer(node)
        finally:
            self.scopes.pop()

    def lookup(self, name: str) -> Type | None:
        """Return the type of a name in scope, None when it is in none."""
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    def condition(self, node: n.Node, what: str) -> None:
        """Check that a node may be true or false."""
        found = self.infer(node)
        if found not in (BOOLEAN, ANY, NULL):
            self.problem(
                node.at,
                "not-a-condition",
                f"{what}が{label(found)}なので、真になることがありません。",
                "比較の式にしてください。",
            )


def known(*types: Type) -> bool:
    """Tell whether all types are known, so that something can be claimed about them."""
    return all(type_ is not ANY and type_ is not NULL for type_ in types)


def join(types: list[Type]) -> Type:
    """Return the type that all of these are of; Any when they differ."""
    some = [type_ for type_ in types if type_ is not NULL]
    if not some:
        return NULL if types else ANY
    return some[0] if all(type_ == some[0] for type_ in some) else ANY


def item_of(type_: Type) -> Type:
    """Return the type of the items of a list; any other value stands for a list of itself."""
    return type_.item if isinstance(type_, ListType) else type_


@rule(n.Literal)
def _literal(c: Checker, node: n.Literal) -> Type:
    if node.temporal and isinstance(node.value, str):
        c.problem(
            node.at,
            "bad-literal",
            f"「{node.value}」は日付・時刻・期間として読めません。",
            "2026-04-01 や P1D のように書いてください。",
        )
        return NULL
    return type_of(node.value)


@rule(n.Name)
def _name(c: Checker, node: n.Name) -> Type:
    found = c.lookup(node.name)
    if found is not None:
        return found
    if node.name in BUILTINS:
        return ANY
    names = [name for scope in c.scopes for name in scope]
    close = difflib.get_close_matches(node.name, [*names, *BUILTINS], 1, _CLOSE_ENOUGH)
    remedy = f"「{close[0]}」の誤りではありませんか。" if close else "宣言するか、つづりを直してください。"
    wide = [sign for sign in node.name if sign in _WIDE_SIGNS]
    if wide:
        # A full-width sign is a letter to FEEL: 年齢＞１８ is one name.
        remedy = f"全角の記号「{wide[0]}」を半角にしてください。"
    c.problem(node.at, "unknown-name", f"「{node.name}」という名前はありません。", remedy)
    return ANY


@rule(n.Negation)
def _negation(c: Checker, node: n.Negation) -> Type:
    found = c.infer(node.operand)
    if known(found) and found.name not in ("number", "days and time duration", "years and months duration"):
        c.problem(
            node.at, "impossible-operation", f"{label(found)}に負号は付けられません。", "数値か期間に付けてください。"
        )
        return NULL
    return found


@rule(n.If)
def _if(c: Checker, node: n.If) -> Type:
    c.condition(node.condition, "条件")
    return join([c.infer(node.then_), c.infer(node.else_)])


@rule(n.InstanceOf)
def _instance_of(c: Checker, node: n.InstanceOf) -> Type:
    c.infer(node.value)
    unknown = unknown_type(node.type)
    if unknown:
        c.problem(
            node.at, "unknown-type", f"「{unknown}」という型はありません。", "宣言するか、つづりを直してください。"
        )
    return BOOLEAN


@rule(n.ListLiteral)
def _list(c: Checker, node: n.ListLiteral) -> Type:
    return list_of(join([c.infer(item) for item in node.items]))


@rule(n.ContextLiteral)
def _context(c: Checker, node: n.ContextLiteral) -> Type:
    entries: dict[str, Type] = {}
    for entry in node.entries:
        if entry.key in entries:
            c.problem(entry.at, "duplicate-key", f"「{entry.key}」が二つあります。", "片方の名前を変えてください。")
        entries[entry.key] = c.within(dict(entries), entry.value)
    return context_of(entries, open=False)


@rule(n.RangeLiteral)
def _range(c: Checker, node: n.RangeLiteral) -> Type:
    start, end = c.infer(node.start), c.infer(node.end)
    if known(start, end) and start != end:
        c.problem(
            node.at,
            "impossible-comparison",
            f"{label(start)}から{label(end)}までの範囲に順序はありません。",
            "両端を同じ型にしてください。",
        )
        return NULL
    return range_of(start if known(start) else end)


@rule(n.Comparison)
def _comparison(c: Checker, node: n.Comparison) -> Type:
    return range_of(c.infer(node.value))


@rule(n.For)
def _for(c: Checker, node: n.For) -> Type:
    scope = _iterate(c, node.iterators)
    return list_of(c.within({**scope, "partial": list_of()}, node.body))


@rule(n.Quantified)
def _quantified(c: Checker, node: n.Quantified) -> Type:
    c.scopes.append(_iterate(c, node.iterators))
    c.condition(node.condition, "条件")
    c.scopes.pop()
    return BOOLEAN


def _iterate(c: Checker, iterators: tuple[n.Iterator, ...]) -> dict[str, Type]:
    scope: dict[str, Type] = {}
    for iterator in iterators:
        source = c.within(dict(scope), iterator.source)
        if iterator.end is not None:
            end = c.within(dict(scope), iterator.end)
            scope[iterator.name] = _counted(c, iterator, source, end)
        else:
            scope[iterator.name] = source.item if isinstance(source, RangeType) else item_of(source)
    return scope


def _counted(c: Checker, iterator: n.Iterator, start: Type, end: Type) -> Type:
    for type_ in (start, end):
        if known(type_) and type_ not in (NUMBER, DATE):
            c.problem(
                iterator.at, "impossible-loop", f"{label(type_)}では数え上げられません。", "数値か日付にしてください。"
            )
            return ANY
    return start if known(start) else end


@rule(n.FunctionLiteral)
def _function(c: Checker, node: n.FunctionLiteral) -> Type:
    names = tuple(param.name for param in node.params)
    types = tuple(param.type or ANY for param in node.params)
    result = ANY if node.external else c.within(dict(zip(names, types, strict=True)), node.body)
    return function_of(types, result, names)


@rule(n.Filter)
def _filter(c: Checker, node: n.Filter) -> Type:
    base = c.infer(node.base)
    item = item_of(base)
    scope: dict[str, Type] = {"item": item}
    if isinstance(item, ContextType):
        scope.update(item.entries)
    if item is ANY or (isinstance(item, ContextType) and item.open):
        found = c.within(_AnyName(scope), node.condition)
    else:
        found = c.within(scope, node.condition)
    if found == NUMBER:
        # A position that is worked out may be null, and then nothing passes: an empty list.
        return item if constant_of(node.condition) is not None else ANY
    if known(found) and found != BOOLEAN:
        c.problem(
            node.condition.at,
            "not-a-condition",
            f"絞り込みの条件が{label(found)}です。",
            "条件か位置を書いてください。",
        )
    return list_of(item) if found == BOOLEAN else ANY


class _AnyName(dict[str, Type]):
    """The scope of a filter on items that are not known: any name may be an entry of theirs."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Type:
        return ANY


def function_result(found: Type) -> Type:
    """Return what a function of this type gives; Any when it is not known to be one."""
    return found.result if isinstance(found, FunctionType) else ANY
