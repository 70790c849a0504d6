"""Giving out numbers: one after another, with their check digit, none twice, the same thing always the same one."""

from datetime import datetime

from django.db.models import Max

from honrai.exchange.api import present
from honrai.platform.authority.api import Invalid
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import run
from honrai.platform.events.api import Who, record
from honrai.registers.models import GivenNumber
from honrai.registers.rules.kinds import series as known_series


def next_number(*, series: str, reference: str, who: Who, now: datetime, case: int | None = None) -> str:
    """Return the number of a thing in a series; the first asking gives it one, every later one tells the same.

    Numbers that the core system's ledger already holds are passed over.

    Args:
        series: code of the series (`data/series.yaml`).
        reference: what gets the number, e.g. "case/12".
        who: who or what caused it.
        now: the moment.
        case: the case it belongs to.

    Raises:
        Invalid: no such series, or it is used up.
    """
    found = known_series().get(series)
    if found is None:
        raise Invalid(f"番号の種類「{series}」がありません。data/series.yaml に登録してください。")
    run("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"registers/{series}", current_city()])
    given = GivenNumber.objects.filter(series=series, reference=reference).first()
    if given is not None:
        return given.number
    last = GivenNumber.objects.filter(series=series).aggregate(last=Max("body"))["last"]
    body = found.first if last is None else last + 1
    try:
        while present(found.taken, [found.number(body)]):
            body += 1
        number = found.number(body)
    except ValueError as error:
        raise Invalid(str(error)) from error
    row = GivenNumber.objects.create(series=series, body=body, number=number, reference=reference, at=now)
    record(
        "registers.number_given", who=who, now=now, subject=("given_number", row.pk), case=case, data={"series": series}
    )
    return number
