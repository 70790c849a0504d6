"""Opens cases from applications."""

from datetime import date, datetime

from honrai.cases import rules
from honrai.cases.events import CaseOpened
from honrai.cases.models import Case, Route
from honrai.cases.operations.advancing import start
from honrai.cases.rules import NewCase
from honrai.platform.authority.api import Invalid
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
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
        name=new.name,
        kana=new.kana,
        born_on=new.born_on,
        party=new.party,
        values=new.values,
        attachments=[{"id": attachment, "file": file} for attachment, file in new.attachments],
        stage="受付",
        due_on=rules.first_due(new.received_on, run.pack.identity.standard_period, city_calendar()),
        opened_at=now,
    )
    event = CaseOpened(application=new.application, procedure=case.procedure, version=new.version)
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)
    start(case, who=who, now=now)
    return int(case.pk)


def route_on(procedure: str, on: date) -> Route:
    """Return which unit and contract handle a procedure on a day.

    Raises:
        Invalid: nobody is set.
    """
    route = Route.objects.filter(procedure=procedure, since__lte=on).order_by("-since").first()
    if route is None:
        raise Invalid("この手続の担当課が決まっていません。市の設定で担当課を登録してください")
    return route


def set_route(*, procedure: str, unit: int, contract: int | None, since: date) -> None:
    """Set who handles a procedure from a day on; what was opened before stays where it is."""
    Route.objects.update_or_create(procedure=procedure, since=since, defaults={"unit": unit, "contract": contract})
