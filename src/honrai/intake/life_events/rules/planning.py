"""The answers to the few questions -> exactly the procedures that follow, each with its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.intake.life_events.rules.definition import Deadline, LifeEvent, Step
from honrai.kernel.business_calendar import STATUTORY
from honrai.kernel.errors import Invalid
from honrai.kernel.periods import period_end
from honrai.procedures.api import FIELD_TYPES, Field, is_true


@dataclass(frozen=True, slots=True)
class Advice:
    """One procedure that follows: `due_on` is the last day, None where the law names none."""

    step: Step
    due_on: date | None

    def days_left(self, on: date) -> int | None:
        """Return how many days remain after `on`; negative when the day has passed."""
        return None if self.due_on is None else (self.due_on - on).days


def answers_of(event: LifeEvent, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed answers of every question; None where it was not answered."""
    return {field.id: typed(field, raw.get(field.id)) for field in event.questions}


def typed(field: Field, raw: Any) -> Any:
    """Return a kept answer as rules read it."""
    return None if raw in (None, "", []) else FIELD_TYPES[field.type].parse(raw, field.options)


def readable(field: Field, raw: Any) -> Any:
    """Return a kept answer as rules read it; what is typed but not readable yet counts as not answered."""
    try:
        return typed(field, raw)
    except Invalid:
        return None


def asked_questions(event: LifeEvent, raw: Mapping[str, Any], on: date) -> frozenset[str]:
    """Return the questions in place now: one with a condition is asked only where the earlier answers call for it."""
    scope = {"q": {one.id: readable(one, raw.get(one.id)) for one in event.questions}, "today": on}
    return frozenset(one.id for one in event.questions if not one.required_if or is_true(one.required_if, scope))


def advise(event: LifeEvent, raw: Mapping[str, Any], on: date) -> tuple[Advice, ...]:
    """Return the procedures the answers call for, those with the nearest deadline first, those without one last.

    Args:
        event: the life event.
        raw: answers by question id, as kept.
        on: today.

    Raises:
        Invalid: an answer does not suit its question.
    """
    asked = asked_questions(event, raw, on)
    answers = answers_of(event, {name: value for name, value in raw.items() if name in asked})
    scope = {"q": answers, "today": on}
    found = [Advice(step, due(step.deadline, answers)) for step in event.steps if is_true(step.when, scope)]
    return tuple(sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max)))


def due(deadline: Deadline | None, answers: Mapping[str, Any]) -> date | None:
    """Return the last day of a period; None without a period or before its first day is known.

    Legal source:
        民法第140条から第143条 (counting); 民法第142条, 地方自治法第4条の2第4項 (an end on a closed day).
    """
    if deadline is None or answers.get(deadline.since) is None:
        return None
    end = period_end(
        answers[deadline.since],
        days=deadline.days,
        months=deadline.months,
        first_day_counts=deadline.first_day_counts,
    )
    return STATUTORY.next_open(end) if deadline.moves else end
