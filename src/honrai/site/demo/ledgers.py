"""Ledgers and registers of the made-up city, drawn from its residents: what the other systems' extracts would say each night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from honrai.exchange import api as exchange
from honrai.kernel.check_digits import mod10_weights_2_1
from honrai.platform.authority.api import system_actor
from honrai.registers import api as registers
from honrai.site.demo.residents import DemoPeople

Row = Mapping[str, str]
_BANKS = (("0001", "見本銀行", "ﾐﾎﾝ"), ("0177", "あさひ見本銀行", "ｱｻﾋﾐﾎﾝ"), ("9900", "ゆうちょ銀行", "ﾕｳﾁﾖ"))
_OFFICES = (("001", "本店", "ﾎﾝﾃﾝ"), ("002", "東支店", "ﾋｶﾞｼ"), ("003", "西支店", "ﾆｼ"), ("010", "駅前支店", "ｴｷﾏｴ"))
_CHILD_AGES, _SCHOOL_AGES = range(1, 12), range(6, 15)


def take_in_ledgers(city: int, people: DemoPeople, *, now: datetime) -> int:
    """Take every other extract of the made-up city in, as of yesterday; call inside `in_city(city)`. Returns how many rows.

    Args:
        city: key of the city.
        people: its residents and households.
        now: the moment.
    """
    day, rows = now.date() - timedelta(1), 0
    for layout, records in extracts(people, day).items():
        content = exchange.write_layout(records, layout, day).content
        if not content:  # a fixed-width extract without a line is no file at all
            continue
        counts = exchange.take_in(
            layout=layout,
            as_of=day,
            name=f"{layout}.csv",
            content=content,
            actor=system_actor(city, now.date()),
            now=now,
            confirmed=not records,
        )
        rows += counts.new
    return rows


def extracts(people: DemoPeople, day: date) -> dict[str, list[Row]]:
    """Return layout -> records of every extract but residents and households."""
    homes = people.households.select("household_no", "welfare", "single_parent", "address")
    everybody = list(people.residents.join(homes, on="household_no").iter_rows(named=True))
    schools = list(_schools(people.households))
    return {
        "banks-full": [{"bank": code, "name": name, "kana": kana} for code, name, kana in _BANKS],
        "branches-full": list(_branches()),
        "schools-full": schools,
        "insurers-full": [
            {"insurer_no": "01130012", "name": "全国健康保険協会 見本支部", "fringe": "ない"},
            {"insurer_no": "06139992", "name": "見本健康保険組合", "fringe": "ある"},
        ],
        "institutions-full": list(_institutions()),
        "premises-full": list(_premises(people.households, day)),
        "tax-income": [_income(one) for one in everybody],
        "child-medical-ledger": list(_children(everybody, day)),
        "single-parent-ledger": list(_single_parents(everybody, day)),
        "disability-ledger": list(_disabled(everybody, day)),
        "other-benefits": [],
        "handbooks": list(_handbooks(everybody)),
        "pupils": list(_pupils(everybody, schools, day)),
        "allowances": list(_allowances(everybody, day)),
        "family-registers": list(_registers(everybody, day)),
        "insured": [_insured(one) for one in everybody],
        "payers": [{"person_no": one["person_no"], "arrears": "false"} for one in everybody if _age(one, day) >= 18],
        "account-register": [],
        "medical-refunds": [],
        "school-aid-ledger": [],
    }


def _age(one: Mapping[str, Any], day: date) -> int:
    born: date = one["birth"]
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _branches() -> Iterator[Row]:
    for bank, name, _ in _BANKS[:2]:
        for code, branch, kana in _OFFICES:
            yield {"bank": bank, "bank_name": name, "branch": code, "name": branch, "kana": kana}
        closed = {"closed": "2026-03-01", "successor": "002"}
        yield {"bank": bank, "bank_name": name, "branch": "099", "name": "旧港支店", "kana": "ｷﾕｳﾐﾅﾄ", **closed}
    for number in range(1, 99):
        for last in "89":
            code = f"{number:02}{last}"
            yield {"bank": "9900", "bank_name": "ゆうちょ銀行", "branch": code, "name": f"{code}店", "kana": code}


def _schools(homes: pl.DataFrame) -> Iterator[Row]:
    for number, ward in enumerate(sorted(set(homes["ward"])), start=1):
        for kind, word, digit in (("小学校", "第一小学校", "1"), ("中学校", "第一中学校", "2")):
            code = f"{digit}{number:03}"
            yield {
                "school_no": code, "name": f"{ward}{word}", "kind": kind, "account_bank": "0001", "account_branch": "001",
                "account_number": f"9{code}00"[:7], "account_holder": f"ｶﾞﾂｺｳ {number}",
            }  # fmt: skip


def _institutions() -> Iterator[Row]:
    for number, (table, word) in enumerate((("1", "医科"), ("3", "歯科"), ("4", "調剤"), ("1", "医科")), start=1):
        body = f"43{table}{number:06}"
        code = f"{body}{mod10_weights_2_1(body)}"
        yield {"institution_no": code, "name": f"見本{word}{number}", "table": word}


def _premises(homes: pl.DataFrame, day: date) -> Iterator[Row]:
    uses = ("(4)", "(5)ロ", "(15)", "(6)ロ")
    for number, address in enumerate(homes["address"].unique(maintain_order=True)[:40], start=1):
        yield {
            "premises_no": f"{number:08}", "name": f"見本ビル{number}", "address": address, "use": uses[number % 4],
            "area": str(400 * (1 + number % 6)), "single_stair": "false", "designated": "false", "co2": "false",
            "last_report": (day - timedelta(300)).isoformat(), "due": (day + timedelta(65)).isoformat(), "result": "良",
        }  # fmt: skip


def _income(one: Mapping[str, Any]) -> Row:
    total = one["income"]
    return {
        "person_no": one["person_no"], "declared": "true" if total is not None else "false", "total": str(total or 0),
        "salary": "true" if (total or 0) > 0 else "false", "deductions": "0", "dependants": "0", "elderly": "0",
        "specific": "0", "exempt": "true" if (total or 0) < 450_000 else "false", "outside": "false",
    }  # fmt: skip


def _line(series: str, number: int, one: Mapping[str, Any], since: date, **more: str) -> Row:
    found = registers.series()[series]
    key = found.number(found.first + number)
    return {"recipient_no": key, "person_no": one["person_no"], "since": since.isoformat(), "state": "有効", **more}


def _children(everybody: Iterable[Mapping[str, Any]], day: date) -> Iterator[Row]:
    """Every second child has its card already."""
    chosen = [one for one in everybody if _age(one, day) in _CHILD_AGES and int(one["person_no"]) % 2]
    for number, one in enumerate(chosen):
        more = {"name": one["name"], "birth": one["birth"].isoformat(), "insurer_no": "01130012"}
        yield _line("child-medical", number, one, max(one["birth"], date(2024, 4, 1)), **more)


def _single_parents(everybody: Iterable[Mapping[str, Any]], day: date) -> Iterator[Row]:
    chosen = [one for one in _parents(everybody, day) if int(one["person_no"]) % 2]
    for number, one in enumerate(chosen):
        yield _line("single-parent-medical", number, one, date(2024, 11, 1), **{"class": "親と児童"})


def _parents(everybody: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    return [one for one in everybody if one["single_parent"] and one["relation"] == "世帯主" and _age(one, day) >= 18]


def _disabled(everybody: Iterable[Mapping[str, Any]], day: date) -> Iterator[Row]:
    chosen = [one for one in everybody if one["disability_grade"] in ("1級", "A1") and int(one["person_no"]) % 2]
    for number, one in enumerate(chosen):
        yield _line("disability-medical", number, one, date(2024, 4, 1), **{"class": "全額"})


def _handbooks(everybody: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    for one in everybody:
        if one["disability"]:
            yield {
                "handbook_no": f"見本第{one['person_no'][-5:]}号", "person_no": one["person_no"],
                "kind": one["disability"], "grade": one["disability_grade"], "since": "2020-04-01",
            }  # fmt: skip


def _pupils(everybody: Iterable[Mapping[str, Any]], schools: list[Row], day: date) -> Iterator[Row]:
    for one in everybody:
        age = _age(one, day)
        if age in _SCHOOL_AGES:
            kind = "小学校" if age < 12 else "中学校"
            school = next(row for row in schools if row["kind"] == kind)
            yield {
                "person_no": one["person_no"], "kind": "市立", "school_no": school["school_no"], "school": school["name"],
                "grade": str(age - 5 if age < 12 else age - 11),
            }  # fmt: skip


def _allowances(everybody: Iterable[Mapping[str, Any]], day: date) -> Iterator[Row]:
    for number, one in enumerate(_parents(everybody, day), start=1):
        yield {
            "allowance_no": f"{number:06}",
            "person_no": one["person_no"],
            "receiving": "true",
            "since": "2025-11-01",
        }


def _registers(everybody: Iterable[Mapping[str, Any]], day: date) -> Iterator[Row]:
    for one in _parents(everybody, day):
        yield {"person_no": one["person_no"], "verified": "true", "marriage": "なし"}


def _insured(one: Mapping[str, Any]) -> Row:
    status = "未加入" if one["insurance"] == "生活保護" else "加入"
    number = {"組合健保": "06139992"}.get(one["insurance"], "01130012")
    return {"person_no": one["person_no"], "status": status, "insurer_no": number, "other_side": "false"}
