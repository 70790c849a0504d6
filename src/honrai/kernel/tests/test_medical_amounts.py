"""Amounts of medical aid worked through with yen and roundings alone; the rules proper live with claims."""

from decimal import Decimal
from fractions import Fraction

import pytest

from honrai.kernel.yen import Rounding, Yen

SHARE = Rounding.HALF_UP_10


def share(points: int, rate: str) -> Yen:
    """The insured person's share: points at ten yen, to 10 yen, 5 and more up (健康保険法第75条)."""
    return (Yen(10) * points).times(Decimal(rate), SHARE)


def limit(base: int, start: int, total: int) -> Yen:
    """The monthly limit: a base and one hundredth of what exceeds the start, to whole yen, half up."""
    return Yen(base) + Yen(max(0, total - start)).times(Decimal("0.01"), Rounding.HALF_UP_1)


@pytest.mark.parametrize(
    ("points", "rate", "expected"),
    [
        (612, "0.2", 1_220),
        (350, "0.3", 1_050),
        (280, "0.3", 840),
        (740, "0.3", 2_220),
        (515, "0.3", 1_550),
        (823, "0.3", 2_470),
        (42_000, "0.3", 126_000),
        (6_500, "0.3", 19_500),
        (10_000, "0.2", 20_000),
        (1_200, "0.3", 3_600),
    ],
)
def test_shares(points, rate, expected):
    assert share(points, rate) == Yen(expected)


@pytest.mark.parametrize(
    ("base", "start", "total", "expected"),
    [
        (85_800, 286_000, 420_000, 87_140),
        (80_100, 267_000, 420_000, 81_630),
        (80_100, 267_000, 1_000_000, 87_430),
        (85_800, 286_000, 1_000_000, 92_940),
        (85_800, 286_000, 100_000, 85_800),
        (85_800, 286_000, 286_050, 85_801),
        (85_800, 286_000, 286_049, 85_800),
    ],
)
def test_monthly_limits(base, start, total, expected):
    assert limit(base, start, total) == Yen(expected)


@pytest.mark.parametrize(
    ("left", "part", "rounding", "expected"),
    [
        (2_470, Fraction(1, 3), Rounding.HALF_UP_10, 820),
        (2_469, Fraction(1, 3), Rounding.FLOOR_1, 823),
        (87_140, Fraction(2, 3), Rounding.FLOOR_1, 58_093),
        (20_000, Fraction(2, 3), Rounding.FLOOR_1, 13_333),
        (18_000, Fraction(2, 3), Rounding.FLOOR_1, 12_000),
        (1_200, Fraction(1, 3), Rounding.HALF_UP_10, 400),
        (62_140, 1, Rounding.FLOOR_100, 62_100),
    ],
)
def test_parts_of_what_is_left(left, part, rounding, expected):
    assert Yen(left).times(part, rounding) == Yen(expected)


def test_daily_amount_of_parental_leave_benefit():
    daily = Yen(320_000).times(Fraction(1, 22), Rounding.HALF_UP_10)
    assert daily == Yen(14_550)
    assert [daily.times(Decimal(rate), Rounding.FLOOR_1).amount for rate in ("0.67", "0.5", "0.13")] == [
        9_748,
        7_275,
        1_891,
    ]
