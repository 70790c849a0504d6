"""Looking things up in registers as of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from honrai.exchange.api import present_day
from honrai.kernel.names import fold_name
from honrai.registers.models import RegisterLine
from honrai.registers.operations.taking import place_key
from honrai.registers.rules.kinds import Answer, answers, registers


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register.

    Attributes:
        register: code of the register.
        code: code of the thing in it.
        name: its name.
        kana: its reading; may be empty.
        values: every field of the extract that was not blank.
        since: first day it holds.
        until: first day it no longer holds; None: open.
    """

    register: str
    code: str
    name: str
    kana: str
    values: Mapping[str, str]
    since: date
    until: date | None


def lines_on(register: str, on: date) -> QuerySet[RegisterLine]:
    """Return the lines of a register in force on a day; before its first extract the first lines count.

    A register begins with the day its first extract is of; what was so before is not known better.
    """
    rows = RegisterLine.objects.filter(register=register).filter(Q(until__isnull=True) | Q(until__gt=on))
    first = RegisterLine.objects.filter(register=register).order_by("since").values_list("since", flat=True).first()
    return rows.filter(since__lte=max(on, first) if first else on)


def line(register: str, code: str, on: date) -> Line | None:
    """Return what a register says of a code on a day; None where it knows nothing."""
    return next(iter(lines(register, [code], on).values()), None)


def lines(register: str, codes: Iterable[str], on: date) -> dict[str, Line]:
    """Return what a register says of some codes on a day, by code, in one query."""
    return {row.code: _line(row) for row in lines_on(register, on).filter(code__in=list(codes))}


def branches_of(banks: Iterable[str], on: date) -> dict[str, dict[str, Line]]:
    """Return the branches of some banks on a day: bank code -> branch code of 3 digits -> line."""
    found: dict[str, dict[str, Line]] = {}
    wanted = Q()
    for bank in sorted(set(banks)):
        found[bank] = {}
        wanted |= Q(code__startswith=f"{bank}-")
    for row in lines_on("branch", on).filter(wanted) if found else ():
        bank, _, branch = row.code.partition("-")
        found[bank][branch] = _line(row)
    return found


def at_place(register: str, address: str, name: str, on: date) -> Line | None:
    """Return the one line of a register at an address; where several stand there, the one of that name; None if unclear."""
    key = place_key(address)
    rows = list(lines_on(register, on).filter(place_key=key)) if key else []
    if len(rows) > 1:
        rows = [row for row in rows if fold_name(row.name) == fold_name(name)]
    return _line(rows[0]) if len(rows) == 1 else None


def named(register: str, name: str, on: date) -> Line | None:
    """Return the one line of a register with a name on a day, names folded; None where there is none or more than one."""
    key = fold_name(name)
    rows = [row for row in lines_on(register, on).filter(name__startswith=name[:1]) if fold_name(row.name) == key]
    return _line(rows[0]) if len(rows) == 1 else None


def as_of(register: str) -> date | None:
    """Return the day a register's present extract is of; None where none was taken in."""
    return present_day(registers()[register].source)


def facts(wanted: Iterable[str], values: Mapping[str, Any], on: date, fresh: Mapping[str, int]) -> dict[str, Any]:
    """Return the facts registers know about an application: fact id -> value; what is not known is left out.

    Args:
        wanted: ids of facts.
        values: answers of the application by field id.
        on: the day the facts are asked as of.
        fresh: fact id -> how many days old the extract may be.
    """
    known: dict[str, Any] = {}
    for fact in wanted:
        answer = answers().get(fact)
        day = as_of(answer.register) if answer else None
        if answer is None or day is None or (on - day).days > fresh.get(fact, 36_500):
            continue
        value = _told(answer, values, on)
        if value is not None:
            known[fact] = value
    return known


def _told(answer: Answer, values: Mapping[str, Any], on: date) -> Any:
    """Return what a register tells; None where the application does not say enough to look."""
    given = [str(values.get(name) or "") for name in (*answer.code, *filter(None, [answer.place]))]
    if not all(given):
        return None
    if answer.place:
        found = at_place(answer.register, given[-1], str(values.get(answer.name) or ""), on)
    else:
        found = line(answer.register, "-".join(given), on)
    if answer.tells == "found":
        return found is not None
    if answer.tells == "standing":
        return standing(found, on)
    return found.values.get(answer.tells) if found else None


def standing(found: Line | None, on: date) -> str:
    """Return how a branch stands on a day: あり, 統廃合 (closed), なし (never known)."""
    if found is None:
        return "なし"
    closed = found.values.get("closed")
    return "統廃合" if closed and date.fromisoformat(closed) <= on else "あり"


def _line(row: RegisterLine) -> Line:
    return Line(row.register, row.code, row.name, row.kana, row.values, row.since, row.until)
