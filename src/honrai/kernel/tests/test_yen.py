"""Yen: each rounding on both sides of its limit, and amounts that always add up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.kernel.yen import Rounding, Yen

amounts = st.integers(-(10**13), 10**13)
exact = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10_000)
roundings = st.sampled_from(Rounding)


@pytest.mark.parametrize(
    ("amount", "rounding", "expected"),
    [
        (Fraction(8233, 10), Rounding.FLOOR_1, 823),
        (Fraction(8233, 10), Rounding.HALF_UP_10, 820),
        (1_224, Rounding.HALF_UP_10, 1_220),
        (1_225, Rounding.HALF_UP_10, 1_230),
        (Decimal("1224.9"), Rounding.HALF_UP_10, 1_220),
        (Decimal("0.5"), Rounding.HALF_UP_1, 1),
        (Decimal("0.49"), Rounding.HALF_UP_1, 0),
        (345_678, Rounding.FLOOR_1000, 345_000),
        (1_134, Rounding.FLOOR_100, 1_100),
        (62_140, Rounding.FLOOR_100, 62_100),
        (1, Rounding.CEIL_100, 100),
        (100, Rounding.CEIL_100, 100),
        (Decimal("100.01"), Rounding.CEIL_1, 101),
        (150, Rounding.HALF_UP_100, 200),
        (-1_225, Rounding.HALF_UP_10, -1_230),
        (Decimal("-0.9"), Rounding.FLOOR_1, 0),
        (-1, Rounding.CEIL_10, -10),
    ],
)
def test_each_rounding_on_both_sides_of_its_limit(amount, rounding, expected):
    assert rounding.apply(amount) == expected


@given(exact, roundings)
def test_rounding_stays_within_one_unit_and_lands_on_the_unit(amount, rounding):
    result = rounding.apply(amount)
    assert result % rounding.unit == 0
    assert abs(result - amount) < rounding.unit
    if rounding.value.startswith("floor"):
        assert abs(result) <= abs(amount)
    if rounding.value.startswith("ceil"):
        assert abs(result) >= abs(amount)
    if rounding.value.startswith("half-up"):
        assert abs(result - amount) * 2 <= rounding.unit


@given(exact, roundings)
def test_a_correction_cancels_what_it_corrects(amount, rounding):
    assert rounding.apply(-amount) == -rounding.apply(amount)


@given(amounts, roundings)
def test_whole_and_fractional_input_round_alike(amount, rounding):
    assert rounding.apply(amount) == rounding.apply(Fraction(amount)) == rounding.apply(Decimal(amount))
    assert rounding.apply(rounding.apply(amount)) == rounding.apply(amount)


def test_binary_floats_are_refused():
    with pytest.raises(TypeError):
        Rounding.FLOOR_1.apply(0.1)
    with pytest.raises(TypeError):
        Yen(100).times(0.1, Rounding.FLOOR_1)
    with pytest.raises(TypeError):
        Yen(1.0)
    with pytest.raises(TypeError):
        Yen(True)


def test_labels_are_the_words_of_an_ordinance():
    assert Rounding.FLOOR_1000.label == "1,000円未満切捨て"
    assert Rounding("half-up-10").label == "10円未満四捨五入"
    assert Rounding.CEIL_1.label == "1円未満切上げ"


@pytest.mark.parametrize(
    ("whole", "parts", "rounding", "first", "later"),
    [
        (153_400, 4, Rounding.FLOOR_1000, 39_400, 38_000),
        (153_400, 12, Rounding.FLOOR_100, 13_700, 12_700),
        (900, 4, Rounding.FLOOR_1000, 900, 0),
        (4_000, 4, Rounding.FLOOR_1000, 1_000, 1_000),
    ],
)
def test_split_puts_the_rest_into_the_first_instalment(whole, parts, rounding, first, later):
    assert Yen(whole).split(parts, rounding) == (Yen(first), *[Yen(later)] * (parts - 1))


@given(amounts, st.integers(1, 40), st.sampled_from([r for r in Rounding if r.value.startswith("floor")]))
def test_instalments_add_up(amount, parts, rounding):
    instalments = Yen(amount).split(parts, rounding)
    assert len(instalments) == parts
    assert Yen.total(instalments) == Yen(amount)
    assert all(part.amount % rounding.unit == 0 for part in instalments[1:])


def test_split_refuses_what_cannot_add_up():
    with pytest.raises(ValueError):
        Yen(100).split(0, Rounding.FLOOR_1)
    with pytest.raises(ValueError):
        Yen(100).split(2, Rounding.CEIL_100)


@given(amounts, amounts, st.integers(-1_000, 1_000))
def test_yen_counts_as_whole_numbers_do(a, b, n):
    assert Yen(a) + Yen(b) == Yen(a + b)
    assert Yen(a) - Yen(b) == Yen(a - b)
    assert Yen(a) * n == n * Yen(a) == Yen(a * n)
    assert -Yen(a) == Yen(-a)
    assert (Yen(a) < Yen(b)) == (a < b)
    assert bool(Yen(a)) == bool(a)
    assert int(Yen(a)) == a


def test_yen_does_not_mix_with_plain_numbers():
    with pytest.raises(AttributeError):
        Yen(1) + 1
    assert Yen(1) != 1


@given(amounts)
def test_what_is_shown_can_be_typed(amount):
    assert Yen.parse(str(Yen(amount))) == Yen(amount)
    assert Yen.parse(str(amount)) == Yen(amount)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("１２，３００円", 12_300), ("¥12,300", 12_300), ("￥ 500", 500), ("▲500", -500), ("△1,000円", -1_000), ("0", 0)],
)
def test_amounts_as_people_type_them(typed, amount):
    assert Yen.parse(typed) == Yen(amount)


@pytest.mark.parametrize("typed", ["", "12.5", "1,23", "1234,567", "一万", "--5", "5-", "1e3", "²"])
def test_unreadable_amounts_say_how_to_mend_them(typed):
    with pytest.raises(Invalid) as raised:
        Yen.parse(typed)
    assert raised.value.message.endswith("。")


def test_rounded_and_times():
    assert Yen(345_678).rounded(Rounding.FLOOR_1000) == Yen(345_000)
    assert Yen(2_470).times(Fraction(2, 3), Rounding.FLOOR_1) == Yen(1_646)
    assert Yen(612 * 10).times(Decimal("0.2"), Rounding.HALF_UP_10) == Yen(1_220)
