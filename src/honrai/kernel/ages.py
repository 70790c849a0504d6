"""Ages as law counts them: the day of birth is counted, so an age is attained the day before the birthday.

Hence a child born on April 1 attains an age on March 31 and belongs to the school year before the others born that
April. All days are calendar dates, Asia/Tokyo.
"""

from __future__ import annotations

from datetime import date, timedelta

from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.periods import end_of_months, last_day_of_month

_DAY = timedelta(days=1)


def attained_on(birth: date, age: int) -> date:
    """Return the day on which a person attains an age (達する日): the day before the birthday.

    Born 2008-04-01, 18 is attained on 2026-03-31. Born on February 29, it is February 28 in every year.

    Args:
        birth: date of birth.
        age: years, 1 or more.

    Legal source:
        年齢計算ニ関する法律 (明治三十五年法律第五十号); 民法第143条.
    """
    return end_of_months(birth, age * 12)


def birthday(birth: date, age: int) -> date:
    """Return the birthday itself, the day after the age is attained; March 1 for February 29 in a common year.

    後期高齢者医療 begins on the 75th birthday itself.
    """
    return attained_on(birth, age) + _DAY


def age_on(birth: date, on: date) -> int:
    """Return the full years of age (満年齢) as spoken: one more from each birthday on; 0 on the day of birth.

    Raises:
        ValueError: the day is before birth.
    """
    if on < birth:
        raise ValueError("the day is before birth")
    age = on.year - birth.year
    return age - ((on.month, on.day) < (birth.month, birth.day))


def has_attained(birth: date, age: int, on: date) -> bool:
    """Return whether the age is attained (達した) by the end of a day, as pensions and schools ask."""
    return attained_on(birth, age) <= on


def end_of_fiscal_year_attaining(birth: date, age: int) -> date:
    """Return the first March 31 on or after the day an age is attained (達する日以後の最初の3月31日).

    Age 18, born 2008-04-01: 2026-03-31; born 2008-04-02: 2027-03-31. Age 6 ends the preschool share of medical cost.

    Legal source:
        児童手当法第3条第1項, 健康保険法第110条第2項第1号 and the like use these words.
    """
    return FiscalYear.of(attained_on(birth, age)).end


def end_of_month_attaining(birth: date, age: int) -> date:
    """Return the last day of the month in which an age is attained; for one born on the 1st, the month before.

    Born 2006-08-01, 20 lasts to 2026-07-31; born 2006-08-02, to 2026-08-31.
    """
    return last_day_of_month(attained_on(birth, age))


def first_of_month_after_attaining(birth: date, age: int) -> date:
    """Return the first day of the month after the day an age is attained; for one born on the 1st, the birthday.

    Age 70: born 1956-08-01 gives 2026-08-01, born 1956-08-02 gives 2026-09-01.

    Legal source:
        健康保険法第74条第1項第2号 (七十歳に達する日の属する月の翌月以後).
    """
    return end_of_month_attaining(birth, age) + _DAY


def school_grade(birth: date, year: FiscalYear) -> int:
    """Return the school year a child of that birth is in: 1 to 6 小学校, 7 to 9 中学校, 10 to 12 高校生相当の年齢.

    0 or less is before school. Grade by age only; a child kept back or abroad is not known here.

    Legal source:
        学校教育法第17条 (満六歳に達した日の翌日以後における最初の学年の初め).
    """
    return year.year - FiscalYear.of(attained_on(birth, 6)).year
