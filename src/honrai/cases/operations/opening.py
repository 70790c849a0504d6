"""Opens cases from applications."""

from datetime import date, datetime
from typing import Any

from honrai.cases import rules
from honrai.cases.events import CaseOpened
from honrai.cases.models import Case, CaseGram, Route
from honrai.cases.operations.advancing import start
from honrai.cases.rules import NewCase
from honrai.parties import api as parties
from honrai.platform.authority.api import Invalid
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
from honrai.platform.organisations.api import units_on
from honrai.procedures import api as procedures


def open_case(new: NewCase, *, who: Who, now: datetime) -> int:
    """Open a case on the version the application was made for, and return its key.

    Opening the same application twice returns the first case: a repeated delivery doubles nothing.

    Raises:
        Invalid: nobody is set to handle the procedure.
    """
    run = procedures.runnable(new.version)
    existing = Case.objects.filter(application=new.application, procedure=run.version.code).first()
    if existing is not None:
        return int(existing.pk)
    route = route_on(run.version.code, new.received_on)
    case = Case.objects.create(
        number=new.number,
        version=new.version,
        procedure=run.version.code,
        title=run.version.title,
        application=new.application,
        unit=route.unit,
        contract=route.contract,
        channel=new.channel,
        received_on=new.received_on,
        **found_by(new, run.pack.identity.subject, run.pack.identity.applicant),
        values=new.values,
        attachments=[{"id": attachment, "file": file} for attachment, file in new.attachments],
        stage="受付",
        due_on=rules.first_due(new.received_on, run.pack.identity.standard_period, city_calendar()),
        lead_days=route.lead_days,
        opened_at=now,
    )
    CaseGram.objects.bulk_create(CaseGram(case=case, gram=gram) for gram in parties.grams(parties.name_key(new.name)))
    event = CaseOpened(application=new.application, procedure=case.procedure, version=new.version)
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)
    start(case, who=who, now=now)
    return int(case.pk)


def found_by(new: NewCase, subject: str, applicant: str) -> dict[str, Any]:
    """Return who a new case is about, and the keys it is found by: ward, folded reading, address key.

    Args:
        new: the new case; where its subject has no address of its own, the applicant's counts.
        subject: group of fields of the person it is about.
        applicant: group of fields of who applies.
    """
    address = str(new.values.get(f"{subject}.address") or new.values.get(f"{applicant}.address") or "")
    wards = [unit.name for unit in units_on(new.received_on) if unit.kind == "ward"]
    return {
        "name": new.name,
        "kana": new.kana,
        "born_on": new.born_on,
        "party": new.party,
        "ward": next((ward for ward in wards if ward in address), ""),
        "kana_key": parties.kana_key(new.kana),
        "place_key": parties.place_key(address),
    }


def route_on(procedure: str, on: date) -> Route:
    """Return which unit and contract handle a procedure on a day.

    Raises:
        Invalid: nobody is set.
    """
    route = Route.objects.filter(procedure=procedure, since__lte=on).order_by("-since").first()
    if route is None:
        raise Invalid("この手続の担当課が決まっていません。市の設定で担当課を登録してください")
    return route


def set_route(*, procedure: str, unit: int, contract: int | None, since: date, lead_days: int = 0) -> None:
    """Set who handles a procedure from a day on; what was opened before stays where it is.

    Args:
        procedure: its code.
        unit: the section that answers for it.
        contract: the contract that does the delegated part, None for none.
        since: first day.
        lead_days: its weight: its tasks are ordered as if they were due so many days earlier.
    """
    where = {"unit": unit, "contract": contract, "lead_days": lead_days}
    Route.objects.update_or_create(procedure=procedure, since=since, defaults=where)
