"""How much work an expression may ask for: a budget of steps, never a clock.

The defaults let any honest rule run and end a hostile one in well under two seconds and 256 MiB.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one expression.

    Attributes:
        text: longest source text, in characters.
        depth: deepest nesting of the expression tree.
        nodes: most nodes in the expression tree.
        steps: most steps of evaluation; a step is about one visited node or one list item touched.
        calls: deepest nesting of calls of user-defined functions.
        string: longest string, in characters, that evaluation may build.
    """

    text: int = 100_000
    depth: int = 200
    nodes: int = 50_000
    steps: int = 1_000_000
    calls: int = 60
    string: int = 5_000_000


DEFAULT_LIMITS = Limits()
