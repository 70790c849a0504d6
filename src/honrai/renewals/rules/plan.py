"""The plan of a yearly renewal, read from a pack's `renewal.yaml`: whom, on what, and what goes back to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from honrai.platform.errors import Invalid
from honrai.procedures.api import Pack

FILE = "renewal.yaml"
_KNOWN = {"title", "ledger", "incomes", "answers", "values", "category", "period", "states", "entry"}


@dataclass(frozen=True, slots=True)
class Filled:
    """Where a field or fact of the pack comes from: a column of the roll (read as a fact of the extracts), or one value."""

    name: str
    column: str = ""
    read_as: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a procedure is renewed each year.

    Attributes:
        title: what it is called.
        ledger: source of the ledger whose lines are the recipients.
        incomes: source of the new incomes.
        answers: 区分 of the applications that count as the yearly answer (現況届); "" where none is asked for.
        values: where each field and fact comes from.
        category: decision that gives the category, and the field of the ledger it is compared with; ("", "") for none.
        month, day: first day of a period of the ledger.
        states: outcome or kind of outcome -> state in the ledger.
        entry: outgoing layout of what the ledger is told.
    """

    title: str
    ledger: str
    incomes: str
    answers: str
    values: tuple[Filled, ...]
    category: tuple[str, str]
    month: int
    day: int
    states: Mapping[str, str]
    entry: str

    @property
    def ledger_fields(self) -> tuple[str, ...]:
        """The fields of the ledger that are read."""
        named = {one.column.removeprefix("ledger.") for one in self.values if one.column.startswith("ledger.")}
        return tuple(sorted(named | {"household_no", "state", *filter(None, [self.category[1]])}))

    def period(self, basis: date) -> tuple[date, date]:
        """Return first and last day of the ledger's period that begins on or after the day of judgement."""
        start = date(basis.year, self.month, self.day)
        start = start if start >= basis else date(basis.year + 1, self.month, self.day)
        return start, date(start.year + 1, self.month, self.day) - timedelta(days=1)

    def state(self, outcome: str, kind: str) -> str:
        """Return the state a recipient has in the ledger after this outcome."""
        return self.states.get(outcome) or self.states.get(kind, "")


def has_plan(pack: Pack) -> bool:
    """Say whether a procedure is renewed each year."""
    return FILE in pack.files


def read_plan(pack: Pack) -> Plan:
    """Return the plan of a pack.

    Raises:
        Invalid: the pack has none, or it names something unknown; the message says what to mend.
    """
    if FILE not in pack.files:
        raise Invalid("この手続には年次更新の定めがありません。手続の renewal.yaml を用意してください。")
    raw = _load(pack.files[FILE])
    if set(raw) != _KNOWN:
        wrong = "・".join(sorted(set(raw) ^ _KNOWN))
        raise Invalid(f"renewal.yaml の項目が合いません（{wrong}）。")
    names = {entry.id for entry in pack.form.fields} | {fact.id for fact in pack.facts}
    unknown = sorted(set(raw["values"]) - names)
    if unknown:
        raise Invalid(f"renewal.yaml に様式・事実にない名前があります（{'・'.join(unknown)}）。")
    month, day = (int(part) for part in str(raw["period"]["from"]).split("-"))
    return Plan(
        title=raw["title"],
        ledger=raw["ledger"],
        incomes=raw["incomes"],
        answers=raw["answers"] or "",
        values=tuple(
            Filled(name, one.get("column", ""), one.get("as", ""), one.get("value"))
            for name, one in raw["values"].items()
        ),
        category=(raw["category"]["result"], raw["category"]["was"]),
        month=month,
        day=day,
        states=dict(raw["states"]),
        entry=raw["entry"],
    )


def _load(content: bytes) -> dict[str, Any]:
    found = yaml.safe_load(content)
    if not isinstance(found, dict):
        raise Invalid("renewal.yaml を読めません。")
    return found
