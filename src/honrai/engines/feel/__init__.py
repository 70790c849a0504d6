"""The FEEL expression language of DMN 1.5.

Read `api` first: `parse` and `parse_unary_tests` give objects that can be evaluated and whose tree (`nodes`) can be
walked. `values` lists the types of the language, `types` its type system, `limits` the budget of an evaluation.
"""

from .api import Expression, Result, UnaryTests, parse, parse_unary_tests
from .errors import FeelError, FeelLimitError, Warning
from .limits import DEFAULT_LIMITS, Limits

__all__ = [
    "DEFAULT_LIMITS",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "Limits",
    "Result",
    "UnaryTests",
    "Warning",
    "parse",
    "parse_unary_tests",
]
