"""高額療養費: how much of a household's month the insurer gives back, by income class, age and month of treatment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from honrai.claims.rules.settings import value
from honrai.kernel.errors import Invalid
from honrai.kernel.parameters import Parameters
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Rounding, Yen


@dataclass(frozen=True, slots=True)
class Bill:
    """One row of a household's month: a person, an institution, in or out.

    Attributes:
        key: name of the row.
        person: who.
        elder: 70 or over in that month.
        group: rows of one group count as one for the 21,000 yen (institution, in/out; a pharmacy joins its prescriber).
        outpatient: outpatient or pharmacy.
        cost: medical cost.
        share: what the patient pays.
        half: the 75th birthday lies in that month and is not its first day, so that the person's own limits are halved.
    """

    key: str
    person: str
    elder: bool
    group: str
    outpatient: bool
    cost: Yen
    share: Yen
    half: bool = False


@dataclass(frozen=True, slots=True)
class HighCost:
    """What is given back, row by row, and how it was found.

    Attributes:
        paid: yen by key of the row; rows without are left out.
        notes: one Japanese sentence for each step.
    """

    paid: Mapping[str, Yen]
    notes: tuple[str, ...]

    @property
    def total(self) -> Yen:
        """Everything given back."""
        return Yen.total(self.paid.values())


def limit_of(row: Mapping[str, int], cost: Yen, *, frequent: bool) -> Yen:
    """Return the monthly limit of one income class: base + 1 % of the cost above the start, or the flat 多数回 limit.

    The one per cent is rounded half up to whole yen, and never negative.

    Legal source:
        健康保険法施行令第42条.
    """
    if frequent and "frequent" in row:
        return Yen(row["frequent"])
    if "start" not in row:
        return Yen(row["base"])
    above = Yen(max(0, cost.amount - row["start"]))
    return Yen(row["base"]) + above.times(Fraction(1, 100), Rounding.HALF_UP_1)


def give_back(
    rules: Parameters, month: YearMonth, bills: Sequence[Bill], income: str, *, frequent: bool = False
) -> HighCost:
    """Return the 高額療養費 of one household's month.

    Order: outpatient care of each person from 70 on is capped first; then everything of a person who has the 75th birthday in
    the month, at half the limit; then the household's rows from 70 on together; then what is left with the rows under 70 of
    21,000 yen and more, under the limit of that age. Rows below 21,000 count neither as share nor as cost.

    Args:
        rules: parameters.
        month: month of treatment, which chooses the table.
        bills: the rows.
        income: ア to オ, or 現役Ⅲ to 低Ⅰ for a household of people from 70 on.
        frequent: 多数回該当.

    Raises:
        Invalid: an income class that the tables do not have, or no table for the month.

    Legal source:
        健康保険法施行令第41条, 第42条.
    """
    run = _Run({bill.key: bill.share for bill in bills}, {}, [])
    elders = [bill for bill in bills if bill.elder]
    young = _countable(rules, month, [bill for bill in bills if not bill.elder])
    if elders:
        row = _class(rules, "high_cost.from70", month, ELDER.get(income, income))
        _cap_outpatient(run, elders, row)
        _cap_halves(run, elders, row, frequent=frequent)
        run.cap(elders, limit_of(row, _cost(elders), frequent=frequent), "70歳以上の世帯合算")
    if young:
        together = [*young, *elders]
        row = _class(rules, "high_cost.under70", month, YOUNG.get(income, income))
        words = "世帯合算" if len({bill.group for bill in together}) > 1 else "医療機関ごと"
        run.cap(together, limit_of(row, _cost(together), frequent=frequent), words)
    return HighCost(run.paid, tuple(run.notes))


#: The classes of the two ages that mean the same income.
ELDER = {"ア": "現役Ⅲ", "イ": "現役Ⅱ", "ウ": "現役Ⅰ", "エ": "一般", "オ": "低Ⅱ"}
YOUNG = {"現役Ⅲ": "ア", "現役Ⅱ": "イ", "現役Ⅰ": "ウ", "一般": "エ", "低Ⅱ": "オ", "低Ⅰ": "オ"}


@dataclass(slots=True)
class _Run:
    """What each row still bears and what has been given back."""

    left: dict[str, Yen]
    paid: dict[str, Yen]
    notes: list[str]

    def cap(self, bills: Sequence[Bill], limit: Yen, words: str) -> None:
        """Give back what the rows bear together above the limit, divided in proportion to what each bears."""
        borne = Yen.total(self.left[bill.key] for bill in bills)
        if borne <= limit:
            return
        over = borne - limit
        self.notes.append(f"{words}: 自己負担 {borne} − 限度額 {limit} = {over}")
        for key, part in divide(over, {bill.key: self.left[bill.key] for bill in bills}).items():
            self.left[key] -= part
            self.paid[key] = self.paid.get(key, Yen(0)) + part


def divide(amount: Yen, weights: Mapping[str, Yen]) -> dict[str, Yen]:
    """Return an amount divided in proportion to weights, in whole yen; yen left over go to the largest weight.

    The parts always add up to the amount.
    """
    whole = Yen.total(weights.values()).amount
    parts = {key: Yen(amount.amount * weight.amount // whole) for key, weight in weights.items()}
    parts[max(weights, key=lambda key: weights[key])] += amount - Yen.total(parts.values())
    return parts


def _cap_outpatient(run: _Run, elders: Sequence[Bill], row: Mapping[str, int]) -> None:
    """Cap the outpatient care of each person, where the class has such a limit."""
    for person in dict.fromkeys(bill.person for bill in elders):
        out = [bill for bill in elders if bill.person == person and bill.outpatient]
        if out and "outpatient" in row:
            limit = (halved(row) if out[0].half else row)["outpatient"]
            run.cap(out, Yen(limit), "70歳以上の個人ごとの外来")


def halved(row: Mapping[str, int]) -> dict[str, int]:
    """Return the limits of an income class for the month of the 75th birthday: one half of every amount.

    Legal source:
        健康保険法施行令第42条 (75歳到達時特例).
    """
    return {name: amount // 2 for name, amount in row.items()}


def _cap_halves(run: _Run, elders: Sequence[Bill], row: Mapping[str, int], *, frequent: bool) -> None:
    """Cap everything of each person who has the 75th birthday in the month, at half the limit."""
    for person in dict.fromkeys(bill.person for bill in elders if bill.half):
        own = [bill for bill in elders if bill.person == person]
        run.cap(own, limit_of(halved(row), _cost(own), frequent=frequent), "75歳到達月の個人ごと(限度額は2分の1)")


def check_income(rules: Parameters, month: YearMonth, income: str) -> None:
    """Raise Invalid for an income class that neither table has, or a month without tables."""
    tables = [value(rules, name, month) for name in ("high_cost.from70", "high_cost.under70")]
    if not any(income in table for table in tables):
        known = "・".join(dict.fromkeys(name for table in reversed(tables) for name in table))
        raise Invalid("income-class", f"所得区分「{income}」はありません。{known} から選んでください。")


def _countable(rules: Parameters, month: YearMonth, bills: Sequence[Bill]) -> list[Bill]:
    """Return the rows under 70 whose group reaches 21,000 yen for one person."""
    least = Yen(value(rules, "high_cost.row", month))
    sums: dict[tuple[str, str], Yen] = {}
    for bill in bills:
        group = (bill.person, bill.group)
        sums[group] = sums.get(group, Yen(0)) + bill.share
    return [bill for bill in bills if sums[bill.person, bill.group] >= least]


def _cost(bills: Sequence[Bill]) -> Yen:
    return Yen.total(bill.cost for bill in bills)


def _class(rules: Parameters, name: str, month: YearMonth, income: str) -> Mapping[str, int]:
    table: Mapping[str, Mapping[str, int]] = value(rules, name, month)
    if income not in table:
        raise Invalid("income-class", f"所得区分「{income}」はありません。{'・'.join(table)} から選んでください。")
    return table[income]
