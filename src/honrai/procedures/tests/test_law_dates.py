"""The formulas of the packs give the days of law the kernel gives, for any birth."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from honrai.kernel.ages import end_of_fiscal_year_attaining, end_of_month_attaining, school_grade
from honrai.kernel.fiscal_year import FiscalYear
from honrai.procedures.rules.proposing import propose

from .packs import pack

DAY = date(2026, 5, 11)
BIRTHS = st.dates(date(2005, 4, 2), DAY)


def results(code: str, **values) -> dict:
    one = next(case for case in pack(code).precedents if not case.expect.deficiencies)
    changed = {**one.values, **values}
    return dict(propose(pack(code), changed, one.facts, DAY, channel=one.channel, attached=one.attachments).results)


@given(BIRTHS)
@example(date(2008, 4, 1))
@example(date(2008, 4, 2))
@example(date(2008, 2, 29))
@settings(max_examples=60, deadline=None)
def test_children_are_covered_to_the_end_of_the_year_they_attain_eighteen(birth):
    found = results("kodomo-iryo", **{"child.born": birth})
    last = end_of_fiscal_year_attaining(birth, 18)
    assert found["対象の最終日"] == last
    assert found["年齢区分"] == ("対象" if last >= DAY else "年齢超過")


@given(BIRTHS)
@example(date(2014, 4, 1))
@example(date(2014, 4, 2))
@example(date(2023, 5, 11))
@settings(max_examples=60, deadline=None)
def test_school_stages_follow_the_school_year(birth):
    grade = school_grade(birth, FiscalYear.of(DAY))
    found = results("kodomo-iryo", **{"child.born": birth})["学齢区分"]
    if grade > 12:
        assert found == "年齢超過"
    elif grade > 6:
        assert found == ("中学生" if grade <= 9 else "高校生相当")
    else:
        assert found in ("3歳から小学生", "0歳から2歳")


@given(BIRTHS)
@example(date(2006, 7, 1))
@example(date(2006, 7, 2))
@example(date(2008, 2, 29))
@example(date(2006, 1, 1))
@settings(max_examples=60, deadline=None)
def test_a_parent_is_covered_to_the_end_of_the_month_the_child_attains_twenty(birth):
    found = results("hitorioya-iryo", children=[{"name": "見本 はな", "born": birth, "together": True}])
    assert found["親の最終日"] == end_of_month_attaining(birth, 20)
    assert found["児童の最終日"] == [end_of_fiscal_year_attaining(birth, 18)]


@pytest.mark.parametrize("month", [date(2025, 1, 1), date(2025, 2, 1), date(2024, 2, 1), date(2025, 12, 1)])
def test_a_claim_may_be_made_for_twelve_months_from_the_month_after(month):
    found = results("kodomo-iryo-shokan", **{"claim.month": month})
    after = date(month.year + 1, month.month, 1)
    following = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    assert found["請求期限"] == following - timedelta(days=1)
