"""The work list: what waits, most urgent first, with who is at it; every filter stands in the address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.cases import api as cases
from honrai.desk.finding import receipt_of
from honrai.desk.listings import days_left
from honrai.platform.authority.api import Actor
from honrai.platform.organisations.api import display_names, units_on
from honrai.procedures import api as procedures
from honrai.ui.tables import Cell, Column, Filter, Listing

Rows = QuerySet[Any]
Choices = tuple[tuple[str, str], ...]
DUE: Choices = (("", "すべて"), ("late", "期限を過ぎた"), ("today", "今日まで"), ("soon", "3日以内"))
WHOSE: Choices = (
    ("", "すべて"),
    ("free", "待ち"),
    ("mine", "自分が作業中"),
    ("to-me", "自分に割当て"),
    ("busy", "作業中"),
    ("held", "保留"),
)
AGE: Choices = (("", "すべて"), ("3", "3日以上"), ("7", "7日以上"), ("14", "14日以上"), ("30", "30日以上"))


def rows_of(actor: Actor, asked: Mapping[str, str]) -> Rows:
    """Return the tasks of a work list before its filters: waiting ones, or held ones where those are asked for."""
    state = "held" if asked.get("whose") == "held" else "open"
    return cases.work_for(actor, every_state=True).filter(state=state)


def matching(actor: Actor, asked: Mapping[str, str], now: datetime) -> Rows:
    """Return all tasks an address asks for, without drawing them: counts and bulk acts work on these."""
    rows = rows_of(actor, asked)
    for one in filters(actor, asked, now):
        if value := asked.get(one.key, "").strip():
            rows = one.apply(rows, value)
    return rows


def work_list(actor: Actor, asked: Mapping[str, str], now: datetime) -> Listing:
    """Return the work list of one person."""
    names: dict[int, str] = {}

    def prepare(rows: Sequence[Any]) -> None:
        people = {row.claimed_by for row in rows if _held(row, now)} | {row.assigned_to for row in rows}
        names.update(display_names(actor, people - {None}, actor.day))

    return Listing(
        id="tasks",
        caption="待っている作業",
        columns=(
            Column("受付番号", lambda row: Cell(row.case.number, url=reverse("desk:task", args=[row.pk]))),
            Column("手続", lambda row: row.case.title, order=("procedure",)),
            Column("作業", lambda row: row.title, order=("node",)),
            Column("区", lambda row: row.ward, order=("ward",)),
            Column("氏名", lambda row: _name(row.case, actor)),
            Column("到達日", lambda row: f"{row.case.received_on:%Y/%m/%d}", order=("case__received_on",)),
            Column("残り", lambda row: days_left((row.due_on - now.date()).days), order=("due_on",), numeric=True),
            Column("状態", lambda row: _presence(row, actor, names, now)),
            Column("割当て", lambda row: names.get(row.assigned_to, "")),
        ),
        filters=filters(actor, asked, now),
        order=("urgent_on", "pk"),
        empty="待っている作業はありません。",
        part="work",
        prepare=prepare,
    )


def filters(actor: Actor, asked: Mapping[str, str], now: datetime) -> tuple[Filter, ...]:
    """Return the filters of the work list; steps can be chosen once a procedure is."""
    today = now.date()
    return (
        Filter("q", "受付番号", lambda rows, value: rows.filter(case__number=receipt_of(value, today) or value)),
        Filter("procedure", "手続", _equal("procedure"), _procedures(today)),
        *(
            [Filter("step", "作業", _equal("node"), _steps(asked["procedure"], today))]
            if asked.get("procedure")
            else []
        ),
        Filter("ward", "区", _equal("ward"), _wards(today)),
        Filter("due", "期限", lambda rows, value: rows.filter(_due(value, today)), DUE),
        Filter("age", "待ち日数", lambda rows, value: _aged(rows, value, now), AGE),
        Filter("whose", "状態", lambda rows, value: rows.filter(_whose(value, actor, now)), WHOSE),
    )


def _equal(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: value})


def _procedures(day: date) -> Choices:
    return (("", "すべて"), *((one.code, one.title) for one in procedures.in_force(day)))


def _steps(code: str, day: date) -> Choices:
    version = next((one for one in procedures.in_force(day) if one.code == code), None)
    if version is None:
        return (("", "すべて"),)
    nodes = [step.node for step in procedures.runnable(version.id).flow.steps.values()]
    tasks = [node for node in nodes if node is not None and node.kind in {"userTask", "manualTask", "task"}]
    return (("", "すべて"), *((node.id, node.name or node.id) for node in tasks))


def _wards(day: date) -> Choices:
    return (("", "すべて"), *((unit.name, unit.name) for unit in units_on(day) if unit.kind == "ward"))


def _due(value: str, today: date) -> Q:
    last = {"late": today - timedelta(days=1), "today": today, "soon": today + timedelta(days=3)}.get(value)
    return Q(due_on__lte=last) if last is not None else Q()


def _aged(rows: Rows, value: str, now: datetime) -> Rows:
    return rows.filter(opened_at__lte=now - timedelta(days=int(value))) if value in dict(AGE) else rows


def _whose(value: str, actor: Actor, now: datetime) -> Q:
    leased = Q(claimed_by__isnull=False, lease_until__gt=now)
    return {
        "free": ~leased | Q(claimed_by__isnull=True) | Q(lease_until__isnull=True),
        "mine": leased & Q(claimed_by=actor.person),
        "busy": leased,
        "to-me": Q(assigned_to=actor.person),
    }.get(value, Q())


def _held(row: Any, now: datetime) -> bool:
    return row.claimed_by is not None and row.lease_until is not None and bool(row.lease_until > now)


def _presence(row: Any, actor: Actor, names: Mapping[int, str], now: datetime) -> Cell:
    if row.state == "held":
        return Cell(f"保留　{row.held_for}", badge="warn")
    if not _held(row, now):
        return Cell("待ち")
    if row.claimed_by == actor.person:
        return Cell("自分が作業中", badge="info")
    return Cell(f"{names.get(row.claimed_by, 'ほかの人')} が作業中", badge="warn")


def _name(case: Any, actor: Actor) -> str:
    return "（支援措置）" if case.protected and actor.contract is not None else str(case.name)
