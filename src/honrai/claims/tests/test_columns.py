"""The column rules equal the one-case rules: all vectors, households of any make, parts on any number of machines."""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.claims.columns.adjudicate import adjudicate_frame
from honrai.claims.columns.frame import frame_of
from honrai.claims.columns.parts import in_parts
from honrai.claims.rules.adjudicate import adjudicate
from honrai.claims.rules.claim import Care, Claim, OtherPayer, Route, Scheme, Visit
from honrai.claims.rules.settings import medical_aid
from honrai.kernel.errors import Invalid
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

from .claims_cases import cases, claim

RULES = medical_aid()
NAMES = ("share", "after_others", "high_cost", "supplement_paid", "patient", "city")


def _one_by_one(households: dict[str, list[Claim]]) -> dict[str, tuple]:
    """Return by key what the one-case rules give; a claim that cannot be judged is taken out of its household first."""
    found = {}
    for claims in households.values():
        good = []
        for each in claims:
            try:
                adjudicate(RULES, [each])
                good.append(each)
            except Invalid as error:
                found[each.key] = error.code
        for result in adjudicate(RULES, good):
            amounts = (
                result.share,
                result.after_others,
                result.high_cost,
                result.supplement,
                result.patient,
                result.city,
            )
            found[result.claim.key] = tuple(amount.amount for amount in amounts)
    return found


def _by_columns(households: dict[str, list[Claim]], judge=adjudicate_frame) -> dict[str, tuple]:
    frame = frame_of((name, each) for name, claims in households.items() for each in claims)
    rows = judge(RULES, frame)
    return {row["key"]: row["problem"] or tuple(row[name] for name in NAMES) for row in rows.iter_rows(named=True)}


def _vectors() -> dict[str, list[Claim]]:
    return {
        case["name"]: [claim(row, f"{case['name']}/{number}") for number, row in enumerate(case["claims"])]
        for case in (*cases("worked"), *cases("edges"))
    }


def test_every_vector_gives_the_same_by_columns():
    households = _vectors()
    assert _by_columns(households) == _one_by_one(households)


def test_the_seam_gives_the_same_in_any_number_of_parts():
    households, expected = _vectors(), _by_columns(_vectors())
    for number in (1, 2, 7):
        assert _by_columns(households, lambda rules, frame, n=number: in_parts(frame, n, _judge)) == expected


def _judge(frame: pl.DataFrame) -> pl.DataFrame:
    return adjudicate_frame(RULES, frame)


def test_no_claims_give_no_rows():
    assert adjudicate_frame(RULES, frame_of([])).height == 0


def test_75th_birthday_halves_the_limits():
    row = {"scheme": "disabled_full", "birth": date(1951, 9, 15), "month": "202609", "care": "inpatient", "points": [50000],
           "income": "一般", "card_percent": 10}  # fmt: skip
    (result,) = adjudicate(RULES, [claim(row, "1")])
    assert (result.share.amount, result.city.amount) == (50_000, 30_750)
    first = {**row, "birth": date(1951, 9, 1)}
    assert adjudicate(RULES, [claim(first, "1")])[0].city.amount == 50_000


_yen = st.integers(0, 120_000).map(Yen)
_others = st.builds(
    OtherPayer,
    name=st.just("公費"),
    rate=st.sampled_from([None, Fraction(1, 10), Fraction(1, 5)]),
    limit=st.none() | _yen,
    pays=st.none() | _yen,
)
_births = st.one_of(
    st.dates(date(1930, 1, 1), date(2026, 7, 1)),
    st.sampled_from([
        date(2008, 4, 1), date(2008, 4, 2), date(2020, 2, 29), date(2020, 4, 1), date(2023, 9, 1), date(1956, 9, 1),
        date(1956, 8, 2), date(1951, 9, 15), date(1951, 9, 1), date(1951, 8, 31), date(1952, 2, 29), date(2013, 4, 2),
    ]),
)  # fmt: skip


def _claims(month):
    visits = st.builds(Visit, st.integers(0, 60_000), st.sampled_from([10, 10, 1]), st.none() | st.just(month.last))
    return st.builds(
        Claim,
        key=st.uuids().map(str),
        person=st.sampled_from(["1", "2", "3"]),
        birth=_births,
        scheme=st.sampled_from(Scheme),
        month=st.just(month),
        care=st.sampled_from(Care),
        institution=st.sampled_from(["A", "B"]),
        visits=st.lists(visits, min_size=1, max_size=3).map(tuple),
        route=st.sampled_from(Route),
        insurer=st.sampled_from(["", "01430016", "39430012"]),
        card_percent=st.sampled_from([None, None, 10, 20, 30, 40]),
        income=st.sampled_from(["", "ア", "ウ", "ウ", "エ", "オ", "一般", "低Ⅱ", "低Ⅰ", "現役Ⅱ", "ヌ"]),
        frequent=st.booleans(),
        prescriber=st.sampled_from(["", "A", "B"]),
        others=st.lists(_others, max_size=2).map(tuple),
        supplement=st.sampled_from(["", "typical"]),
        high_cost_decided=st.none() | _yen,
        supplement_decided=st.none() | _yen,
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_households_of_any_make_give_the_same(data):
    months = st.sampled_from(
        [YearMonth(2026, 9), YearMonth(2026, 7), YearMonth(2026, 3), YearMonth(2027, 8), YearMonth(2023, 11)]
    )
    households = {}
    for number in range(data.draw(st.integers(1, 6))):
        households[f"h{number}"] = data.draw(st.lists(_claims(data.draw(months)), min_size=1, max_size=6))
    assert _by_columns(households) == _one_by_one(households)


@pytest.mark.parametrize("rate", ["half-up-10", "floor-1", "ceil-100", "half-up-1"])
def test_rounding_by_columns_equals_rounding(rate):
    from honrai.claims.columns.values import rounded
    from honrai.kernel.yen import Rounding

    rounding, frame = Rounding(rate), pl.DataFrame({"x": range(3_000)})
    assert frame.select(rounded(pl.col("x"), 3, rounding)).to_series().to_list() == [
        rounding.apply(Fraction(x, 3)) for x in range(3_000)
    ]
