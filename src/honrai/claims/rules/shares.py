"""What the patient pays by insurance: the share by age and day, rounded at each visit by the rule of the route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from honrai.claims.rules.claim import Claim, Visit
from honrai.claims.rules.settings import value
from honrai.kernel.ages import birthday, end_of_fiscal_year_attaining, first_of_month_after_attaining
from honrai.kernel.errors import Invalid
from honrai.kernel.parameters import Parameters
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Rounding, Yen


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one visit.

    Attributes:
        percent: share in percent.
        yen: what the patient pays by insurance, rounded.
        reason: why this percentage, in Japanese.
        rounding: how it was rounded.
    """

    percent: int
    yen: Yen
    reason: str
    rounding: Rounding


def share_percent(
    rules: Parameters, birth: date, on: date, *, card_percent: int | None = None, late: bool = False
) -> tuple[int, str]:
    """Return the patient's share in percent on a day, and why.

    Two tenths to the March 31 on or after the day six is attained, three tenths from then, two tenths from the month
    after 70 is attained (three for 現役並み, told by the card), and as the card says from the 75th birthday.

    Args:
        rules: parameters.
        birth: day of birth.
        on: day of treatment; the first of the month where only the month is known.
        card_percent: share on the card, for people from 70 on.
        late: insured by 後期高齢者医療 whatever the age (障害認定).

    Raises:
        Invalid: 75 or older and no share from the card, or a card's share other than 10, 20 or 30.

    Legal source:
        健康保険法第74条第1項, 第110条第2項; 高齢者の医療の確保に関する法律第67条第1項.
    """
    month = YearMonth.of(on)
    if card_percent not in (None, 10, 20, 30):
        raise Invalid("share-card", "負担割合は 1割・2割・3割 のどれかです。")
    if late or on >= birthday(birth, 75):
        if card_percent is None:
            raise Invalid("share-needed", "75歳以上の人は、資格確認書などにある負担割合を入力してください。")
        return card_percent, f"後期高齢者医療の負担割合 {card_percent // 10}割"
    if on >= first_of_month_after_attaining(birth, 70):
        percent = card_percent or value(rules, "share.from_70", month)
        return percent, f"70歳に達した月の翌月から {percent // 10}割"
    end = end_of_fiscal_year_attaining(birth, 6)
    if on <= end:
        percent = value(rules, "share.preschool", month)
        return percent, f"未就学({end.year}年3月31日まで) {percent // 10}割"
    percent = value(rules, "share.standard", month)
    return percent, f"70歳未満 {percent // 10}割"


def visit_share(rules: Parameters, claim: Claim, visit: Visit) -> Share:
    """Return the patient's share of one visit, rounded by the route (paper 1 yen, combined and counter 10 yen)."""
    day = visit.on or claim.month.first
    late = claim.insurer.startswith("39")
    percent, reason = share_percent(rules, claim.birth, day, card_percent=claim.card_percent, late=late)
    rounding = Rounding(value(rules, "share.rounding", claim.month)[claim.route.value])
    return Share(percent, visit.cost.times(Fraction(percent, 100), rounding), reason, rounding)
