"""Late charges and interest on refunds worked through with kernel values alone: dates, rates, cuts.

The rules proper live with collection; these are the figures they rest on.
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from honrai.kernel.errors import Invalid
from honrai.kernel.parameter_file import law_parameters
from honrai.kernel.periods import one_month_after_due
from honrai.kernel.yen import Rounding, Yen

RATES = law_parameters("tax_interest")
DAY = timedelta(days=1)


def accrue(base: Yen, rate: str, first: date, last: date) -> list[int]:
    """Interest of each stretch at one rate, cut to whole yen; a year has 365 days also when it is a leap year."""
    return [
        base.times(Fraction(percent.value) / 100 * ((end - start).days + 1) / 365, Rounding.FLOOR_1).amount
        for start, end, percent in RATES[rate].dated.segments(first, last)
    ]


def cut(base: Yen) -> Yen:
    return Yen(0) if base < Yen(2_000) else base.rounded(Rounding.FLOOR_1000)


def settle(total: int) -> Yen:
    return Yen(0) if total < 1_000 else Yen(total).rounded(Rounding.FLOOR_100)


@pytest.mark.parametrize(
    ("tax", "due", "paid", "steps", "charge"),
    [
        (56_400, date(2026, 2, 2), date(2026, 5, 29), [120, 1_228], 1_300),
        (153_800, date(2025, 10, 31), date(2026, 3, 15), [301, 1_130, 2_822], 4_200),
        (12_300, date(2025, 7, 31), date(2025, 9, 30), [24, 85], 0),
        (100_000, date(2023, 6, 30), date(2024, 6, 30), [203, 3_646, 4_338], 8_100),
        (84_900, date(2025, 1, 31), date(2025, 12, 25), [154, 6_006], 6_100),
    ],
)
def test_late_charges(tax, due, paid, steps, charge):
    base, month = cut(Yen(tax)), one_month_after_due(due)
    worked = accrue(base, "late_charge.first_month", due + DAY, min(month, paid))
    worked += accrue(base, "late_charge.after", month + DAY, paid)
    assert worked == steps
    assert settle(sum(worked)) == Yen(charge)


@pytest.mark.parametrize(
    ("refund", "first", "last", "steps", "interest"),
    [
        (1_250_900, date(2025, 7, 1), date(2026, 2, 20), [5_671, 2_270], 7_900),
        (84_500, date(2025, 7, 1), date(2026, 2, 20), [381, 152], 0),
        (523_400, one_month_after_due(date(2025, 6, 30)) + DAY, date(2026, 1, 31), [1_973, 577], 2_500),
    ],
)
def test_interest_on_refunds(refund, first, last, steps, interest):
    worked = accrue(cut(Yen(refund)), "refund_interest", first, last)
    assert worked == steps
    assert settle(sum(worked)) == Yen(interest)


def test_a_double_payment_bears_interest_from_august_first():
    assert one_month_after_due(date(2025, 6, 30)) + DAY == date(2025, 8, 1)


@pytest.mark.parametrize(
    ("year", "first_month", "after", "refund"),
    [
        (2014, "2.9", "9.2", "1.9"),
        (2016, "2.8", "9.1", "1.8"),
        (2017, "2.7", "9.0", "1.7"),
        (2020, "2.6", "8.9", "1.6"),
        (2021, "2.5", "8.8", "1.0"),
        (2025, "2.4", "8.7", "0.9"),
        (2026, "2.8", "9.1", "1.3"),
    ],
)
def test_rates_of_a_year(year, first_month, after, refund):
    for day in (date(year, 1, 1), date(year, 12, 31)):
        context = RATES.at(day)
        assert str(context["late_charge"]["first_month"]) == first_month
        assert str(context["late_charge"]["after"]) == after
        assert str(context["refund_interest"]) == str(context["grace"]) == refund


def test_a_year_whose_rates_are_not_fixed_is_refused():
    with pytest.raises(Invalid, match="2027-01-01"):
        accrue(Yen(100_000), "late_charge.after", date(2026, 12, 1), date(2027, 1, 10))
