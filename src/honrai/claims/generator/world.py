"""The people, insurers and institutions of the made-up city. Nobody in it exists; numbers carry right check digits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from honrai.kernel.check_digits import mod10_weights_2_1

#: 公費負担者番号 of the made-up city, by family of schemes.
PAYERS = {"child": "80430010", "single_parent": "90430018", "disabled": "81430019"}
#: A public payer that pays before the city: 自立支援医療(精神通院).
OTHER_PAYER = "21436015"
_SURNAMES = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "緒方",
    "坂本",
    "西村",
)
_GIVEN = (
    "葵",
    "陽菜",
    "凛",
    "結衣",
    "芽依",
    "蓮",
    "湊",
    "悠真",
    "大翔",
    "一郎",
    "花子",
    "健",
    "恵子",
    "誠",
    "由美子",
    "和子",
)
_INSURERS = ("3943001", "0143001", "0613001", "3143001", "0043001", "0043002", "3243001")


@dataclass(frozen=True, slots=True)
class World:
    """What the claims are drawn from.

    Attributes:
        recipients: the ledger: number, person_no, scheme, since, until, birth, sex, name, household, insurer, card_percent,
            income, frequent, supplement.
        institutions: code (7 digits), table, prefecture, agency, name.
    """

    recipients: pl.DataFrame
    institutions: pl.DataFrame


def make_world(people: int, month: date, rng: np.random.Generator) -> World:
    """Return the city for a number of recipients; the same generator state gives the same city."""
    return World(_recipients(people, month, rng), _institutions(max(12, people // 160), rng))


def with_check_digit(body: str) -> str:
    """Return a number with the check digit of insurers, payers and recipients."""
    return body + str(mod10_weights_2_1(body))


def _recipients(people: int, month: date, rng: np.random.Generator) -> pl.DataFrame:
    schemes = rng.choice(
        ["child", "single_parent", "disabled_full", "disabled_part"], people, p=[0.72, 0.12, 0.09, 0.07]
    )
    birth = _births(schemes, month, rng)
    months_old = (month - date(1970, 1, 1)).days - birth
    old = months_old > 75 * 366
    insurers = np.array([with_check_digit(body) for body in _INSURERS])
    chosen = np.where(old, insurers[0], insurers[1 + rng.integers(0, len(insurers) - 1, people)])
    income = np.where(
        (schemes == "disabled_full") | (schemes == "disabled_part"), rng.choice(["ウ", "エ", "オ", ""], people), ""
    )
    return _ledger(people, schemes, birth, chosen, income, rng)


def _ledger(
    people: int, schemes: Any, birth: Any, insurers: Any, income: Any, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the ledger of people drawn."""
    old, start = np.char.startswith(insurers, "39"), (date(2024, 12, 1) - date(1970, 1, 1)).days
    return pl.DataFrame(
        {
            "number": [with_check_digit(f"{n:06}") for n in rng.permutation(1_000_000)[:people]],
            "person_no": [f"{1_000_000_000 + n}" for n in range(people)],
            "scheme": schemes,
            "since": pl.Series(np.maximum(start, birth)).cast(pl.Int32).cast(pl.Date),
            "until": pl.Series([None] * people, dtype=pl.Date),
            "birth": pl.Series(birth).cast(pl.Int32).cast(pl.Date),
            "sex": rng.choice(["1", "2"], people),
            "name": _names(people, rng),
            "household": [f"{2_000_000_000 + n // 2}" for n in range(people)],
            "insurer": insurers,
            "card_percent": pl.Series(np.where(old, rng.choice([10, 10, 20, 30], people), 0), dtype=pl.Int64).replace(
                0, None
            ),
            "income": income,
            "frequent": (income != "") & (rng.random(people) < 0.1),
            "supplement": np.where((np.char.startswith(insurers, "06")) & (rng.random(people) < 0.5), "typical", ""),
        }
    )


def _births(schemes: np.ndarray, month: date, rng: np.random.Generator) -> np.ndarray:
    """Return births as days since 1970: children by their age, the disabled of all ages, parents in between."""
    day = (month - date(1970, 1, 1)).days
    child = day - rng.integers(200, 17 * 365, len(schemes))
    parent = day - rng.integers(22 * 365, 48 * 365, len(schemes))
    any_age = day - rng.integers(4 * 365, 92 * 365, len(schemes))
    return np.where(schemes == "child", child, np.where(schemes == "single_parent", parent, any_age))


def _names(people: int, rng: np.random.Generator) -> list[str]:
    first, last = rng.integers(0, len(_SURNAMES), people), rng.integers(0, len(_GIVEN), people)
    return [f"{_SURNAMES[a]}　{_GIVEN[b]}" for a, b in zip(first.tolist(), last.tolist(), strict=True)]


def _institutions(number: int, rng: np.random.Generator) -> pl.DataFrame:
    tables = rng.choice(["1", "1", "1", "3", "4", "4", "6"], number)
    tables[:4] = ["1", "3", "4", "6"]
    agency = np.where(rng.random(number) < 0.6, "1", "2")
    bodies = [f"{1 + n // 9999:02}{n % 9999 + 1:04}" for n in range(number)]
    codes = [
        body + str(mod10_weights_2_1(f"43{table}{body}")) for body, table in zip(bodies, tables.tolist(), strict=True)
    ]
    words = {"1": "医院", "3": "歯科医院", "4": "薬局", "6": "訪問看護ステーション"}
    names = [f"サンプル{n + 1}{words[table]}" for n, table in enumerate(tables.tolist())]
    return pl.DataFrame({"code": codes, "table": tables, "prefecture": "43", "agency": agency, "name": names})
