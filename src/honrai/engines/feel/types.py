"""FEEL types as values: what `instance of` asks about and what the static check reasons with.

A type is one of the simple names, or is made of others: list, range, context, function.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """A simple type, known by its FEEL name; also the base of the made ones."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """`list<item>`."""

    item: Type

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    """`range<item>`."""

    item: Type

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    """`context<a: type, ...>`; entries keep their order. `open` contexts may hold entries not listed."""

    entries: tuple[tuple[str, Type], ...]
    open: bool = True

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {type_}' for name, type_ in self.entries)}>"

    def get(self, name: str) -> Type | None:
        """Return the type of the entry `name`, None when it is not listed."""
        return next((type_ for key, type_ in self.entries if key == name), None)


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """`function<a, b> -> result`; `names` when its parameters have names."""

    params: tuple[Type, ...]
    result: Type
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.params))}>->{self.result}"


ANY = Type("Any")
NULL = Type("Null")
NUMBER = Type("number")
STRING = Type("string")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIME = Type("time")
DATE_TIME = Type("date and time")
DAYS_DURATION = Type("days and time duration")
MONTHS_DURATION = Type("years and months duration")

SIMPLE: dict[str, Type] = {
    type_.name: type_
    for type_ in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION)
} | {
    # Spellings that DMN models in the wild use for the same types.
    "dateTime": DATE_TIME,
    "dayTimeDuration": DAYS_DURATION,
    "yearMonthDuration": MONTHS_DURATION,
    "day time duration": DAYS_DURATION,
    "year month duration": MONTHS_DURATION,
}


def list_of(item: Type = ANY) -> ListType:
    """Return `list<item>`."""
    return ListType("list", item)


def range_of(item: Type = ANY) -> RangeType:
    """Return `range<item>`."""
    return RangeType("range", item)


def context_of(entries: dict[str, Type] | None = None, *, open: bool = True) -> ContextType:
    """Return the context type with these entries; a closed one has no others (unknown paths are then problems)."""
    return ContextType("context", tuple((entries or {}).items()), open)


def function_of(params: tuple[Type, ...], result: Type, names: tuple[str, ...] = ()) -> FunctionType:
    """Return `function<params> -> result`."""
    return FunctionType("function", params, result, names)


def conforms(given: Type, wanted: Type) -> bool:
    """Tell whether a value of type `given` may stand where `wanted` is asked for (DMN 1.5, 10.3.2.9.2)."""
    if given == wanted or wanted is ANY or given is NULL:
        return True
    if isinstance(given, ListType | RangeType) and type(given) is type(wanted):
        return conforms(given.item, wanted.item)
    if isinstance(given, ContextType) and isinstance(wanted, ContextType):
        return _context_conforms(given, wanted)
    if isinstance(given, FunctionType) and isinstance(wanted, FunctionType):
        return _function_conforms(given, wanted)
    return False


def _context_conforms(given: ContextType, wanted: ContextType) -> bool:
    entries = dict(given.entries)
    return all(name in entries and conforms(entries[name], type_) for name, type_ in wanted.entries)


def _function_conforms(given: FunctionType, wanted: FunctionType) -> bool:
    if len(given.params) != len(wanted.params) or not conforms(given.result, wanted.result):
        return False
    return all(conforms(theirs, ours) for ours, theirs in zip(given.params, wanted.params, strict=True))


def label(type_: Type) -> str:
    """Return the type in the words of messages."""
    if isinstance(type_, ListType):
        return f"{label(type_.item)}のリスト" if type_.item is not ANY else "リスト"
    if isinstance(type_, RangeType):
        return f"{label(type_.item)}の範囲" if type_.item is not ANY else "範囲"
    return _LABELS.get(type_.name, type_.name)


_LABELS = {
    "number": "数値", "string": "文字列", "boolean": "真偽値", "date": "日付", "time": "時刻", "date and time": "日時",
    "days and time duration": "日数の期間", "years and months duration": "年月の期間", "list": "リスト",
    "context": "コンテキスト", "range": "範囲", "function": "関数", "Null": "null", "Any": "何かの値",
}  # fmt: skip
