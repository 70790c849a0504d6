"""What the city pays: the fact sheet's worked examples, cases at the edges, and properties that always hold."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.claims.rules import eligibility
from honrai.claims.rules.adjudicate import adjudicate, split_thirds, supplement_of
from honrai.claims.rules.claim import Care, Claim, Route, Scheme, Visit
from honrai.claims.rules.high_cost import divide
from honrai.claims.rules.settings import medical_aid
from honrai.claims.rules.shares import share_percent
from honrai.kernel.errors import Invalid
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

from .claims_cases import cases, claim

RULES = medical_aid()
ALL = [*cases("worked"), *cases("edges")]
DATES = cases("dates")


def _check(results):
    """Every explanation adds up, and nothing gets lost between the payers."""
    for result in results:
        assert Yen.total(step.amount for step in result.steps) == result.city >= Yen(0)
        paid = result.city + result.patient + result.high_cost + result.supplement
        assert paid == result.after_others <= result.share
        assert result.explain().endswith(f"市の助成額 {result.city}")


@pytest.mark.parametrize("case", ALL, ids=[case["name"] for case in ALL])
def test_case(case):
    claims = [claim(row, str(number)) for number, row in enumerate(case["claims"])]
    if "invalid" in case:
        with pytest.raises(Invalid) as caught:
            adjudicate(RULES, claims)
        assert caught.value.code == case["invalid"]
        return
    results = adjudicate(RULES, claims)
    _check(results)
    for result, expected in zip(results, case.get("results", []), strict=bool(case.get("results"))):
        assert {name: getattr(result, name).amount for name in expected} == expected
    totals = case.get("totals", {})
    assert {name: sum(getattr(r, name).amount for r in results) for name in totals} == totals


def test_enough_cases_of_our_own():
    assert len(cases("edges")) + sum(len(rows) for rows in DATES.values()) >= 60


def test_why_520_yen():
    (result,) = adjudicate(RULES, [claim(cases("worked")[0]["claims"][0], "1")])
    assert result.explain() == (
        "医療費 6,120円: 612点×10円\n"
        "医療保険が払う額 -4,900円: 一部負担は未就学(2028年3月31日まで) 2割、10円未満四捨五入で 1,220円\n"
        "受給者の自己負担 -700円: こども医療 外来の自己負担上限(3歳から小学生) 700円(医療機関ごと・月ごと)\n"
        "市の助成額 520円"
    )
    assert result.steps[-1].to_confirm


def test_former_rule_of_21000_yen_counts_the_pharmacy_with_its_prescriber():
    rows = [
        {"scheme": "disabled_full", "birth": date(1981, 3, 3), "month": "202410", "care": care, "points": [points]}
        for care, points in (("outpatient", 6500), ("pharmacy", 4000))
    ]
    results = adjudicate(RULES, [claim(row, row["care"]) for row in rows])
    claims, shares = [r.claim for r in results], [r.share for r in results]
    assert shares == [Yen(19500), Yen(12000)]
    assert "31,500円" in eligibility.in_kind_problem(RULES, claims, shares)
    assert eligibility.in_kind_problem(RULES, claims[:1], shares[:1]) == ""
    after = [claim({**row, "month": "202609"}, row["care"]) for row in rows]
    assert eligibility.in_kind_problem(RULES, after, shares) == ""


@pytest.mark.parametrize("row", DATES["share"], ids=str)
def test_share_percent(row):
    assert share_percent(RULES, row["birth"], row["day"], card_percent=row.get("card"))[0] == row["percent"]


@pytest.mark.parametrize("row", DATES["child_ends"], ids=str)
def test_child_ends(row):
    assert eligibility.child_ends(row["birth"]) == row["last"]


@pytest.mark.parametrize("row", DATES["parent_ends"], ids=str)
def test_parent_ends(row):
    assert eligibility.parent_ends(row["birth"]) == row["last"]


@pytest.mark.parametrize("row", DATES["window"], ids=str)
def test_claim_window(row):
    window = eligibility.claim_window(RULES, YearMonth.parse(row["month"]))
    assert (window.problem(row["received"]) == "") is row["ok"]


@pytest.mark.parametrize("row", DATES["disabled"], ids=str)
def test_disabled_scheme(row):
    found = eligibility.disabled_scheme(row["kind"], row["birth"], row["day"], long_stay=row.get("long_stay", False))
    assert (found.value if found else "none") == row["scheme"]


def test_scheme_priority_is_a_setting_to_confirm():
    month = YearMonth(2026, 9)
    assert eligibility.choose_scheme(RULES, {Scheme.SINGLE_PARENT, Scheme.CHILD}, month) is Scheme.CHILD
    assert "scheme.priority" in {parameter.name for parameter, _ in RULES.list_to_confirm()}
    with pytest.raises(Invalid):
        eligibility.choose_scheme(RULES, set(), month)


@given(st.integers(0, 3_000_000), st.sampled_from(["patient half-up-10", "city floor-1"]))
@settings(max_examples=200)
def test_a_third_never_exceeds_the_whole(left, rule):
    patient, _ = split_thirds(Yen(left), rule)
    assert Yen(0) <= patient <= Yen(left)
    assert abs(patient.amount * 3 - left) <= 15


@given(st.integers(0, 500_000))
@settings(max_examples=100)
def test_supplement_is_whole_hundreds_from_1000(borne):
    paid = supplement_of(Yen(borne), Yen(25_000), Yen(1_000)).amount
    assert paid == (0 if borne < 26_000 else (borne - 25_000) // 100 * 100)


@given(st.integers(1, 10**7), st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
@settings(max_examples=100)
def test_divided_parts_add_up(amount, weights):
    parts = divide(Yen(amount), {str(n): Yen(w) for n, w in enumerate(weights)})
    assert Yen.total(parts.values()) == Yen(amount)


_claims = st.builds(
    Claim,
    key=st.uuids().map(str),
    person=st.sampled_from(["1", "2"]),
    birth=st.dates(date(1953, 1, 1), date(2026, 1, 1)),
    scheme=st.sampled_from([Scheme.SINGLE_PARENT, Scheme.DISABLED_FULL, Scheme.DISABLED_PART]),
    month=st.just(YearMonth(2026, 9)),
    care=st.sampled_from(Care),
    institution=st.sampled_from(["A", "B"]),
    visits=st.lists(st.integers(0, 60_000).map(Visit), min_size=1, max_size=3).map(tuple),
    route=st.sampled_from(Route),
    income=st.sampled_from(["", "ウ"]),
    supplement=st.sampled_from(["", "typical"]),
)


@given(st.lists(_claims, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_every_explanation_adds_up(claims):
    _check(adjudicate(RULES, claims))
