"""A small ledger of recipients for tests of any chapter: one for each thing that can become of them.

people = renewal_town(city, tmp_path, monkeypatch)     # inside `in_city(city)`
run = judged(people)
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from honrai.cases.testing import town
from honrai.exchange.api import ports
from honrai.exchange.testing import load_records
from honrai.parties import api as parties
from honrai.platform.authority.api import Actor, system_actor
from honrai.platform.organisations.testing import DAY, NOW, SmallCity
from honrai.renewals.models import Item, Run
from honrai.renewals.operations import issuing, judging, preparing, submitting
from honrai.renewals.rules.states import State

BASIS = date(2026, 4, 15)
_BORN = "1960-05-05"
#: key -> what is special of the recipient: (ledger, resident or None for nobody, household, income or None, income of a spouse)
PEOPLE: Mapping[str, dict[str, Any]] = {
    "0000001": {},
    "0000002": {},
    "0000003": {"income": {"total": "9000000"}},
    "0000004": {"ledger": {"category": "3分の2"}},
    "0000005": {"income": None},
    "0000006": {"income": {"declared": "false", "total": ""}},
    "0000007": {"home": {"protected": "true"}},
    "0000008": {"resident": None},
    "0000009": {"ledger": {"household_no": "2999999999"}},
    "0000010": {"home": {"welfare": "true"}},
    "0000011": {"income": {"total": "9000000"}, "ledger": {"state": "停止"}},
    "0000012": {"ledger": {"state": "停止"}},
    "0000013": {"ledger": {"state": "喪失"}},
    "0000014": {"ledger": {"review": "2026-01-31"}},
    "0000015": {"spouse": {"total": "9000000"}},
}
EXPECTED: Mapping[str, tuple[str, str]] = {
    "0000001": ("same", ""),
    "0000002": ("same", ""),
    "0000003": ("changes", "停止"),
    "0000004": ("changes", "区分の変更"),
    "0000005": ("unknown", ""),
    "0000006": ("unknown", ""),
    "0000007": ("check", "支援措置"),
    "0000008": ("check", "転出"),
    "0000009": ("check", "世帯変更"),
    "0000010": ("changes", "喪失"),
    "0000011": ("same", ""),
    "0000012": ("changes", "再開"),
    "0000014": ("unknown", ""),
    "0000015": ("changes", "停止"),
}


def renewal_town(city: int, folder: Any, monkeypatch: Any) -> SmallCity:
    """Make the small city with the pack of 重度心身障がい者医療費, its ledger, residents and incomes."""
    people = town(city, folder, monkeypatch, pack="judo-iryo", facts={})
    monkeypatch.setitem(ports.targets, "parties.ledgers", parties.TARGETS["parties.ledgers"])
    setup = system_actor(city, NOW.date())
    residents, homes, ledger, incomes = [], [], [], []
    for key, one in PEOPLE.items():
        number, home = f"1{key:0>9}", f"2{key:0>9}"
        ledger.append(_ledger(key, number, home) | one.get("ledger", {}))
        if one.get("resident", ...) is None:
            continue
        residents.append(_resident(number, home, key))
        homes.append(_home(home, number, key) | one.get("home", {}))
        if one.get("income", {}) is not None:
            incomes.append(_income(number) | one.get("income", {}))
        if "spouse" in one:
            residents.append(_resident(f"3{key:0>9}", home, key) | {"relation": "妻"})
            incomes.append(_income(f"3{key:0>9}") | one["spouse"])
    for layout, records in (
        ("residents-full", residents), ("households-full", homes), ("disability-medical-ledger", ledger),
        ("yearly-income", incomes),
    ):  # fmt: skip
        load_records(layout, records, as_of=DAY - timedelta(1), actor=setup, now=NOW)
    return people


def judged(actor: Actor, *, rehearsal: bool = False, now: datetime = NOW, note: str = "") -> Run:
    """Start a run and judge it, as the worker would; return it."""
    run = judging.start(
        procedure="judo-iryo", basis_on=BASIS, rehearsal=rehearsal, note=note, actor=actor, now=now, seed=7
    )
    judging.judge(run, now=now)
    return Run.objects.get(pk=run)


def drawn(run: Run, actor: Actor, *, now: datetime = NOW) -> Run:
    """Submit a run and have its documents drawn up."""
    submitting.submit(run.pk, actor=actor, now=now)
    submitting.draw(run.pk, now=now)
    return Run.objects.get(pk=run.pk)


def prepared(run: Run, *, now: datetime = NOW) -> Run:
    """Make all letters of an approved run."""
    while Run.objects.get(pk=run.pk).state == State.PREPARING:
        preparing.prepare(run.pk, now=now)
    return Run.objects.get(pk=run.pk)


def issued(run: Run, actor: Actor, *, now: datetime = NOW) -> Run:
    """Issue a prepared run to its end."""
    issuing.issue(run.pk, actor=actor, now=now)
    while Run.objects.get(pk=run.pk).state == State.ISSUING:
        issuing.go_on(run.pk, now=now)
    return Run.objects.get(pk=run.pk)


def item(run: Run, key: str) -> Item:
    """Return one recipient of a run."""
    return Item.objects.get(run=run, key=key)


def _ledger(key: str, number: str, home: str) -> dict[str, str]:
    return {
        "recipient_no": key, "person_no": number, "household_no": home, "since": "2025-08-01", "until": "2026-07-31",
        "category": "全額", "physical": "1級", "intellectual": "", "mental": "", "review": "", "long_stay": "", "state": "有効",
    }  # fmt: skip


def _resident(number: str, home: str, key: str) -> dict[str, str]:
    return {
        "person_no": number, "household_no": home, "name": f"見本　{_kanji(number)}", "kana": "ミホン　タロウ", "birth": _BORN,
        "resident_since": "2000-01-01", "insurance": "国民健康保険", "relation": "世帯主",
    }  # fmt: skip


def _home(number: str, head: str, key: str) -> dict[str, str]:
    ward = "中央区" if int(key) % 2 else "東区"
    return {
        "household_no": number, "head_no": head, "address": f"見本市{ward}本町{int(key)}番1号", "size": "1", "ward": ward,
        "postcode": f"000{int(key) % 3}001",
    }  # fmt: skip


def _income(number: str) -> dict[str, str]:
    return {
        "person_no": number, "year": "2025", "declared": "true", "total": "1000000", "salary": "false", "deductions": "0",
        "dependants": "0", "elderly": "0", "specific": "0",
    }  # fmt: skip


def _kanji(number: str) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] for digit in number[-3:] + number[0])
