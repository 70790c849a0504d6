"""The clock: who held a case, what counted, what is left."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.cases import rules
from honrai.cases.clock_rules import Hold, Span, account_of, days_left, hold_of
from honrai.kernel.business_calendar import BusinessCalendar
from honrai.procedures.api import StandardPeriod

CALENDAR = BusinessCalendar()
TOKYO = ZoneInfo("Asia/Tokyo")
UNIT = 7


@pytest.mark.parametrize(
    ("closed", "paused", "tasks", "held"),
    [
        (True, "", [], None),
        (False, "補正", [(3, None, "")], Hold("applicant", standing=True, why="補正")),
        (False, "", [(3, None, ""), (None, 9, "")], Hold("unit", unit=9)),
        (False, "", [(3, None, "")], Hold("contract", contract=3)),
        (False, "", [(None, 7, "link-facts")], Hold("house")),
        (False, "", [], Hold("unit", unit=UNIT, why="待ち")),
    ],
)
def test_who_holds_a_case(closed, paused, tasks, held):
    assert hold_of(closed=closed, paused_for=paused, unit=UNIT, tasks=tasks) == held


def test_days_left_stand_while_the_clock_stands():
    period = StandardPeriod(14, "calendar")
    assert days_left(date(2026, 4, 20), date(2026, 4, 18), None, period, CALENDAR) == 2
    assert days_left(date(2026, 4, 20), date(2026, 4, 22), None, period, CALENDAR) == -2
    assert days_left(date(2026, 4, 20), date(2026, 5, 22), date(2026, 4, 15), period, CALENDAR) == 5
    business = StandardPeriod(5, "business")
    assert days_left(date(2026, 5, 8), date(2026, 4, 30), None, business, CALENDAR) == 3, "連休は数えない"


@settings(max_examples=60, deadline=None)
@given(
    received=st.dates(date(2026, 1, 5), date(2027, 3, 31)),
    lengths=st.lists(st.integers(0, 12), min_size=1, max_size=8),
    length=st.integers(1, 40),
    count=st.sampled_from(["business", "calendar"]),
)
def test_what_counted_and_what_is_left_make_the_published_period(received, lengths, length, count):
    """Alternately the clock runs and stands; the due day moves as the operations move it."""
    period = StandardPeriod(length, count)
    due, today, spans = rules.first_due(received, period, CALENDAR), received, []
    for number, days in enumerate(lengths):
        begun, today = today, today + timedelta(days=days)
        standing = number % 2 == 1
        last = number == len(lengths) - 1
        until = None if last else datetime.combine(today, time(10), TOKYO)
        spans.append(Span(Hold("applicant", standing=standing), datetime.combine(begun, time(10), TOKYO), until))
        if standing and not last:
            due = rules.resumed_due(due, begun, today, period, CALENDAR)
    paused = spans[-1].since.date() if spans[-1].hold.standing else None
    counted = sum(one.days for one in account_of(spans, received, today, period, CALENDAR))
    assert counted + days_left(due, today, paused, period, CALENDAR) == length
