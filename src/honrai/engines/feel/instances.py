"""`instance of`, and the conversions that happen of their own when a value meets a declared type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from .operators import as_date_time
from .types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ContextType,
    FunctionType,
    ListType,
    RangeType,
    Type,
    conforms,
    context_of,
    function_of,
    list_of,
    range_of,
)
from .values import Date, DateTime, DaysDuration, Function, MonthsDuration, Range, Time

_SIMPLE: dict[type, Type] = {
    type(None): NULL,
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    DaysDuration: DAYS_DURATION,
    MonthsDuration: MONTHS_DURATION,
}
# The Python class of each simple type.
CLASSES: dict[Type, type] = {type_: kind for kind, type_ in _SIMPLE.items()}


def is_instance(value: object, wanted: Type) -> bool:
    """Tell whether a value is of a type; null is of no type but Null."""
    if value is None:
        return wanted is NULL
    kind = CLASSES.get(wanted)
    if kind is not None:
        return type(value) is kind
    if wanted is ANY:
        return True
    check = _MADE.get(type(wanted))
    return check is not None and check(value, wanted)


def _is_list(value: object, wanted: ListType) -> bool:
    if type(value) is not list:
        return False
    return wanted.item is ANY or all(item is None or is_instance(item, wanted.item) for item in value)


def _is_range(value: object, wanted: RangeType) -> bool:
    if type(value) is not Range:
        return False
    ends = [end for end in (value.start, value.end) if end is not None]
    return all(is_instance(end, wanted.item) for end in ends)


def _is_context(value: object, wanted: ContextType) -> bool:
    if type(value) is not dict:
        return False
    return all(
        name in value and (value[name] is None or is_instance(value[name], type_)) for name, type_ in wanted.entries
    )


def _is_function(value: object, wanted: FunctionType) -> bool:
    if type(value) is not Function or len(value.params) != len(wanted.params):
        return False
    result = value.result or ANY
    if wanted.result is not ANY and result is not ANY and not conforms(result, wanted.result):
        return False
    return all(conforms(theirs, ours or ANY) for ours, theirs in zip(value.types, wanted.params, strict=True))


_MADE: dict[type, Callable[[Any, Any], bool]] = {
    ListType: _is_list,
    RangeType: _is_range,
    ContextType: _is_context,
    FunctionType: _is_function,
}


def convert(value: object, wanted: Type | None) -> tuple[bool, object]:
    """Return whether a value fits a declared type, and the value as that type.

    A list of one element stands for the element, an element for the list of it, a date for its midnight UTC
    (DMN 1.5, 10.3.2.9.4). Null fits every type.
    """
    if wanted is None or value is None or wanted is ANY or is_instance(value, wanted):
        return True, value
    if type(value) is list and len(value) == 1 and not isinstance(wanted, ListType):
        return convert(value[0], wanted) if value[0] is not None else (True, None)
    if isinstance(wanted, ListType) and type(value) is not list and is_instance(value, wanted.item):
        return True, [value]
    if wanted is DATE_TIME and type(value) is Date:
        return True, as_date_time(value)
    return False, None


def type_of(value: object) -> Type:
    """Return the most special type a value is of."""
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple
    if type(value) is list:
        return list_of(_common([type_of(item) for item in value]))
    if type(value) is dict:
        return context_of({key: type_of(item) for key, item in value.items()})
    if type(value) is Range:
        return range_of(type_of(value.end if value.start is None else value.start))
    function = cast(Function, value)
    return function_of(tuple(type_ or ANY for type_ in function.types), function.result or ANY, function.params)


def _common(types: list[Type]) -> Type:
    known = [type_ for type_ in types if type_ is not NULL]
    return known[0] if known and all(type_ == known[0] for type_ in known) else ANY
