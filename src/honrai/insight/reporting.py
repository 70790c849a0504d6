"""日報 and 月報 of a contract: drafted from the event log, confirmed by its manager, accepted or returned by the city."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from honrai.cases import api as cases
from honrai.insight import rules
from honrai.insight.events import ReportConfirmed, ReportReplied
from honrai.insight.models import Report, ReportKind, ReportReply
from honrai.insight.permissions import check_can_read_reports
from honrai.platform.authority.api import (
    Actor,
    Charge,
    Conflict,
    Invalid,
    NotFound,
    check_can_manage_contract,
    check_has_charge,
)
from honrai.platform.cities.tenancy import in_city
from honrai.platform.clock import TOKYO
from honrai.platform.events.api import announce

#: How many confirmed periods before it a report is held against; a monthly report recounts all its days anyway.
_LOOKED_BACK = {ReportKind.DAILY: 10, ReportKind.MONTHLY: 3}


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as the log tells it now."""

    contract: int
    kind: ReportKind
    first_day: date
    last_day: date
    figures: Sequence[cases.Activity]
    corrections: Sequence[rules.Correction]


def draft(*, contract: int, kind: ReportKind, day: date, actor: Actor) -> Draft:
    """Return the draft of the day's or month's report, counted from the event log.

    Args:
        contract: key of the contract.
        kind: daily or monthly.
        day: the day, or any day of the month.
        actor: staff of the city, or a manager of the contract.

    Raises:
        Denied: anybody else.
        Invalid: the day has not come yet.
    """
    check_can_read_reports(actor, contract)
    first, last = rules.month_of(day) if kind is ReportKind.MONTHLY else (day, day)
    if first > actor.day:
        raise Invalid("まだ来ていない日の報告は作れません。")
    figures = count(contract, first, last)
    return Draft(contract, kind, first, last, figures, _corrections(contract, kind, first))


def count(contract: int, first: date, last: date) -> Sequence[cases.Activity]:
    """Return the counts of days `first` to `last`, both included, Tokyo time."""
    since = datetime.combine(first, time(), TOKYO)
    return cases.activities(
        contract=contract, since=since, until=datetime.combine(last + timedelta(days=1), time(), TOKYO)
    )


def _corrections(contract: int, kind: ReportKind, first: date) -> list[rules.Correction]:
    rows = standing(contract, kind).filter(first_day__lt=first).order_by("-first_day", "-revision")
    earlier: dict[date, Report] = {}
    for row in rows[: 3 * _LOOKED_BACK[kind]]:
        earlier.setdefault(row.first_day, row)
    known = [one for row in earlier.values() for one in corrections_of(row)]
    found = []
    for row in list(earlier.values())[: _LOOKED_BACK[kind]]:
        counted = by_activity([asdict(one) for one in count(contract, row.first_day, row.last_day)])
        found += rules.corrections(row.first_day, by_activity(row.figures), known, counted)
    return sorted(found, key=lambda one: (one.first_day, one.activity))


def standing(contract: int, kind: ReportKind) -> Any:
    """Return a contract's confirmed reports of a kind that the city has not returned."""
    return Report.objects.filter(contract_id=contract, kind=kind).exclude(replies__accepted=False)


def by_activity(figures: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, int]]:
    """Return counts by activity."""
    return {one["procedure"]: {name: one[name] for name in rules.COUNTED} for one in figures}


def corrections_of(row: Report) -> list[rules.Correction]:
    """Return the corrections a confirmed report stated."""
    return [
        rules.Correction(date.fromisoformat(one["first_day"]), one["activity"], one["count"], one["by"])
        for one in row.corrections
    ]


def confirm(*, contract: int, kind: ReportKind, day: date, note: str = "", actor: Actor, now: datetime) -> int:
    """Confirm the draft as the contract's manager; from then on the figures stand. Return the report's key.

    Raises:
        Denied: not a manager of the contract.
        Conflict: confirmed already and not returned.
        Invalid: the day has not come yet, or the month is not over.
    """
    check_can_manage_contract(actor, contract)
    with in_city(actor.city):
        made = draft(contract=contract, kind=kind, day=day, actor=actor)
        if kind is ReportKind.MONTHLY and made.last_day >= now.astimezone(TOKYO).date():
            raise Invalid("月報は、月が終わってから確認してください。")
        before = Report.objects.filter(contract_id=contract, kind=kind, first_day=made.first_day)
        if before.exclude(replies__accepted=False).exists():
            raise Conflict("この期間の報告は確認済みです。訂正は次の報告に載ります。")
        row = Report.objects.create(
            contract_id=contract,
            kind=kind,
            first_day=made.first_day,
            last_day=made.last_day,
            revision=before.count() + 1,
            figures=[asdict(one) for one in made.figures],
            corrections=[asdict(one) | {"first_day": one.first_day.isoformat()} for one in made.corrections],
            note=note,
            confirmed_at=now,
            confirmed_by_id=actor.person or 0,  # a manager always is a person
        )
        event = ReportConfirmed(report=row.pk, contract=contract, kind=kind.value, first_day=made.first_day)
        announce(event, who=actor.who, now=now, subject=("report", row.pk), after={"figures": row.figures})
    return int(row.pk)


def reply(*, report: int, accepted: bool, words: str = "", actor: Actor, now: datetime) -> None:
    """Accept a confirmed report for the city, or return it with a reason.

    Raises:
        Denied: the 分掌 "contracts" is missing.
        NotFound: no such report.
        Conflict: answered already.
        Invalid: returned without a reason.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    if not accepted and not words.strip():
        raise Invalid("差し戻す理由を入力してください。")
    with in_city(actor.city):
        row = Report.objects.select_related("contract").filter(pk=report).first()
        if row is None:
            raise NotFound("該当する報告はありません。")
        if row.replies.exists():
            raise Conflict("受領または差戻しの済んだ報告です。")
        ReportReply.objects.create(report=row, accepted=accepted, words=words, at=now, by_id=actor.person or 0)
        event = ReportReplied(report=report, contract=row.contract_id, accepted=accepted)
        announce(event, who=actor.who, now=now, subject=("report", report))
