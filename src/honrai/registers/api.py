"""The door to registers: lines as of a day, what they say of an application, numbers of a series."""

from honrai.registers.operations.numbering import next_number
from honrai.registers.operations.taking import TARGETS
from honrai.registers.permissions import can_look_up
from honrai.registers.queries import Line, as_of, at_place, branches_of, facts, line, lines, named, standing
from honrai.registers.rules.kinds import Register, Series, registers, series

__all__ = [
    "TARGETS",
    "Line",
    "Register",
    "Series",
    "as_of",
    "at_place",
    "branches_of",
    "can_look_up",
    "facts",
    "line",
    "lines",
    "named",
    "next_number",
    "registers",
    "series",
    "standing",
]
