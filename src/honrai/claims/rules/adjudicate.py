"""What the city pays of each claim, and why: every amount is the sum of the steps that explain it.

City = max(0, share by insurance - other public payers - 高額療養費 - 附加給付 - what the scheme leaves to the patient).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from honrai.claims.rules.claim import Care, Claim, Scheme
from honrai.claims.rules.eligibility import child_band
from honrai.claims.rules.high_cost import Bill, HighCost, check_income, give_back
from honrai.claims.rules.settings import sourced, value
from honrai.claims.rules.shares import visit_share
from honrai.kernel.ages import birthday, first_of_month_after_attaining
from honrai.kernel.parameters import Parameters
from honrai.kernel.yen import Rounding, Yen


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation.

    Attributes:
        label: what it is, Japanese.
        amount: yen added (or, negative, taken away).
        reason: why this amount, Japanese.
        source: law or document it follows.
        to_confirm: the rule is 要確認.
    """

    label: str
    amount: Yen
    reason: str
    source: str = ""
    to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What one claim comes to.

    Attributes:
        claim: the claim.
        steps: the explanation; its amounts add up to `city`.
        share: the patient's share by insurance.
        after_others: what other public payers leave, the amount of their 自己負担上限管理票.
        high_cost: 高額療養費.
        supplement: 附加給付.
        patient: what the scheme leaves to the patient.
    """

    claim: Claim
    steps: tuple[Step, ...]
    share: Yen
    after_others: Yen
    high_cost: Yen
    supplement: Yen
    patient: Yen

    @property
    def city(self) -> Yen:
        """What the city pays."""
        return Yen.total(step.amount for step in self.steps)

    def explain(self) -> str:
        """Return the explanation as lines to read: 「なぜ520円か」."""
        lines = [f"{step.label} {step.amount}: {step.reason}" for step in self.steps]
        return "\n".join([*lines, f"市の助成額 {self.city}"])


def adjudicate(rules: Parameters, claims: Sequence[Claim]) -> tuple[Result, ...]:
    """Return what each claim of one household and month comes to, in the order given.

    A monthly cap is used up in the order of the claims: give them by day of treatment.

    Args:
        rules: `settings.medical_aid()`, with a city's own laid over.
        claims: claims of one household and one month; people outside 高額療養費 with another insurer apart.

    Raises:
        Invalid: a claim the rules cannot judge (share of the card missing, age beyond the scheme, no table).
    """
    drafts = [_Draft(rules, claim) for claim in claims]
    for draft in drafts:
        draft.take_share()
        draft.take_others()
    back = _household(rules, drafts)
    caps: dict[tuple[str, str], Yen] = {}
    return tuple(draft.finish(back, caps) for draft in drafts)


def _household(rules: Parameters, drafts: Sequence[_Draft]) -> HighCost:
    """Return the 高額療養費 of the claims whose income class is known."""
    known = [draft for draft in drafts if draft.claim.income]
    if not known:
        return HighCost({}, ())
    for draft in known:
        check_income(rules, draft.claim.month, draft.claim.income)
    first = known[0].claim
    bills = [draft.bill() for draft in known]
    return give_back(rules, first.month, bills, first.income, frequent=first.frequent)


class _Draft:
    """One claim while its steps are being written."""

    def __init__(self, rules: Parameters, claim: Claim) -> None:
        self.rules = rules
        self.claim = claim
        self.steps: list[Step] = []
        self.share = Yen(0)
        self.left = Yen(0)

    def add(self, label: str, amount: Yen, reason: str, parameter: str = "") -> None:
        """Write a step; the named parameter gives its source."""
        found = sourced(self.rules, parameter, self.claim.month) if parameter else None
        source, doubt = (found.source, found.to_confirm) if found else ("", False)
        self.steps.append(Step(label, amount, reason, source, doubt))

    def take_share(self) -> None:
        """Write cost and insurance of each visit."""
        for visit in self.claim.visits:
            share = visit_share(self.rules, self.claim, visit)
            unit = "点×10円" if visit.unit_yen == 10 else "円"
            self.add("医療費", visit.cost, f"{visit.amount:,}{unit}")
            reason = f"一部負担は{share.reason}、{share.rounding.label}で {share.yen}"
            self.add("医療保険が払う額", share.yen - visit.cost, reason, "share.rounding")
            self.share += share.yen
        self.left = self.share

    def take_others(self) -> None:
        """Write what other public payers take over."""
        for other in self.claim.others:
            pays = other.pays
            if pays is None:
                rounding = Rounding(value(self.rules, "share.rounding", self.claim.month)[self.claim.route.value])
                pays = self.claim.cost.times(other.rate or 0, rounding)
                pays = min(pays, other.limit) if other.limit is not None else pays
            kept = min(self.left, pays)
            if kept != self.left:
                self.add(other.name, kept - self.left, f"{other.name}の後に残る自己負担は {kept}")
            self.left = kept

    def bill(self) -> Bill:
        """Return the row of this claim for 高額療養費; a pharmacy joins its prescriber."""
        claim = self.claim
        elder = claim.month.first >= first_of_month_after_attaining(claim.birth, 70)
        outpatient = claim.care is not Care.INPATIENT
        group = f"{claim.prescriber or claim.institution}/{'外来' if outpatient else '入院'}"
        return Bill(claim.key, claim.person, elder, group, outpatient, claim.cost, self.left, turns_75(claim))

    def finish(self, back: HighCost, caps: dict[tuple[str, str], Yen]) -> Result:
        """Write 高額療養費, 附加給付 and the scheme's own share, and return the result."""
        after_others = self.left
        high = self.claim.high_cost_decided
        high = min(self.left, back.paid.get(self.claim.key, Yen(0)) if high is None else high)
        if high:
            decided = self.claim.high_cost_decided is not None
            reason = "保険者の支給決定通知による" if decided else "。".join(back.notes)
            self.add("高額療養費", -high, reason, "" if decided else "high_cost.under70")
        self.left -= high
        supplement = self._supplement()
        self.left -= supplement
        patient = self._patient(caps)
        return Result(self.claim, tuple(self.steps), self.share, after_others, high, supplement, patient)

    def _supplement(self) -> Yen:
        """Write and return the 附加給付."""
        claim = self.claim
        if claim.supplement_decided is not None:
            paid, reason = min(self.left, claim.supplement_decided), "保険者の支給決定通知による"
        elif claim.supplement:
            plan = value(self.rules, "supplement.plans", claim.month)[claim.supplement]
            paid = supplement_of(self.left, Yen(plan["deduct"]), Yen(plan["least"]))
            reason = f"自己負担 {self.left} − {plan['deduct']:,}円、{plan['least']:,}円未満は不支給、100円未満切捨て"
        else:
            return Yen(0)
        if paid:
            self.add("附加給付", -paid, reason, "supplement.plans" if claim.supplement else "")
        return paid

    def _patient(self, caps: dict[tuple[str, str], Yen]) -> Yen:
        """Write and return what the scheme leaves to the patient."""
        if self.claim.scheme is Scheme.DISABLED_FULL:
            return Yen(0)
        if self.claim.scheme is Scheme.CHILD:
            return self._child(caps)
        rule = value(self.rules, "thirds.rounding", self.claim.month)[self.claim.route.value]
        patient, reason = split_thirds(self.left, rule)
        self.add("受給者の自己負担", -patient, reason, "thirds.rounding")
        return patient

    def _child(self, caps: dict[tuple[str, str], Yen]) -> Yen:
        """Write and return the child's copay; the monthly cap of an institution is used up claim by claim."""
        claim = self.claim
        band = child_band(claim.birth, claim.month)
        name = f"child.cap.{band if claim.care is Care.OUTPATIENT else claim.care.value}"
        cap = Yen(value(self.rules, name, claim.month))
        place = (claim.person, f"{claim.institution}/{claim.care.value}")
        used = caps.get(place, Yen(0))
        patient = min(self.left, cap - used)
        caps[place] = used + patient
        earlier = f"、この月に既に {used}" if used else ""
        label = self.rules[name].label
        self.add("受給者の自己負担", -patient, f"{label} {cap}(医療機関ごと・月ごと{earlier})", name)
        return patient


def turns_75(claim: Claim) -> bool:
    """Return whether the month holds the 75th birthday on another day than its first."""
    day = birthday(claim.birth, 75)
    return day in claim.month and day.day > 1


def supplement_of(borne: Yen, deduct: Yen, least: Yen) -> Yen:
    """Return a 附加給付: what is borne above the deduction, nothing below the least, 100円未満切捨て.

    Source:
        健康保険組合の規約の型 (25,000円控除, 1,000円未満不支給, 100円未満切捨て).
    """
    over = borne - deduct
    return Yen(0) if over < least else over.rounded(Rounding.FLOOR_100)


def split_thirds(left: Yen, rule: str) -> tuple[Yen, str]:
    """Return the patient's third of an amount and why; the city pays the rest.

    Args:
        left: what is left after insurance and all payers before the city.
        rule: whose part is rounded and how: `patient half-up-10`, `city floor-1`.
    """
    side, _, name = rule.partition(" ")
    rounding = Rounding(name)
    if side == "patient":
        patient = min(left, left.times(Fraction(1, 3), rounding))
        return patient, f"残額 {left} の3分の1、{rounding.label}"
    city = left.times(Fraction(2, 3), rounding)
    return left - city, f"残額 {left} から3分の2({rounding.label} {city})を引いた額"
