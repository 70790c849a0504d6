"""Built-in functions on lists. Positions count from 1, or from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from honrai.engines.feel.comparing import equal
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.values import Function


def weight(value: object) -> int:
    """Return how many parts a value has, which is what it costs to look at all of it."""
    if type(value) is list:
        return 1 + sum(map(weight, value))
    if type(value) is dict:
        return 1 + sum(map(weight, value.values()))
    return 1


def _position(items: list[object], position: Decimal, *, beyond: int = 0) -> int:
    """Return the 0-based index of a 1-based or negative position; a fraction is dropped, `beyond` more are allowed."""
    count = len(items)
    whole = int(position) if abs(position) < 10**18 else 0
    if not (1 <= whole <= count + beyond or -count <= whole <= -1):
        raise Invalid(f"{count}件のリストに位置 {position} はありません")
    return whole - 1 if whole > 0 else count + whole


def _same(rt: Runtime, one: object, other: object) -> bool:
    rt.charge(weight(one))
    return equal(one, other) is True


@builtin("list contains(list: list, element: Any) -> boolean")
def _list_contains(rt: Runtime, items: list[object], element: object) -> bool:
    return any(_same(rt, item, element) for item in items)


@builtin("count(list: list) -> number")
def _count(rt: Runtime, items: list[object]) -> Decimal:
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length?: number) -> list")
def _sublist(rt: Runtime, items: list[object], position: Decimal, length: Decimal | None = None) -> list[object]:
    start = _position(items, position)
    rt.charge(len(items))
    if length is None:
        return items[start:]
    if length < 0 or length > len(items) - start or length != length.to_integral_value():
        raise Invalid("長さがリストの範囲を超えています")
    return items[start : start + int(length)]


@builtin("append(list: list, item...: Any) -> list")
def _append(rt: Runtime, items: list[object], *more: object) -> list[object]:
    rt.charge(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate(list...: list) -> list")
def _concatenate(rt: Runtime, *lists: list[object]) -> list[object]:
    rt.charge(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("union(list...: list) -> list")
def _union(rt: Runtime, *lists: list[object]) -> list[object]:
    return _distinct(rt, [item for items in lists for item in items])


@builtin("distinct values(list: list) -> list")
def _distinct_values(rt: Runtime, items: list[object]) -> list[object]:
    return _distinct(rt, items)


def _distinct(rt: Runtime, items: list[object]) -> list[object]:
    kept: list[object] = []
    seen: set[object] = set()
    for item in items:
        rt.charge(1)
        if isinstance(item, str | Decimal | bool):
            # Strings, numbers and booleans can be looked up; a number never equals a boolean.
            key = (type(item), item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
        elif not any(_same(rt, old, item) for old in kept):
            kept.append(item)
    return kept


@builtin("insert before(list: list, position: number, newItem: Any) -> list")
def _insert_before(rt: Runtime, items: list[object], position: Decimal, item: object) -> list[object]:
    at = _position(items, position, beyond=1)
    rt.charge(len(items))
    return [*items[:at], item, *items[at:]]


@builtin("remove(list: list, position: number) -> list")
def _remove(rt: Runtime, items: list[object], position: Decimal) -> list[object]:
    at = _position(items, position)
    rt.charge(len(items))
    return items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: Any) -> list")
def _list_replace_at(rt: Runtime, items: list[object], position: Decimal, item: object) -> list[object]:
    at = _position(items, position)
    rt.charge(len(items))
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any) -> list")
def _list_replace_where(rt: Runtime, items: list[object], match: Function, item: object) -> list[object]:
    if len(match.params) != 2:
        raise Invalid("match は二つの引数（要素と新しい要素）を取る関数でなければなりません")
    replaced = []
    for old in items:
        rt.charge(1)
        verdict = match.call(rt, [old, item])
        if not isinstance(verdict, bool):
            raise Invalid("match は true か false を返さなければなりません")
        replaced.append(item if verdict else old)
    return replaced


@builtin("reverse(list: list) -> list")
def _reverse(rt: Runtime, items: list[object]) -> list[object]:
    rt.charge(len(items))
    return items[::-1]


@builtin("index of(list: list, match: Any) -> list<number>")
def _index_of(rt: Runtime, items: list[object], match: object) -> list[object]:
    return [Decimal(index) for index, item in enumerate(items, 1) if _same(rt, item, match)]


@builtin("flatten(list: list) -> list")
def _flatten(rt: Runtime, items: list[object]) -> list[object]:
    flat: list[object] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            rt.charge(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return flat


@builtin("sort(list: list, precedes: function) -> list")
def _sort(rt: Runtime, items: list[object], precedes: Function) -> list[object]:
    if len(precedes.params) != 2:
        raise Invalid("precedes は二つの引数を取る関数でなければなりません")

    def order(one: object, other: object) -> int:
        rt.charge(1)
        if precedes.call(rt, [one, other]) is True:
            return -1
        return 1 if precedes.call(rt, [other, one]) is True else 0

    return sorted(items, key=cmp_to_key(order))
