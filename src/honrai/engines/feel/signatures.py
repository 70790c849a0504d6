"""How built-in functions are declared and called: by position, by name, with implicit conversions.

A signature is written as the standard writes it, for example `substring(string: string, start position: number,
length?: number) -> string`. `name?` may be left out, `type?` may be null, `name...` takes any number of arguments.
Null for any other parameter makes the call null, as does a value that no conversion fits to its type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from .instances import CLASSES, convert
from .operators import type_name
from .runtime import Invalid, Runtime
from .types import ANY, SIMPLE, Type, label, list_of, range_of
from .values import Function

_HEAD = re.compile(r"([^(]+)\((.*)\)\s*->\s*(.+)")
_EXTRA: dict[str, Type] = {
    "list": list_of(),
    "range": range_of(),
    "context": Type("context"),
    "function": Type("function"),
}


class Param(NamedTuple):
    """One parameter of a built-in."""

    name: str
    type: Type
    optional: bool
    nullable: bool
    many: bool


class Signature(NamedTuple):
    """One way to call a built-in: its parameters, its result type, and the function that does it."""

    params: tuple[Param, ...]
    result: Type
    run: Callable[..., object]

    @property
    def least(self) -> int:
        """How many arguments there must be; where any number may be given, at least one."""
        needed = sum(1 for param in self.params if not param.optional and not param.many)
        return max(needed, 1) if self.params and self.params[-1].many else needed

    @property
    def most(self) -> int | None:
        """How many arguments there may be, None for any number."""
        return None if self.params and self.params[-1].many else len(self.params)

    def takes(self, count: int) -> bool:
        """Tell whether the call may have `count` arguments."""
        return self.least <= count and (self.most is None or count <= self.most)

    def arrange(self, names: Sequence[str], args: Sequence[object]) -> list[object] | None:
        """Return the arguments in the order of the parameters, None when the names do not fit."""
        given = dict(zip(names, args, strict=True))
        known = [param.name for param in self.params]
        if len(given) != len(names) or not given.keys() <= set(known):
            return None
        if any(param.name not in given and not param.optional for param in self.params):
            return None
        ordered = [given.get(name) for name in known]
        while ordered and known[len(ordered) - 1] not in given:
            ordered.pop()
        return ordered

    def fit(self, args: Sequence[object]) -> list[object]:
        """Return the arguments as the parameters want them. Raises Invalid when one does not fit."""
        fitted = []
        last = len(self.params) - 1
        for index, value in enumerate(args):
            param = self.params[index if index < last else last]
            fitted.append(_fit(value, param))
        return fitted


class Builtin:
    """A built-in function: its name and the ways to call it."""

    __slots__ = ("name", "signatures")

    def __init__(self, name: str) -> None:
        self.name = name
        self.signatures: list[Signature] = []

    def call(self, rt: Runtime, args: Sequence[object], names: Sequence[str] | None = None) -> object:
        """Return the result of the first signature the arguments fit. Raises Invalid when they fit none."""
        reason = f"{self.name} の引数が合いません"
        rt.charge(1)
        for signature in self.signatures if names is None else self._as_written(names):
            ordered = args if names is None else signature.arrange(names, args)
            if ordered is None or not signature.takes(len(ordered)):
                continue
            try:
                fitted = signature.fit(ordered)
            except Invalid as error:
                reason = f"{self.name}: {error}"
                continue
            return signature.run(rt, *fitted)
        raise Invalid(reason)

    def _as_written(self, names: Sequence[str]) -> list[Signature]:
        """Return the signatures, first those whose parameters stand in the order of `names`.

        `before(point, range)` and `before(range, point)` have the same names; the order written tells which is meant.
        """
        written = tuple(names)
        return sorted(self.signatures, key=lambda one: tuple(param.name for param in one.params) != written)

    def direct(self, count: int) -> tuple[tuple[type, ...], Callable[..., object]] | None:
        """Return the classes that `count` arguments usually have and what to call with them, if that is plain.

        Values of other classes need `call`, which converts them; `object` stands for any.
        """
        possible = [signature for signature in self.signatures if signature.takes(count)]
        if not possible:
            return None
        params = possible[0].params
        kinds = [_usual(params[min(index, len(params) - 1)]) for index in range(count)]
        return (tuple(kinds), possible[0].run) if all(kinds) else None

    def as_value(self) -> Function:
        """Return the built-in as a value that can be passed on."""
        first = self.signatures[0]
        return Function(
            self.name,
            tuple(param.name for param in first.params),
            lambda rt, args: self.call(rt, args),
            types=tuple(param.type if param.type.name not in _EXTRA else ANY for param in first.params),
            result=first.result,
            bind=self.call,
        )


BUILTINS: dict[str, Builtin] = {}


def builtin(*declarations: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Register a function under one or more signatures; it gets the runtime, then the arguments."""

    def register(run: Callable[..., object]) -> Callable[..., object]:
        for declaration in declarations:
            name, signature = read_signature(declaration, run)
            BUILTINS.setdefault(name, Builtin(name)).signatures.append(signature)
        return run

    return register


def read_signature(declaration: str, run: Callable[..., object]) -> tuple[str, Signature]:
    """Return the name and the signature written in a declaration."""
    found = _HEAD.fullmatch(declaration)
    assert found is not None, declaration
    params = tuple(_param(part) for part in found[2].split(", ") if part)
    return found[1], Signature(params, _type(found[3]), run)


def _param(text: str) -> Param:
    name, _, type_ = text.partition(": ")
    many = name.endswith("...")
    optional = name.endswith("?")
    nullable = type_.endswith("?") or type_ == "Any"
    return Param(name.rstrip(".?"), _type(type_.rstrip("?")), optional, nullable, many)


def _type(name: str) -> Type:
    made = re.fullmatch(r"list<(.+)>", name)
    if made:
        return list_of(_type(made[1]))
    return SIMPLE.get(name) or _EXTRA[name]


def _fit(value: object, param: Param) -> object:
    wanted = param.type
    if value is None:
        if param.nullable:
            return None
        raise Invalid(f"{param.name} が null です")
    kind = _PYTHON.get(wanted.name)
    if kind is type(value) or wanted is ANY:
        return value
    if kind is None:
        fits, converted = convert(value, wanted)
        if fits and converted is not None:
            return converted
    elif type(value) is list and len(value) == 1 and type(value[0]) is kind:
        return value[0]
    raise Invalid(f"{param.name} が{type_name(value)}です（{label(wanted)}が必要です）")


_PYTHON: dict[str, type] = {"number": Decimal, "string": str, "boolean": bool, "context": dict, "function": Function}


def _usual(param: Param) -> Any:
    """Return the class of the values that need no conversion, None when that cannot be told by class."""
    if param.type is ANY:
        return object
    if param.type == list_of():
        return list
    return _PYTHON.get(param.type.name) or CLASSES.get(param.type)
