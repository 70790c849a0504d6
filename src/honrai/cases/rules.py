"""Casework decided from values: the clock, what a condition of the flow may read, who a step belongs to, its lease."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Act, Apart
from honrai.procedures.api import StandardPeriod

LEASE = timedelta(minutes=30)
#: Steps the house does by itself. A step of any other robot is done by people of its unit until such a robot is at work.
SERVICES = frozenset({"link-facts"})
#: Steps that tell the core systems; the house does them where the pack says what to tell (entries.yaml).
TELLING = frozenset({"core-entry", "ledger-entry"})
_APART = {"second": Apart.PERSON, "blind": Apart.PERSON, "firm": Apart.FIRM, "contract": Apart.CONTRACT}


class OpenDays(Protocol):
    """The city's calendar of open days."""

    def add(self, on: date, days: int) -> date:
        """Return the day so many open days after `on`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What an application brings: answers by field id, attachments as (id, file key), who it is about."""

    number: str
    application: int
    version: int
    channel: str
    received_on: date
    name: str
    kana: str
    born_on: date | None
    party: str
    values: dict[str, Any]
    attachments: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What the flow says of one task.

    Attributes:
        act: its legal class.
        delegated: it lies in the contractor's lane and may.
        checks: id of the step it checks, "" for none.
        apart: how far its doer must stand from that step's.
        decides: id of the decision it takes, "" for none.
        letter: id of the letter it issues; "outcome" for all letters of the outcome.
        robot: name of the service that does it, "" for people.
        form: section of the form it shows, "all", or "".
        skill: skill code and level (0-4) it needs (`honrai:skill="code 2"`), None for none.
        blind: its doer keys again without seeing what stands there.
    """

    node: str
    title: str
    act: Act
    delegated: bool
    checks: str
    apart: Apart
    decides: str
    letter: str
    robot: str
    form: str
    skill: tuple[str, int] | None = None
    blind: bool = False


def step_of(flow: flow_engine.Flow, node: str) -> Step:
    """Return what the flow says of a task."""
    found = flow.steps[node].node
    if found is None:
        raise LookupError(f"{node} is no task of the flow")
    said = found.honrai
    return Step(
        node=node,
        title=found.name or node,
        act=Act(said.get("act", "factual")),
        delegated=said.get("delegable") == "yes",
        checks=said.get("checks", ""),
        apart=_APART.get(said.get("check", ""), Apart.PERSON),
        decides=said.get("decides", ""),
        letter=said.get("letter", ""),
        robot=said.get("robot", ""),
        form=said.get("form", ""),
        skill=skill_of(said.get("skill", "")),
        blind=said.get("check") == "blind",
    )


def skill_of(said: str) -> tuple[str, int] | None:
    """Return skill code and level of `code level`; the level is 1 where none is said."""
    code, _, level = said.strip().partition(" ")
    return (code, int(level) if level.strip() in set("01234") else 1) if code else None


def results_of(flow: flow_engine.Flow, node: str) -> Sequence[str]:
    """Return the words a task may end with: those the conditions behind it ask for, and the name of each way otherwise.

    A task nothing asks about ends without a word.
    """
    found: dict[str, None] = {}
    scope = flow.process.body
    for one in scope.nodes.values():
        leaving = [scope.flows[key] for key in one.outgoing]
        said = [_RESULT.findall(flow.condition.text) for flow in leaving if flow.condition is not None]
        words = [word for pairs in said for task, word in pairs if task == node]
        if words:
            found |= dict.fromkeys(words)
            found |= dict.fromkeys(flow.name for flow in leaving if flow.id == one.default and flow.name)
    return tuple(found)


_RESULT = re.compile(r'results\.(\w+)\s*=\s*"([^"]+)"')


def first_due(received: date, period: StandardPeriod, calendar: OpenDays) -> date:
    """Return the last day of the standard processing period (標準処理期間).

    The day of arrival is not counted (民法140条). Business days by the city's calendar, or calendar days as published.

    Legal source:
        行政手続法6条; how a city counts is what it published.
    """
    if period.count == "business":
        return calendar.add(received, period.days)
    return received + timedelta(days=period.days)


def resumed_due(due: date, paused_since: date, resumed: date, period: StandardPeriod, calendar: OpenDays) -> date:
    """Return the due day after the clock stood from `paused_since` to `resumed`: later by as many days as it stood.

    The day it stops counts as running, the day it runs again does not.

    Source: 補正に要する期間は標準処理期間に含まれない運用 (domain/benefits.md 9).
    """
    stood = max(0, (resumed - paused_since).days)
    if period.count != "business":
        return due + timedelta(days=stood)
    open_days = sum(1 for _ in _open_days_between(paused_since, resumed, calendar))
    return calendar.add(due, open_days) if open_days else due


def _open_days_between(start: date, end: date, calendar: OpenDays) -> list[date]:
    """Open days after `start` up to and including `end`."""
    found: list[date] = []
    day = calendar.add(start, 1)
    while day <= end:
        found.append(day)
        day = calendar.add(day, 1)
    return found


def flow_facts(
    results: Mapping[str, str], proposal: Mapping[str, Any], deficiencies: int, holds: int
) -> dict[str, Any]:
    """Return what conditions of a flow may read: `case`, `results` by task, `proposal`.

    Args:
        results: the word each task ended with.
        proposal: outcome and kind, as proposed last.
        deficiencies: how many the applicant has to mend.
        holds: how many stand with the city (支援措置, facts not yet known).
    """
    return {
        "case": {"deficiencies": deficiencies, "holds": holds},
        "results": dict(results),
        "proposal": {"kind": None, "outcome": None} | dict(proposal),
    }


def lease_end(now: datetime) -> datetime:
    """Return when a claim made or renewed now lapses."""
    return now + LEASE


def is_leased(claimed_by: int | None, lease_until: datetime | None, now: datetime) -> bool:
    """Say whether a claim still holds."""
    return claimed_by is not None and lease_until is not None and lease_until > now
