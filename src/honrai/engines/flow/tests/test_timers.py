from datetime import UTC, date, datetime, timedelta

import pytest

from honrai.engines.flow.api import (
    CancelTask,
    CancelTimer,
    Fired,
    Incident,
    StartTimer,
    StepRefused,
)
from honrai.engines.flow.tests.build import NOW, Play, border, catch, ending, flow_of, tasks

PLAIN = '<startEvent id="s"/>' + ending("z")
LATER = ' cancelActivity="false"'


def hour(number):
    return (NOW + timedelta(hours=number)).isoformat()


def test_a_timer_starts_fires_when_due_and_not_before():
    play = Play(flow_of(PLAIN + catch("t", "PT1H") + tasks("a"), "s>t; t>a; a>z"))
    assert play.last == [StartTimer("1", "t", hour(1))]
    with pytest.raises(StepRefused, match="not yet"):
        play.happen(Fired("1"))
    assert play.fire("t").open == ["a"]
    with pytest.raises(StepRefused, match="no timer"):
        play.happen(Fired("1"))


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-04-03T08:30:00+09:00", "2026-04-03T08:30:00+09:00"),
        ("2026-04-03", "2026-04-03T00:00:00+00:00"),
        ("P1M", "2026-05-01T09:00:00+00:00"),
        ("P1Y2M3DT4H", "2027-06-04T13:00:00+00:00"),
        ("P2W", "2026-04-15T09:00:00+00:00"),
        ('duration("PT30M")', "2026-04-01T09:30:00+00:00"),
        ("now() + duration(late)", "2026-04-01T11:00:00+00:00"),
        ('if late = "PT2H" then date("2026-05-01") else null', "2026-05-01T00:00:00+00:00"),
    ],
)
def test_times_may_be_dates_durations_or_computed(written, due):
    part = "timeDate" if written.startswith("2") else "timeDuration"
    node = f'<intermediateCatchEvent id="t"><timerEventDefinition><{part}>{written}</{part}></timerEventDefinition>'
    play = Play(flow_of(PLAIN + node + "</intermediateCatchEvent>", "s>t; t>z"), {"late": "PT2H"})
    assert play.timers == {"t": due}


@pytest.mark.parametrize("written", ["null", '"soon"', "3", "missing"])
def test_a_time_that_is_none_is_an_incident(written):
    node = f'<intermediateCatchEvent id="t"><timerEventDefinition><timeDate>{written}</timeDate></timerEventDefinition>'
    with pytest.raises(Incident, match="must be a date"):
        Play(flow_of(PLAIN + node + "</intermediateCatchEvent>", "s>t; t>z"))


@pytest.mark.parametrize(("month", "last"), [(1, "2026-02-28"), (3, "2026-04-30"), (7, "2026-08-31")])
def test_a_month_from_the_31st_ends_on_the_last_day(month, last):
    play = Play(flow_of(PLAIN + catch("t", "P1M"), "s>t; t>z"), now=datetime(2026, month, 31, 9, tzinfo=UTC))
    assert play.timers["t"].startswith(f"{last}T09:00")


class Weekdays:
    def add(self, on, days):
        while days:
            on += timedelta(days=1)
            days -= on.weekday() < 5
        return on


def test_business_days_are_counted_by_the_calendar_handed_in():
    flow = flow_of(PLAIN + catch("t", "P3D", ' h:count="business"'), "s>t; t>z")
    assert flow.needs_calendar
    assert Weekdays().add(date(2026, 4, 1), 3) == date(2026, 4, 6)
    assert Play(flow, calendar=Weekdays()).timers == {"t": "2026-04-06T09:00:00+00:00"}
    with pytest.raises(Incident, match="calendar"):
        Play(flow)


def test_a_boundary_timer_interrupts_its_task():
    flow = flow_of(PLAIN + tasks("a", "b") + border("t", "a", "PT1H"), "s>a; a>z; t>b; b>z")
    play = Play(flow).fire("t")
    assert play.open == ["b"]
    assert play.got(CancelTask) == [CancelTask("1", "a")]
    done = Play(flow).done("a")
    assert done.got(CancelTimer) == [CancelTimer("2", "t")]
    assert done.end == "completed"


def test_a_cycle_fires_as_often_as_it_says_counted_from_when_it_was_due():
    flow = flow_of(PLAIN + tasks("a", "b") + border("t", "a", "R3/PT1H", LATER), "s>a; a>z; t>b; b>z")
    play = Play(flow)
    assert play.timers == {"t": hour(1)}
    assert play.fire("t", after=timedelta(minutes=10)).timers == {"t": hour(2)}
    assert play.fire("t").fire("t").timers == {}
    assert play.open == ["a", "b", "b", "b"]
    stopping = Play(flow_of(PLAIN + tasks("a", "b") + border("t", "a", "R3/PT1H"), "s>a; a>z; t>b; b>z")).fire("t")
    assert [one for one in stopping.last if isinstance(one, StartTimer | CancelTimer)] == [], "nothing left to time"
    endless = Play(flow_of(PLAIN + tasks("a", "b") + border("t", "a", "R/PT1H", LATER), "s>a; a>z; t>b; b>z"))
    for _ in range(5):
        endless.fire("t")
    assert endless.timers == {"t": hour(6)}
    assert [item["left"] for item in endless.state["open"].values() if "left" in item] == [-1]
    assert endless.done("a").timers == {}


@pytest.mark.parametrize("written", ["P9999Y", "P99999M", "R/P9000Y"])
def test_a_timer_beyond_all_calendars_is_an_incident(written):
    with pytest.raises(Incident, match="too far ahead"):
        Play(flow_of(PLAIN + tasks("a") + border("t", "a", written), "s>a; a>z; t>z"))


def test_business_days_have_a_bound():
    flow = flow_of(PLAIN + catch("t", "P9999D", ' h:count="business"'), "s>t; t>z")
    with pytest.raises(Incident, match="3660"):
        Play(flow, calendar=Weekdays())
