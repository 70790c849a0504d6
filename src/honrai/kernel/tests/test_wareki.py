"""Wareki: both directions, the days eras change, and everything staff type into one box."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import Wareki, format_wareki, list_eras, parse_date

days = st.dates(date(1873, 1, 1), date(2117, 12, 31))


@pytest.mark.parametrize(
    ("western", "written"),
    [
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2020, 1, 1), "令和2年1月1日"),
        (date(2026, 4, 1), "令和8年4月1日"),
    ],
)
def test_the_days_eras_change(western, written):
    assert str(Wareki.of(western)) == written
    assert parse_date(written) == western


@given(days)
def test_every_day_goes_both_ways_in_every_form(day):
    wareki = Wareki.of(day)
    assert wareki.to_date() == day
    for form in (str(wareki), wareki.short, wareki.one_box, wareki.one_box.lower(), f"{day:%Y%m%d}", day.isoformat()):
        assert parse_date(form) == day
    assert parse_date(f"{wareki.era.code}{wareki.one_box[1:]}") == day


@pytest.mark.parametrize(
    "typed",
    [
        "R080401", "r080401", "R8.4.1", "R8/4/1", "R8-4-1", "R08.04.01", "5080401", "20260401", "2026-04-01",
        "2026/4/1", "2026.4.1", "2026年4月1日", "令和8年4月1日", "令8.4.1", "令和8.4.1", "Ｒ０８０４０１",
        "５０８０４０１", "２０２６／４／１", "令和 ８年 ４月 １日", "㋿8年4月1日", "R8・4・1", "2026−04−01",
    ],
)  # fmt: skip
def test_one_box_reads_what_staff_type(typed):
    assert parse_date(typed) == date(2026, 4, 1)


@pytest.mark.parametrize("typed", ["令和元年5月1日", "令和1年5月1日", "R010501", "R元.5.1", "5010501"])
def test_the_first_year_is_gannen_or_one(typed):
    assert parse_date(typed) == date(2019, 5, 1)


def test_days_claimed_by_two_eras_are_read_under_both():
    assert parse_date("明治45年7月30日") == parse_date("大正元年7月30日") == date(1912, 7, 30)
    assert parse_date("大正15年12月25日") == parse_date("昭和元年12月25日") == date(1926, 12, 25)


@pytest.mark.parametrize(
    ("typed", "code", "hint"),
    [
        ("平成35年3月31日", "era-ended", "令和5年3月31日"),
        ("H310501", "era-ended", "R010501"),
        ("昭和64年1月8日", "era-ended", "H010108"),
        ("R010430", "era-not-begun", "H310430"),
        ("昭和元年12月24日", "era-not-begun", "T151224"),
        ("M050101", "era-lunar", "西暦"),
        ("080401", "date-no-era", "R080401"),
        ("R080230", "date-no-such-day", "2月30日"),
        ("20260431", "date-no-such-day", "4月31日"),
        ("R080400", "date-no-such-day", "4月0日"),
        ("3500000", "date-no-such-day", "0月0日"),
        ("きのう", "date-unreadable", "R080401"),
        ("", "date-unreadable", "20260401"),
        ("6080401", "date-unreadable", "R080401"),
        ("2026-4", "date-unreadable", "20260401"),
    ],
)
def test_a_refused_date_says_how_to_mend_it(typed, code, hint):
    with pytest.raises(Invalid) as raised:
        parse_date(typed)
    assert raised.value.code == code
    assert hint in raised.value.message


def test_papers_printed_before_a_change_of_era_can_be_read():
    assert parse_date("平成35年3月31日", past_end=True) == date(2023, 3, 31)


def test_lunar_dates_are_not_converted():
    with pytest.raises(Invalid) as raised:
        Wareki.of(date(1872, 12, 31))
    assert raised.value.code == "era-lunar"
    assert format_wareki(date(1872, 12, 31)) == "1872年12月31日"
    assert format_wareki(date(2026, 11, 22)) == "令和8年11月22日"


def test_eras_follow_one_another_without_a_gap():
    eras = list_eras()
    for earlier, later in pairwise(eras):
        assert earlier.end == later.start - timedelta(days=1)
    assert eras[-1].end is None
    assert [era.code for era in eras] == [1, 2, 3, 4, 5]


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_japanese(text):
    try:
        read = parse_date(text)
    except Invalid as error:
        message = error.message
    else:
        message = str(read) + "。"
    assert message.endswith("。")
