"""Reads the YAML cases of the claim rules."""

from fractions import Fraction
from pathlib import Path

import yaml

from honrai.claims.rules.claim import Care, Claim, OtherPayer, Route, Scheme, Visit
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen

VECTORS = Path(__file__).parent / "vectors"
_AS_IS = ("birth", "income", "frequent", "card_percent", "insurer", "prescriber", "supplement")


def cases(name: str) -> list:
    """Return the cases of a file."""
    return yaml.safe_load((VECTORS / f"{name}.yaml").read_text("utf-8"))


def claim(row: dict, key: str) -> Claim:
    """Return the claim of a case's row."""
    visits = [Visit(points) for points in row.get("points", [])] + [Visit(yen, 1) for yen in row.get("yen", [])]
    other = row.get("other")
    return Claim(
        key=key,
        person=row.get("person", "0001230"),
        scheme=Scheme(row["scheme"]),
        month=YearMonth.parse(row["month"]),
        care=Care(row["care"]),
        institution=row.get("institution", "4310123452"),
        visits=tuple(visits),
        route=Route(row.get("route", "combined")),
        others=(_other(other),) if other else (),
        high_cost_decided=_yen(row.get("high_cost_decided")),
        supplement_decided=_yen(row.get("supplement_decided")),
        **{name: row[name] for name in _AS_IS if name in row},
    )


def _other(row: dict) -> OtherPayer:
    return OtherPayer("自立支援医療", Fraction(str(row.get("rate", 0))), _yen(row.get("limit")), _yen(row.get("pays")))


def _yen(amount: int | None) -> Yen | None:
    return None if amount is None else Yen(amount)
