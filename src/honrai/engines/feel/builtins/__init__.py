"""The built-in functions of DMN 1.5, chapter 10.3.4, one module per group; importing this registers them all."""

from honrai.engines.feel.signatures import BUILTINS

from . import contexts, conversion, lists, moments, numbers, ranges, statistics, strings

__all__ = ["BUILTINS", "contexts", "conversion", "lists", "moments", "numbers", "ranges", "statistics", "strings"]
