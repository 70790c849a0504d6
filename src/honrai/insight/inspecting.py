"""検収: what an order delivered, counted from events; a sample anybody can draw again; 合格, or 再履行 of the cases that failed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from honrai.cases import api as cases
from honrai.insight import rules
from honrai.platform.authority.api import Actor, Charge, Invalid, NotFound, check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.clock import TOKYO
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.api import DealingKind, DealingView, Terms


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an order delivered so far: counts of its activity in its period, the cases, the sample to look at."""

    order: DealingView
    counted: cases.Activity
    cases: Sequence[int]
    sample: Sequence[int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: case -> what is wrong ("" where nothing is), for exactly the sample; when a redo is due."""

    findings: Mapping[int, str] = field(default_factory=dict)
    due: date | None = None
    words: str = ""


def delivery(*, order: int, actor: Actor) -> Delivery:
    """Return what an order delivered and the sample to look at.

    Raises:
        Denied: neither of the city nor a manager of the contract.
        NotFound: no such order.
    """
    found = organisations.dealing(actor, order)
    if found.kind is not DealingKind.ORDER or found.since is None or found.until is None:
        raise NotFound("該当する発注はありません。")
    since = datetime.combine(found.since, time(), TOKYO)
    until = datetime.combine(found.until + timedelta(days=1), time(), TOKYO)
    counts = cases.activities(contract=found.contract, since=since, until=until)
    counted = next((one for one in counts if one.procedure == found.activity), cases.Activity(found.activity))
    rows = cases.delivered(contract=found.contract, procedure=found.activity, since=since, until=until)
    keys = [row.case for row in rows]
    return Delivery(found, counted, keys, rules.sample(keys, found.id))


def inspect(*, order: int, verdict: Verdict, actor: Actor, now: datetime) -> int:
    """Inspect an order: 合格 where the whole sample is right, else 再履行 of the cases that are not. Return the inspection.

    The redo is opened in the same transaction and falls to the contractor's cost.

    Raises:
        Denied: the 分掌 "contracts" is missing.
        NotFound: no such order.
        Invalid: nothing was delivered, the findings are not of the sample, or a redo has no day.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    with in_city(actor.city):
        found = delivery(order=order, actor=actor)
        wrong = _wrong(found, verdict)
        given: dict[str, Any] = {
            "contract": found.order.contract,
            "activity": found.order.activity,
            "since": found.order.since,
            "until": found.order.until,
        }
        facts = {
            "counted": asdict(found.counted),
            "delivered": len(found.cases),
            "sample": [{"case": case, "wrong": why} for case, why in sorted(verdict.findings.items())],
        }
        inspection = organisations.open_dealing(
            actor=actor, now=now,
            terms=Terms(
                kind=DealingKind.INSPECTION, title=found.order.title, body=verdict.words, passed=not wrong,
                concerns=order, quantity=len(found.cases), facts=facts, **given,
            ),
        )  # fmt: skip
        if wrong:
            _ask_again(given | {"title": found.order.title}, inspection, wrong, verdict.due, actor, now)
    return inspection


def _wrong(found: Delivery, verdict: Verdict) -> dict[int, str]:
    if not found.cases:
        raise Invalid("納められたものがまだありません。")
    if set(verdict.findings) != set(found.sample):
        raise Invalid("抜き取った案件が変わりました。画面を開き直して、すべての案件を確かめてください。")
    wrong = {case: why for case, why in sorted(verdict.findings.items()) if why.strip()}
    if wrong and verdict.due is None:
        raise Invalid("再履行の期限を入力してください。")
    return wrong


def _ask_again(
    given: dict[str, Any], inspection: int, wrong: Mapping[int, str], due: date | None, actor: Actor, now: datetime
) -> None:
    facts = {"cases": list(wrong), "cost": "受託者の負担"}
    redo = Terms(
        kind=DealingKind.REDO, body="\n".join(wrong.values()), due=due, concerns=inspection, quantity=len(wrong),
        facts=facts, **given,
    )  # fmt: skip
    organisations.open_dealing(actor=actor, now=now, terms=redo)
