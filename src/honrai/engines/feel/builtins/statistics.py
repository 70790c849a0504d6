"""Built-in functions that make one value of many: sums, extremes, averages, truth of all and any."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, DecimalException

from honrai.engines.feel.comparing import less
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.signatures import builtin
from honrai.engines.feel.values import CONTEXT


def _many(name: str, result: str) -> tuple[str, str]:
    """Return the two signatures of a function that takes a list or its elements."""
    return f"{name}(list: list) -> {result}", f"{name}(c...: Any) -> {result}"


def _items(rt: Runtime, args: Sequence[object]) -> list[object]:
    items = args[0] if len(args) == 1 and isinstance(args[0], list) else list(args)
    assert isinstance(items, list)
    if len(args) == 1 and args[0] is None:
        raise Invalid("リストが null です")
    if not args:
        raise Invalid("リストがありません")
    rt.charge(len(items))
    return items


def _numbers(rt: Runtime, args: Sequence[object]) -> list[Decimal]:
    items = _items(rt, args)
    if not all(isinstance(item, Decimal) for item in items):
        raise Invalid("数値でない要素があります")
    return items  # type: ignore[return-value]


def _sum_of(numbers: Sequence[Decimal]) -> Decimal:
    try:
        total = Decimal(0)
        for number in numbers:
            total = CONTEXT.add(total, number)
        return total
    except DecimalException:
        raise Invalid("合計が数値の範囲を超えます") from None


@builtin(*_many("sum", "number"))
def _sum(rt: Runtime, *args: object) -> Decimal | None:
    numbers = _numbers(rt, args)
    return _sum_of(numbers) if numbers else None


@builtin(*_many("mean", "number"))
def _mean(rt: Runtime, *args: object) -> Decimal | None:
    numbers = _numbers(rt, args)
    return CONTEXT.divide(_sum_of(numbers), Decimal(len(numbers))) if numbers else None


@builtin(*_many("product", "number"))
def _product(rt: Runtime, *args: object) -> Decimal | None:
    numbers = _numbers(rt, args)
    try:
        total = Decimal(1)
        for number in numbers:
            total = CONTEXT.multiply(total, number)
    except DecimalException:
        raise Invalid("積が数値の範囲を超えます") from None
    return total if numbers else None


@builtin(*_many("median", "number"))
def _median(rt: Runtime, *args: object) -> Decimal | None:
    numbers = sorted(_numbers(rt, args))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin(*_many("stddev", "number"))
def _stddev(rt: Runtime, *args: object) -> Decimal | None:
    """The sample standard deviation; fewer than two numbers have none."""
    numbers = _numbers(rt, args)
    if len(numbers) < 2:
        return None
    rt.charge(2 * len(numbers))
    try:
        mean = CONTEXT.divide(_sum_of(numbers), Decimal(len(numbers)))
        squares = [CONTEXT.power(CONTEXT.subtract(number, mean), 2) for number in numbers]
        return CONTEXT.sqrt(CONTEXT.divide(_sum_of(squares), Decimal(len(numbers) - 1)))
    except DecimalException:
        raise Invalid("標準偏差が数値の範囲を超えます") from None


@builtin(*_many("mode", "list<number>"))
def _mode(rt: Runtime, *args: object) -> list[Decimal]:
    numbers = _numbers(rt, args)
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


@builtin(*_many("min", "Any"))
def _min(rt: Runtime, *args: object) -> object:
    return _extreme(_items(rt, args), lower=True)


@builtin(*_many("max", "Any"))
def _max(rt: Runtime, *args: object) -> object:
    return _extreme(_items(rt, args), lower=False)


def _extreme(items: list[object], *, lower: bool) -> object:
    if not items:
        return None
    best = items[0]
    if less(best, best) is None:
        raise Invalid("要素に順序がありません")
    for item in items[1:]:
        before = less(item, best) if lower else less(best, item)
        if before is None:
            raise Invalid("要素どうしに順序がありません")
        best = item if before else best
    return best


@builtin(*_many("all", "boolean"))
def _all(rt: Runtime, *args: object) -> bool | None:
    items = _truths(rt, args)
    if any(item is False for item in items):
        return False
    return None if any(item is not True for item in items) else True


@builtin(*_many("any", "boolean"))
def _any(rt: Runtime, *args: object) -> bool | None:
    items = _truths(rt, args)
    if any(item is True for item in items):
        return True
    return None if any(item is not False for item in items) else False


def _truths(rt: Runtime, args: Sequence[object]) -> list[object]:
    return _items(rt, args)
