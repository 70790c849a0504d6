"""The one claim model: what is asked of the city, by whatever route it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from honrai.claims.rules.receipt import Receipt
from honrai.kernel.errors import Invalid
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen


class Route(Enum):
    """How a claim reached the city."""

    COMBINED = "combined"
    PAPER = "paper"
    REFUND = "refund"


class Scheme(Enum):
    """The aid under which a claim is made; 重度 is full or two thirds."""

    CHILD = "child"
    SINGLE_PARENT = "single_parent"
    DISABLED_FULL = "disabled_full"
    DISABLED_PART = "disabled_part"


class Care(Enum):
    """外来, 入院 or 薬局 (調剤)."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    PHARMACY = "pharmacy"


@dataclass(frozen=True, slots=True)
class Visit:
    """One time at the counter, the unit in which the patient's share is rounded.

    Attributes:
        amount: points, or yen for 訪問看護.
        unit_yen: yen to one of them, 10 or 1.
        on: the day, where the route tells it.
    """

    amount: int
    unit_yen: int = 10
    on: date | None = None

    @property
    def cost(self) -> Yen:
        """The medical cost in yen."""
        return Yen(self.amount * self.unit_yen)


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Another public payer that pays before the city (自立支援, 小児慢性 ...).

    Attributes:
        name: what people call it.
        rate: share of the cost left to the patient, e.g. 1/10; None when `pays` is known.
        limit: monthly limit of the patient's part in yen; None without one.
        pays: the patient's part as the claim states it, yen; wins over `rate`.
    """

    name: str
    rate: Fraction | None = None
    limit: Yen | None = None
    pays: Yen | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: one person, month, institution and kind of care under one scheme.

    Attributes:
        key: whatever names it to the caller.
        person: whatever names the patient (受給者番号).
        birth: day of birth.
        scheme: the aid.
        month: month of treatment.
        care: outpatient, inpatient or pharmacy.
        institution: code of the institution or pharmacy; dental departments count as one of their own.
        visits: one or more; a monthly receipt that tells no single visits is one.
        route: how it came.
        insurer: 保険者番号, "" if unknown; 39 is 後期高齢者医療.
        card_percent: share on the card of people from 70 on (10, 20, 30); None for the rule by age.
        income: 所得区分 for 高額療養費 (ア..オ, 一般 ...); "" where it was not asked for.
        frequent: fourth or later month within twelve (多数回該当).
        prescriber: institution that prescribed (pharmacies).
        others: other public payers.
        supplement: name of the insurer's 附加給付 plan, "" for none.
        high_cost_decided: 高額療養費 as decided by the insurer; None to work it out.
        supplement_decided: 附加給付 as decided by the insurer; None to work it out.
    """

    key: str
    person: str
    birth: date
    scheme: Scheme
    month: YearMonth
    care: Care
    institution: str
    visits: tuple[Visit, ...]
    route: Route = Route.COMBINED
    insurer: str = ""
    card_percent: int | None = None
    income: str = ""
    frequent: bool = False
    prescriber: str = ""
    others: tuple[OtherPayer, ...] = ()
    supplement: str = ""
    high_cost_decided: Yen | None = None
    supplement_decided: Yen | None = None

    @property
    def cost(self) -> Yen:
        """The whole medical cost in yen."""
        return Yen.total(visit.cost for visit in self.visits)


def claim_of(receipt: Receipt, schemes: Mapping[str, Scheme], key: str) -> Claim:
    """Return the claim a receipt of the combined route makes of the city.

    Args:
        receipt: without fatal faults.
        schemes: the city's schemes by 公費負担者番号; every other number is another payer.
        key: name of the claim.

    Raises:
        Invalid: the receipt cannot be used, or names none of the city's schemes.
    """
    own = next((public for public in receipt.publics if public.payer in schemes), None)
    if own is None:
        raise Invalid("claim-not-ours", "市の公費負担者番号がレセプトにありません。他の公費だけの請求です。")
    if not receipt.is_usable or not (receipt.layout and receipt.birth and receipt.month and receipt.total is not None):
        raise Invalid("claim-unusable", "レセプトに読めない項目があります。誤りの一覧を見て直してください。")
    others = tuple(
        OtherPayer(f"公費 {public.payer}", pays=None if public.share is None else Yen(public.share))
        for public in receipt.publics
        if public.payer not in schemes and public.share is not None
    )
    sender = receipt.institution
    return Claim(
        key=key,
        person=own.recipient,
        birth=receipt.birth,
        scheme=schemes[own.payer],
        month=receipt.month,
        care=care_of(receipt.kind),
        institution=f"{sender.prefecture}{sender.table}{sender.code}" if sender else "",
        visits=(Visit(receipt.total, receipt.layout.unit_yen),),
        insurer=receipt.insurer.strip(),
        prescriber=receipt.prescriber,
        others=others,
    )


def care_of(kind: str) -> Care:
    """Return the care a レセプト種別 tells: its first digit is the 点数表 (4 is a pharmacy), an odd last one 入院.

    Source:
        記録条件仕様 別表 (レセプト種別コード).
    """
    if kind.startswith("4"):
        return Care.PHARMACY
    return Care.INPATIENT if kind[-1:] in ("1", "3", "5", "7", "9") else Care.OUTPATIENT
