"""Dated: the value of a day, spans cut at changes, gaps and overlaps refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.dated import Dated, Period
from honrai.kernel.errors import Invalid

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@st.composite
def histories(draw):
    starts = sorted(draw(st.lists(days, min_size=1, max_size=6, unique=True)))
    last = draw(st.one_of(st.none(), st.integers(1, 400).map(lambda n: starts[-1] + timedelta(days=n))))
    ends = [*starts[1:], last]
    return Dated("率", tuple(Period(s, e, n) for n, (s, e) in enumerate(zip(starts, ends, strict=True))))


RATES = Dated("率", (Period(date(2025, 1, 1), date(2026, 1, 1), 9), Period(date(2026, 1, 1), date(2027, 1, 1), 13)))


def test_a_value_begins_on_its_day_and_ends_before_the_next():
    assert RATES.at(date(2025, 12, 31)) == 9
    assert RATES.at(date(2026, 1, 1)) == 13
    assert RATES.changes == (date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1))


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2027, 1, 1)])
def test_a_day_without_value_is_named(day):
    assert not RATES.covers(day)
    with pytest.raises(Invalid, match=str(day)):
        RATES.at(day)


def test_a_span_is_cut_at_the_turn_of_the_year():
    assert list(RATES.segments(date(2025, 7, 1), date(2026, 2, 20))) == [
        (date(2025, 7, 1), date(2025, 12, 31), 9),
        (date(2026, 1, 1), date(2026, 2, 20), 13),
    ]
    assert list(RATES.segments(date(2025, 7, 2), date(2025, 7, 1))) == []
    with pytest.raises(Invalid):
        list(RATES.segments(date(2026, 12, 1), date(2027, 1, 5)))


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ((), "dated-empty"),
        ((Period(date(2026, 1, 1), date(2026, 1, 1), 1),), "dated-reversed"),
        ((Period(date(2026, 1, 1), None, 1), Period(date(2027, 1, 1), None, 2)), "dated-overlap"),
        ((Period(date(2026, 1, 1), date(2027, 2, 1), 1), Period(date(2027, 1, 1), None, 2)), "dated-overlap"),
        ((Period(date(2026, 1, 1), date(2026, 6, 1), 1), Period(date(2027, 1, 1), None, 2)), "dated-gap"),
        ((Period(date(2027, 1, 1), None, 1), Period(date(2026, 1, 1), None, 2)), "dated-overlap"),
    ],
)
def test_gaps_and_overlaps_are_refused_by_name(periods, code):
    with pytest.raises(Invalid, match="率") as raised:
        Dated("率", periods)
    assert raised.value.code == code


@given(histories(), days)
def test_the_value_of_a_day_is_the_one_whose_period_holds_it(history, day):
    holding = [p.value for p in history.periods if p.start <= day and (p.end is None or day < p.end)]
    assert history.covers(day) == bool(holding)
    if holding:
        assert [history.at(day)] == holding


@given(histories(), st.integers(0, 2_000), st.integers(0, 900))
def test_segments_cover_a_span_once(history, offset, length):
    first = history.periods[0].start + timedelta(days=offset)
    last = first + timedelta(days=length)
    if not (history.covers(first) and history.covers(last)):
        return
    covered = [s + timedelta(days=n) for s, e, _ in history.segments(first, last) for n in range((e - s).days + 1)]
    assert covered == [first + timedelta(days=n) for n in range(length + 1)]
    assert all(history.at(s) == history.at(e) == value for s, e, value in history.segments(first, last))


@given(histories())
def test_mapping_keeps_the_days(history):
    doubled = history.map(lambda n: n * 2)
    assert doubled.changes == history.changes
    assert [p.value for p in doubled.periods] == [p.value * 2 for p in history.periods]
