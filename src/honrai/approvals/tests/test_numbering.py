"""Document numbers: their form, and no gap and no double under real concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from conftest import CITY_A, CITY_B
from django.db import connections

from honrai.approvals import api, rules
from honrai.approvals.testing import START
from honrai.platform.authority.api import Invalid, system_actor
from honrai.platform.cities.tenancy import in_city
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.testing import NOW, small_city

DAY = date(2026, 4, 15)
THREADS, EACH = 8, 12


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(2026, 4, 1), "R8こ支第1号"),
        (date(2027, 3, 31), "R8こ支第1号"),
        (date(2027, 4, 1), "R9こ支第1号"),
        (date(2020, 3, 31), "R1こ支第1号"),
        (date(2019, 3, 31), "H30こ支第1号"),
    ],
)
def test_the_year_of_a_number_is_the_fiscal_year(on, label):
    assert rules.number_label("こ支", rules.fiscal_year_of(on), 1) == label


def test_each_section_and_year_counts_by_itself(city):
    people = small_city(city)
    given = [api.next_document_number(people.unit, DAY) for _ in range(3)]
    assert given == ["R8こ支第1号", "R8こ支第2号", "R8こ支第3号"]
    assert api.next_document_number(people.other, DAY) == "R8総第1号"
    assert api.next_document_number(people.unit, date(2027, 4, 1)) == "R9こ支第1号"
    assert api.next_document_number(people.unit, DAY) == "R8こ支第4号"


def test_a_unit_without_a_symbol_uses_the_one_above_and_none_is_an_error(city):
    people = small_city(city)
    below = organisations.define_unit(
        actor=system_actor(city, START),
        now=NOW,
        code="010101",
        kind="subsection",
        name="給付係",
        since=START,
        parent=people.unit,
    )
    assert api.next_document_number(below, DAY) == "R8こ支第1号"
    with pytest.raises(Invalid, match="文書記号"):
        api.next_document_number(people.bureau, DAY)


def test_an_undone_issue_leaves_no_gap(committed):
    with in_city(CITY_A):
        unit = small_city(CITY_A).unit

    def fails():
        with in_city(CITY_A):
            assert api.next_document_number(unit, DAY) == "R8こ支第1号"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with in_city(CITY_A):
        assert api.next_document_number(unit, DAY) == "R8こ支第1号"


def test_eight_at_once_get_every_number_once(committed):
    units = {}
    for city, tag in ((CITY_A, "a-"), (CITY_B, "b-")):
        with in_city(city):
            units[city] = small_city(city, tag=tag).unit

    def issue(thread):
        city = CITY_A if thread % 4 else CITY_B
        given = []
        for turn in range(EACH):
            try:
                with in_city(city):
                    number = api.next_document_number(units[city], DAY)
                    if turn % 5 == 4:
                        raise ZeroDivisionError
                    given.append(number)
            except ZeroDivisionError:
                continue
        connections.close_all()
        return city, given

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(issue, range(THREADS)))
    for city in (CITY_A, CITY_B):
        given = [number for here, numbers in results if here == city for number in numbers]
        assert sorted(given) == sorted(f"R8こ支第{number}号" for number in range(1, len(given) + 1))
        assert len(given) == (6 if city == CITY_A else 2) * (EACH - EACH // 5)
