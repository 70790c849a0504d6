"""A model made ready to run: its elements joined across imports, in order, with their logic compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.kinds import Kind
from honrai.engines.decision.logic import Compiler, Problem
from honrai.engines.decision.run import Code, Run, Scope
from honrai.engines.decision.validate import local_id
from honrai.engines.feel.values import Function

Key = tuple[str, str]
"""Namespace and id of an element."""
PARAMETERS = "p"
"""The name under which logic sees the dated parameters."""


@dataclass(slots=True)
class Unit:
    """An element made ready: where its inputs come from and how to work it out.

    Attributes:
        needs: what it requires, each with the import name it is seen under, empty for none.
        given: for a decision service, what it takes, in the order of its arguments: input data, then decisions.
        gives: for a decision service, its output decisions.
    """

    key: Key
    element: m.Element
    name: str
    kind: Kind
    model: m.Model
    needs: tuple[tuple[Key, str], ...] = ()
    given: tuple[Key, ...] = ()
    gives: tuple[Key, ...] = ()
    names: dict[str, Kind] = field(default_factory=dict)
    code: Code | None = None
    function: Callable[[Scope, Run], Function] | None = None
    order: tuple[Key, ...] | None = field(default=None)


class Program:
    """A prepared model. Make one with `prepare.prepare`.

    Attributes:
        model: the main model.
        units: every element of the model and its imports.
        problems: parts that cannot be read or name unknown types; they come out null.
    """

    def __init__(self, model: m.Model, units: dict[Key, Unit], compilers: dict[str, Compiler]) -> None:
        self.model, self.units, self.compilers = model, units, compilers
        self.problems: tuple[Problem, ...] = tuple(p for each in compilers.values() for p in each.problems)
        self._by_name = {unit.name: unit for unit in units.values() if unit.model is model}
        self._by_name |= {unit.element.id: unit for unit in units.values() if unit.model is model and unit.element.id}

    def unit(self, name: str) -> Unit:
        """Return the element of the main model with this name or id.

        Raises:
            DecisionError: there is none.
        """
        found = self._by_name.get(name)
        if found is None:
            raise DecisionError(
                f"「{name}」という判断はありません。", "名前を確かめてください。", file=self.model.file, element=name
            )
        return found

    def order(self, unit: Unit) -> tuple[Key, ...]:
        """Return the decisions and inputs a unit rests on, each after those it needs itself; the unit comes last."""
        if unit.order is None:
            unit.order = tuple(self._walk(unit.key))
        return unit.order

    def _walk(self, start: Key) -> Iterator[Key]:
        seen: set[Key] = set()
        path: list[tuple[Key, Iterator[tuple[Key, str]]]] = [(start, iter(self.units[start].needs))]
        seen.add(start)
        while path:
            waiting = path[-1][1]
            following = next((need for need, _ in waiting if need not in seen), None)
            if following is None:
                yield path.pop()[0]
            else:
                seen.add(following)
                path.append((following, iter(self.units[following].needs)))


def key_of(model: m.Model, href: str) -> Key:
    """Return the key an href of `model` points to."""
    local = local_id(model, href)
    if local is not None:
        return model.namespace, local
    namespace, _, target = href.rpartition("#")
    return namespace, target
