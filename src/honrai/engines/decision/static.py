"""Finds formulas and cells that can only come out null, before anything runs: unknown names, impossible comparisons.

The FEEL check does the work; here it is told which names of which types each place of the model sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from honrai.engines.decision.kinds import Kind, Names
from honrai.engines.feel import api as feel
from honrai.engines.feel.types import ANY, ContextType, ListType, Type, context_of, list_of


class Text(NamedTuple):
    """A FEEL text of the model where it stands: its element and line, the names it sees, for cells the tested type."""

    element: str
    line: int
    runnable: feel.Expression | feel.UnaryTests
    names: Names
    tested: Kind | None = None

    def problems(self, parameters: Mapping[str, object] | None) -> Iterator[tuple[int, str, str]]:
        """Yield line, what is wrong and the remedy.

        Args:
            parameters: the dated parameters, to know which there are; None where any may come.
        """
        types = {name: closed(kind.feel) for name, kind in self.names.items()}
        if parameters is not None:
            types["p"] = _type_of(parameters)
        if self.tested is not None:
            types["?"] = closed(self.tested.feel)
        for each in feel.check(self.runnable, types):
            yield self.line + each.line - 1, each.what, each.remedy


def closed(type_: Type) -> Type:
    """Return a type whose contexts have no entries but the declared ones, so that a misspelt one is found."""
    if isinstance(type_, ContextType) and type_.entries:
        return context_of({name: closed(each) for name, each in type_.entries}, open=False)
    return list_of(closed(type_.item)) if isinstance(type_, ListType) else type_


def _type_of(value: object) -> Type:
    """Return the type of parameters: their names are known, their values may be anything."""
    if not isinstance(value, Mapping):
        return ANY
    return context_of({str(name): _type_of(each) for name, each in value.items()}, open=False)
