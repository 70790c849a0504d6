"""What a made-up resident's life is like for the city's work: insurance, income, disability, care, protection."""

from __future__ import annotations

import math
import random
from typing import Any

from honrai.site.demo.households import Member
from honrai.site.demo.shape import Draw, shape

RETIRED = 65
LATER_ELDERLY = 75
ADULT = 18


class CircumstanceMaker:
    """Draws circumstances; one maker per city, fed by the city's random source."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        loaded = shape()
        self._rates: dict[str, Any] = loaded["rates"]
        self._income: dict[str, Any] = loaded["income"]
        self._disability = [(int(age), rates) for age, rates in loaded["rates"]["disability"].items()]
        self._care = [(int(age), rate) for age, rate in loaded["rates"]["care_need"].items()]
        self._employed = Draw.by_share(rng, {"協会けんぽ": 55, "組合健保": 30, "共済組合": 15})

    def household(self) -> tuple[bool, bool]:
        """Say whether a household receives 生活保護 and whether it is protected (支援措置)."""
        rng, rates = self._rng, self._rates
        return rng.random() * 100 < rates["welfare_household"], rng.random() * 100 < rates["protected_household"]

    def insurance(self, head: Member, *, welfare: bool) -> str:
        """Draw the health insurance of a household's members under 75, following the head's work."""
        if welfare:
            return "生活保護"
        works = 0.35 if head.age >= RETIRED else 0.78
        return self._employed.next() if self._rng.random() < works else "国民健康保険"

    def insurance_of(self, member: Member, household: str) -> str:
        """Give one member's insurance: from 75 on 後期高齢者医療, unless the household is on 生活保護."""
        return "後期高齢者医療" if member.age >= LATER_ELDERLY and household != "生活保護" else household

    def income(self, member: Member, insurance: str) -> int | None:
        """Draw last year's total income in yen; None when no return was made (未申告), 0 for children."""
        rng = self._rng
        if member.age < ADULT:
            return 0
        if rng.random() * 100 < self._rates["income_unreported"]:
            return None
        if insurance == "生活保護":
            return 0
        kind = self._work(member, insurance)
        if kind is None:
            return 0
        entry = self._income[kind]
        drawn = math.exp(rng.gauss(math.log(entry["median"]), entry["spread"]))
        return int(drawn) // 1000 * 1000

    def _work(self, member: Member, insurance: str) -> str | None:
        rng = self._rng
        if member.age >= RETIRED:
            return "pension"
        if member.age < 23 and rng.random() < 0.55:
            return "student"
        if member.sex == "女" and rng.random() < 0.24:
            return None
        if insurance == "国民健康保険":
            return "self_employed"
        return "employee_male" if member.sex == "男" else "employee_female"

    def disability(self, age: int) -> tuple[str, str]:
        """Draw a handbook (身体, 療育, 精神) and its grade; ("", "") for most."""
        rng = self._rng
        roll = rng.random() * 100
        rates = next(entry for lowest, entry in reversed(self._disability) if age >= lowest)
        for kind, rate in zip(("身体障害者手帳", "療育手帳", "精神障害者保健福祉手帳"), rates, strict=True):
            if roll < rate:
                return kind, rng.choice(_GRADES[kind])
            roll -= rate
        return "", ""

    def care(self, age: int) -> str:
        """Draw the level of care need (要支援1 to 要介護5); "" for most."""
        rate = next((rate for lowest, rate in reversed(self._care) if age >= lowest), 0)
        return self._rng.choice(_CARE_LEVELS) if self._rng.random() * 100 < rate else ""


_GRADES = {
    "身体障害者手帳": ("1級", "1級", "2級", "3級", "4級", "4級", "5級", "6級"),
    "療育手帳": ("A1", "A2", "B1", "B2", "B2"),
    "精神障害者保健福祉手帳": ("1級", "2級", "2級", "2級", "3級"),
}
_CARE_LEVELS = ("要支援1", "要支援2", "要介護1", "要介護1", "要介護2", "要介護2", "要介護3", "要介護4", "要介護5")
