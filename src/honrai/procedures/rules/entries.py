"""entries.yaml: what each outcome tells the core systems, and what it lets be paid.

Every field is FEEL over the form, the facts, `p`, the results of the tables (`result.助成額`) and `core`: what the house knows
of the case beside its form (`CORE`): who it is about, the number held or given, receipt, day and outcome of the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from honrai.procedures.rules.expressions import is_true, parsed
from honrai.procedures.rules.shape import Node, Problems, load_yaml, unique

CORE: Mapping[str, str] = MappingProxyType(
    {
        "core.person": "宛名番号",
        "core.held": "台帳で今持っている番号",
        "core.held_since": "その資格の開始日",
        "core.given": "付けた番号",
        "core.premises": "防火対象物の台帳番号",
        "core.receipt": "受付番号",
        "core.decided": "決定日",
        "core.outcome": "決定した結果",
    }
)


@dataclass(frozen=True)
class CoreEntry:
    """One entry a core system must hold after an outcome.

    Attributes:
        id: name of the entry in its pack.
        outcomes: the outcomes that write it.
        layout: code of the outgoing layout of exchange.
        fields: field of the layout -> FEEL.
        when: FEEL that must hold; empty: always.
        each: field of `choices` or repeated section; one entry per item, read as `item`; empty: one entry.
        number: series a number is given from (`core.given`); empty: none.
    """

    id: str
    outcomes: tuple[str, ...]
    layout: str
    fields: Mapping[str, str]
    when: str = ""
    each: str = ""
    number: str = ""


@dataclass(frozen=True)
class PayableRule:
    """Money an outcome lets be paid.

    Attributes:
        id: name in its pack.
        outcomes: the outcomes that let it be paid.
        amount: FEEL, whole yen.
        payee: group of form fields with the account (`account`).
        owner: group of form fields of the person it belongs to (`guardian`).
        school: FEEL for the name of the school that receives it instead; empty or null: the owner does.
        purpose: what it is, as the finance system and the passbook say it.
        heading: 歳出科目 code of the finance system.
        when: FEEL that must hold; empty: always.
    """

    id: str
    outcomes: tuple[str, ...]
    amount: str
    payee: str
    owner: str
    purpose: str
    heading: str
    school: str = ""
    when: str = ""


@dataclass(frozen=True)
class Entries:
    """entries.yaml, read."""

    entries: tuple[CoreEntry, ...] = ()
    payables: tuple[PayableRule, ...] = ()

    def of(self, outcome: str) -> tuple[CoreEntry, ...]:
        """Return the entries an outcome writes."""
        return tuple(one for one in self.entries if outcome in one.outcomes)

    def money_of(self, outcome: str) -> tuple[PayableRule, ...]:
        """Return what an outcome lets be paid."""
        return tuple(one for one in self.payables if outcome in one.outcomes)


NO_ENTRIES = Entries()


@dataclass(frozen=True)
class WrittenEntry:
    """An entry worked out for one case: `part` tells entries of one rule apart."""

    rule: CoreEntry
    part: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class WorkedPayable:
    """Money worked out for one case: whole yen, and the school that receives it ("" for the owner)."""

    rule: PayableRule
    amount: int
    school: str


def read_entries(raw: bytes, problems: Problems) -> Entries:
    """Return entries.yaml with its shape checked."""
    top = Node(load_yaml(raw, problems), "", problems)
    entries = [_entry(node) for node in top.nodes("entries", required=False)]
    payables = [_payable(node) for node in top.nodes("payables", required=False)]
    top.finish()
    unique(entries, lambda one: one.id, "登録", problems)
    unique(payables, lambda one: one.id, "支払", problems)
    return Entries(tuple(entries), tuple(payables))


def _entry(node: Node) -> CoreEntry:
    fields = node.node("fields")
    entry = CoreEntry(
        id=node.text("id"),
        outcomes=node.texts("outcomes"),
        layout=node.text("layout"),
        fields=MappingProxyType({name: fields.text(name) for name in fields.value}),
        when=node.text("when", ""),
        each=node.text("each", ""),
        number=node.text("number", ""),
    )
    node.finish()
    return entry


def _payable(node: Node) -> PayableRule:
    payable = PayableRule(
        id=node.text("id"),
        outcomes=node.texts("outcomes"),
        amount=node.text("amount"),
        payee=node.text("payee"),
        owner=node.text("owner"),
        purpose=node.text("purpose"),
        heading=node.text("heading"),
        school=node.text("school", ""),
        when=node.text("when", ""),
    )
    node.finish()
    return payable


def work_out_entries(entries: Iterable[CoreEntry], seen: Mapping[str, Any]) -> list[WrittenEntry]:
    """Return the entries of a decided case.

    Args:
        entries: those of the outcome.
        seen: context with `core` and `result` beside the names of rules.
    """
    made = []
    for entry in entries:
        for part, scope in _scopes(entry.each, seen):
            if not entry.when or is_true(entry.when, scope):
                values = {name: as_text(parsed(text).evaluate(scope).value) for name, text in entry.fields.items()}
                made.append(WrittenEntry(entry, part, values))
    return made


def _scopes(each: str, seen: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    if not each:
        return [("", seen)]
    items = parsed(each).evaluate(seen).value or ()
    return [(str(number), {**seen, "item": item}) for number, item in enumerate(items, start=1)]


def work_out_payables(payables: Iterable[PayableRule], seen: Mapping[str, Any]) -> list[WorkedPayable]:
    """Return the money of a decided case; an amount of 0 or unknown is nothing to pay.

    Args: as for `work_out_entries`.
    """
    made = []
    for rule in payables:
        if rule.when and not is_true(rule.when, seen):
            continue
        amount = parsed(rule.amount).evaluate(seen).value
        school = parsed(rule.school).evaluate(seen).value if rule.school else None
        if isinstance(amount, int | Decimal) and amount > 0:
            made.append(WorkedPayable(rule, int(amount), str(school or "")))
    return made


def as_text(value: Any) -> str:
    """Return a FEEL value as exchange keeps it: dates 2026-04-01, yes and no as true and false, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
