"""Deficiencies (不備): found by the rules of the pack, asked once, answered one by one; the clock stands meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from honrai.cases import rules
from honrai.cases.events import DeficienciesAnswered, DeficienciesAsked
from honrai.cases.models import Case, Deficiency, DeficiencyState
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
from honrai.procedures import api as procedures

_WAITING = "補正"


def find_deficiencies(case: Case, run: procedures.Runnable, *, now: datetime) -> None:
    """Bring the deficiencies of a case to what the pack's rules say of its values as they stand now.

    New ones are added; those that no longer hold are settled; a settled one comes back only as a new finding.
    """
    found = procedures.evaluate_form(
        run.pack,
        case.values,
        case.facts,
        case.received_on,
        channel=case.channel,
        attached=[item["id"] for item in case.attachments],
    )
    by_code = {one.code: one for one in found}
    for row in case.deficiencies.exclude(state=DeficiencyState.SETTLED):
        if row.code not in by_code:
            row.state, row.settled_at = DeficiencyState.SETTLED, now
            row.save(update_fields=["state", "settled_at"])
        else:
            by_code.pop(row.code)
    Deficiency.objects.bulk_create(_row(case, one, now) for one in by_code.values())


def _row(case: Case, found: procedures.Deficiency, now: datetime) -> Deficiency:
    return Deficiency(
        case=case,
        code=found.code,
        severity=found.severity,
        message=found.message,
        fix_by=found.fix_by,
        items=list(found.items),
        found_at=now,
    )


def ask_applicant(case: Case, run: procedures.Runnable, letter: str, *, who: Who, now: datetime) -> None:
    """Ask the applicant for everything found and not yet asked; the clock stops where the published period says so.

    A proposal that itself asks for completion adds its reasons as items, so that the applicant always reads why.
    """
    if case.proposal.get("kind") == "complete":
        _add_reasons(case, now)
    rows = case.deficiencies.filter(fix_by="applicant", state=DeficiencyState.FOUND)
    codes = tuple(rows.order_by("pk").values_list("code", flat=True))
    rows.update(state=DeficiencyState.ASKED, asked_at=now)
    if _WAITING in run.pack.identity.standard_period.stops_for and case.paused_since is None:
        case.paused_since, case.paused_for = now.date(), _WAITING
    event = DeficienciesAsked(application=case.application, codes=codes, letter=letter)
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)


def _add_reasons(case: Case, now: datetime) -> None:
    for number, reason in enumerate(case.proposal.get("reasons", ()), 1):
        Deficiency.objects.get_or_create(
            case=case,
            code=f"P-{number}",
            state=DeficiencyState.FOUND,
            defaults={"severity": "incomplete", "message": reason["text"], "fix_by": "applicant", "found_at": now},
        )


def take_answers(case: Case, values: dict[str, Any], *, who: Who, now: datetime) -> None:
    """Take what the applicant sent: new values are kept beside the old ones in the log, the clock runs again."""
    before = {name: case.values.get(name) for name in values}
    case.values = case.values | values
    rows = case.deficiencies.filter(state=DeficiencyState.ASKED)
    codes: Iterable[str] = rows.order_by("pk").values_list("code", flat=True)
    event = DeficienciesAnswered(codes=tuple(codes))
    rows.update(state=DeficiencyState.ANSWERED, answered_at=now)
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk, before=before, after=values)
    resume_clock(case, now=now)


def resume_clock(case: Case, *, now: datetime) -> None:
    """Let the standard period run again; the due day moves by as long as it stood."""
    if case.paused_since is None:
        return
    period = procedures.runnable(case.version).pack.identity.standard_period
    case.due_on = rules.resumed_due(case.due_on, case.paused_since, now.date(), period, city_calendar())
    case.paused_since, case.paused_for = None, ""
    case.tasks.filter(state__in=("open", "held")).update(due_on=case.due_on, urgent_on=case.urgent_on)
