"""From the cells of a column to masks over its atoms.

Provable are unary tests over constants: literals, `p`, and what is computed from them without the clock. A cell may
also name `?`, compared with constants, joined by `and`, `or`, `not`. Anything else raises `NotProvable` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from honrai.engines.decision.formula import Cell, constant
from honrai.engines.decision.proof.axis import ORDERED, Axis, NamedAxis, OrderedAxis
from honrai.engines.decision.run import Run
from honrai.engines.feel import nodes as n
from honrai.engines.feel import values as fv
from honrai.engines.feel.builtins import BUILTINS
from honrai.engines.feel.nodes import names_used, walk

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CLOCK = frozenset({"now", "today"})
_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    fv.Date: "date",
    fv.DateTime: "date and time",
    fv.Time: "time",
    fv.DaysDuration: "days and time duration",
    fv.MonthsDuration: "years and months duration",
}


class NotProvable(Exception):
    """The cell is outside what the proof covers; the message says why (Japanese)."""


class Constants:
    """Finds and works out the constants of cells."""

    def __init__(self, run: Run, parameters: Mapping[str, object] | None) -> None:
        self.run, self.parameters_known = run, parameters is not None
        self.scope: dict[str, object] = {} if parameters is None else {"p": fv.to_feel(dict(parameters))}

    def holds(self, cell: Cell, value: object) -> bool:
        """Tell whether a cell holds for a value."""
        return cell.test(value, dict(self.scope), self.run) is True

    def of(self, tests: n.UnaryTests) -> Iterator[object]:
        """Yield every constant the tests compare with; parts that only declare a step have none.

        Raises:
            NotProvable: the tests are not made of comparisons with constants.
        """
        for test in tests.tests:
            for part in conjuncts(test):
                if step_of(part) is None:
                    yield from self._of_test(part)

    def value(self, node: n.Node) -> object:
        """Return the value of a constant.

        Raises:
            NotProvable: it names an input, uses the clock, or has no value.
        """
        used = names_used(node)
        if used & _CLOCK:
            raise NotProvable("現在日時を使っているため、証明できません")
        others = used - BUILTINS.keys() - {"p"}
        if others:
            raise NotProvable(f"「{'・'.join(sorted(others))}」を使っているため、証明できません")
        if "p" in used and not self.parameters_known:
            raise NotProvable("パラメータ p の値が渡されていないため、証明できません")
        value = constant(node, self.scope, self.run)
        if value is None and not (isinstance(node, n.Literal) and node.value is None):
            raise NotProvable("値が求まらない（null になる）式のため、証明できません")
        return value

    def _of_test(self, test: n.Node) -> Iterator[object]:
        if isinstance(test, n.Comparison):
            yield from _flat(self.value(test.value))
        elif isinstance(test, n.RangeLiteral):
            yield from (self.value(test.start), self.value(test.end))
        elif "?" in names_used(test):
            yield from self._of_condition(test)
        else:
            yield from _flat(self.value(test))

    def _of_condition(self, node: n.Node) -> Iterator[object]:
        """Yield the constants of a condition on `?`."""
        if isinstance(node, n.Binary) and node.op in ("and", "or"):
            yield from self._of_condition(node.left)
            yield from self._of_condition(node.right)
        elif isinstance(node, n.Binary) and node.op in _COMPARISONS and _is_input(node.left):
            yield self.value(node.right)
        elif isinstance(node, n.Binary) and node.op in _COMPARISONS and _is_input(node.right):
            yield self.value(node.left)
        elif isinstance(node, n.Between) and _is_input(node.value):
            yield from (self.value(node.low), self.value(node.high))
        elif isinstance(node, n.In) and _is_input(node.value):
            for test in node.tests:
                yield from self._of_test(test)
        elif isinstance(node, n.Call) and _called(node) == "not" and len(node.args) == 1:
            yield from self._of_condition(node.args[0])
        elif (
            isinstance(node, n.Call)
            and _called(node) == "list contains"
            and len(node.args) == 2
            and _is_input(node.args[1])
        ):
            yield from _flat(self.value(node.args[0]))
        else:
            raise NotProvable("入力値（?）を定数と比べるだけの条件ではないため、証明できません")


def _called(node: n.Call) -> str:
    return node.function.name if isinstance(node.function, n.Name) else ""


def _is_input(node: n.Node) -> bool:
    return isinstance(node, n.Name) and node.name == "?"


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif isinstance(value, fv.Range):
        yield from (each for each in (value.start, value.end) if each is not None)
    else:
        yield value


def make_axis(
    kind: str, constants: Iterable[object], *, step: Fraction | None, enumeration: list[object] | None, null: bool
) -> Axis:
    """Return the atoms of a column of type `kind`.

    Args:
        kind: FEEL type name.
        constants: every constant of its cells and of its allowed values.
        step: distance between neighbouring numbers, None for any decimal.
        enumeration: for strings, the only values allowed, in order; None for any string.
        null: whether null is a case of its own.

    Raises:
        NotProvable: a type without order or names, or a constant of another type.
    """
    values = [each for each in constants if each is not None]
    _same_kind(kind, values)
    if kind in ORDERED:
        return OrderedAxis(ORDERED[kind], step, values, null)
    if kind == "boolean":
        return NamedAxis([False, True], others=False, knows_null=null)
    if kind == "string":
        named = list(dict.fromkeys([*(enumeration or []), *sorted(map(str, values))]))
        return NamedAxis(named, others=enumeration is None, knows_null=null)
    raise NotProvable(f"型「{kind}」の列は証明できません（数・日付・文字・真偽の型を宣言してください）")


def _same_kind(kind: str, values: list[object]) -> None:
    for each in values:
        if _KINDS.get(type(each)) != kind:
            raise NotProvable(f"型「{kind}」の列に、別の型の値「{each}」が書かれているため、証明できません")
        if isinstance(each, fv.DateTime | fv.Time) and each.utc_offset is not None:
            raise NotProvable("時差の付いた日時・時刻は証明できません（時差なしで書いてください）")
        if isinstance(each, fv.DateTime | fv.Time) and _nanos(each) % fv.NANOS:
            raise NotProvable("秒より細かい日時・時刻は証明できません")


def _nanos(value: fv.DateTime | fv.Time) -> int:
    return value.local_nanos if isinstance(value, fv.DateTime) else value.nanos


def mask_of(cell: Cell, axis: Axis, constants: Constants) -> int:
    """Return the atoms of the domain on which a cell holds.

    Plain comparisons and ranges are placed directly; every other provable cell is asked at a sample of each atom, which is
    exact because no constant of the cell lies inside an atom.
    """
    mask = 0
    if not cell.ast.tests:
        return axis.domain
    if isinstance(axis, NamedAxis) and axis.others is not None and any(map(_orders, walk(cell.ast))):
        raise NotProvable("文字の大小を比べているため、証明できません（許される値を並べて宣言してください）")
    plain = not cell.ast.negated
    if plain:
        for test in cell.ast.tests:
            found = _place(test, axis, constants)
            if found is None:
                plain = False
                break
            mask |= found
    if not plain:
        return sum(1 << atom for atom in axis.atoms() if constants.holds(cell, axis.sample(atom)))
    mask &= axis.domain
    if axis.null is not None:
        mask &= ~(1 << axis.null)
        mask |= constants.holds(cell, None) << axis.null
    return mask


def _place(test: n.Node, axis: Axis, constants: Constants) -> int | None:
    """Return the mask of a plain test, None where it must be asked atom by atom."""
    if "?" in names_used(test):
        return None
    if isinstance(test, n.Comparison):
        return _compared(test.op, constants.value(test.value), axis)
    if isinstance(test, n.RangeLiteral):
        if not isinstance(axis, OrderedAxis):
            return None
        low, high = constants.value(test.start), constants.value(test.end)
        if low is None or high is None:
            return None
        return axis.between(low, high, low_in=test.start_included, high_in=test.end_included)
    value = constants.value(test)
    if isinstance(value, list | fv.Range) or value is None:
        return None
    atom = axis.number_of(value)
    return 0 if atom is None else 1 << atom


def _compared(op: str, value: object, axis: Axis) -> int | None:
    if not isinstance(axis, OrderedAxis) or value is None or isinstance(value, list | fv.Range):
        return None
    if op == "=":
        return axis.between(value, value, low_in=True, high_in=True)
    if op in ("<", "<="):
        return axis.between(None, value, low_in=True, high_in=op == "<=")
    if op in (">", ">="):
        return axis.between(value, None, low_in=op == ">=", high_in=True)
    return None


def _orders(node: n.Node) -> bool:
    if isinstance(node, n.Comparison | n.Binary):
        return node.op in _COMPARISONS - {"=", "!="}
    return isinstance(node, n.RangeLiteral | n.Between)


def conjuncts(node: n.Node) -> Iterator[n.Node]:
    """Yield the parts of a condition joined by `and`."""
    if isinstance(node, n.Binary) and node.op == "and":
        yield from conjuncts(node.left)
        yield from conjuncts(node.right)
    else:
        yield node


def step_of(node: n.Node) -> Fraction | None:
    """Return the step a condition on `?` declares: `floor(?) = ?` is 1, `decimal(?, 2) = ?` is 1/100; else None."""
    if not (isinstance(node, n.Binary) and node.op == "="):
        return None
    for left, right in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(left, n.Call):
            continue
        name, args = _called(left), left.args
        if name in ("floor", "ceiling") and _is_input(right) and len(args) == 1 and _is_input(args[0]):
            return Fraction(1)
        if name == "modulo" and len(args) == 2 and _is_input(args[0]) and _number(right) == 0:
            step = _number(args[1])
            return Fraction(step) if step else None
        if name == "decimal" and len(args) == 2 and _is_input(right) and _is_input(args[0]):
            places = _number(args[1])
            return None if places is None else Fraction(10) ** -int(places)
    return None


def _number(node: n.Node) -> Decimal | None:
    return node.value if isinstance(node, n.Literal) and isinstance(node.value, Decimal) else None
