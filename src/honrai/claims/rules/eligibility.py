"""Ages, ends, deadlines and priority of the three schemes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from honrai.claims.rules.claim import Claim, Scheme
from honrai.claims.rules.settings import value
from honrai.kernel.ages import (
    end_of_fiscal_year_attaining,
    end_of_month_attaining,
    first_of_month_after_attaining,
    has_attained,
    school_grade,
)
from honrai.kernel.errors import Invalid
from honrai.kernel.parameters import Parameters
from honrai.kernel.periods import end_of_months
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen


def child_ends(birth: date) -> date:
    """Return the last day of こども医療 and of a child of ひとり親: the March 31 on or after 18 is attained."""
    return end_of_fiscal_year_attaining(birth, 18)


def parent_ends(youngest_birth: date) -> date:
    """Return the last day of a single parent's aid: the end of the month in which the youngest child attains 20.

    Born on the 1st, it is the end of the month before.

    Source:
        熊本市ひとり親家庭等医療費助成の案内.
    """
    return end_of_month_attaining(youngest_birth, 20)


def child_band(birth: date, month: YearMonth) -> str:
    """Return the child's copay band in a month: infant, elementary (3歳から小学生), junior or senior.

    Three counts from the month after it is attained, so that one month has one cap (born on the 1st: from the birthday).

    Raises:
        Invalid: the month is after the end of こども医療.
    """
    if month.first > child_ends(birth):
        raise Invalid("child-too-old", "こども医療の対象年齢(18歳に達した後の最初の3月31日まで)を過ぎています。")
    grade = school_grade(birth, month.fiscal_year)
    if grade >= 10:
        return "senior"
    if grade >= 7:
        return "junior"
    return "infant" if month.first < first_of_month_after_attaining(birth, 3) else "elementary"


def disabled_scheme(kind: str, birth: date, on: date, *, long_stay: bool = False) -> Scheme | None:
    """Return full or two-thirds aid for a certificate, None where it gives none.

    Full for 身障1, 療育A1 and 精神1 with fifteen years in hospital; two thirds for 身障2, 療育A2 and other 精神1, which
    are full, too, below 20. Nobody below three.

    Args:
        kind: 身障1, 身障2, 療育A1, 療育A2 or 精神1; anything else gives none.
        birth: day of birth.
        on: the day asked for.
        long_stay: 15年以上の連続入院 (精神1).

    Source:
        熊本市重度心身障がい者(児)医療費助成の案内.
    """
    if not has_attained(birth, 3, on) or kind not in ("身障1", "療育A1", "身障2", "療育A2", "精神1"):
        return None
    full = kind in ("身障1", "療育A1") or (kind == "精神1" and long_stay) or not has_attained(birth, 20, on)
    return Scheme.DISABLED_FULL if full else Scheme.DISABLED_PART


def choose_scheme(rules: Parameters, held: Collection[Scheme], month: YearMonth) -> Scheme:
    """Return the scheme that comes first among those a person holds; the order is a setting (要確認).

    Raises:
        Invalid: none is held.
    """
    for name in value(rules, "scheme.priority", month):
        if Scheme(name) in held:
            return Scheme(name)
    raise Invalid("scheme-none", "どの医療費助成の資格もありません。")


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a claim may be made: first and last, both included."""

    first: date
    last: date

    def problem(self, received: date) -> str:
        """Return why a claim received on a day is sent back, "" when it is in time.

        A claim by post counts from its postmark (消印日).
        """
        if received < self.first:
            return f"診療月の分はまだ請求できません。{self.first} 以降に出してください。"
        return f"請求できる期間は {self.last} までです。" if received > self.last else ""


def claim_window(rules: Parameters, month: YearMonth) -> Window:
    """Return when a month of treatment may be claimed: from the next month on, for twelve months.

    Treatment in 2025-09 may be claimed from 2025-10-01 to 2026-09-30.
    """
    first = end_of_months(month.first, 1).toordinal() + 1
    start = date.fromordinal(first)
    return Window(start, end_of_months(start, value(rules, "claim.months", month)))


def in_kind_problem(rules: Parameters, claims: Sequence[Claim], shares: Sequence[Yen]) -> str:
    """Return why claims of 重度医療 for one prescription cannot be settled in kind, "" when they can.

    Before the combined route, shares of 21,000 yen and more went by refund; a pharmacy's share counts with that of the
    institution that prescribed. In months without such a limit everything can be settled in kind.
    """
    limit = rules["in_kind.limit"].dated
    if not claims or not limit.covers(claims[0].month.first):
        return ""
    total = Yen.total(shares)
    most = Yen(limit.at(claims[0].month.first).value)
    return f"一部負担金の合計 {total} が {most} 以上のため、償還払いになります。" if total >= most else ""
