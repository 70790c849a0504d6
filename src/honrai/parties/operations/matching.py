"""Who a case is about, and what the extracts know of them: the facts casework asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from honrai.exchange.api import present_day
from honrai.kernel.errors import Invalid as BadValue
from honrai.kernel.names import fold_name
from honrai.kernel.wareki import parse_date
from honrai.parties.models import Household, LedgerEntry, Match, Resident
from honrai.parties.queries import candidates, households_of, ledger_lines, members, resident
from honrai.parties.rules.facts import Answer, answers, folded
from honrai.parties.rules.keys import kana_key, place_key
from honrai.parties.rules.matching import Judgement, Wanted, judge
from honrai.platform.events.api import SYSTEM, record


@dataclass(frozen=True, slots=True)
class Asked:
    """What casework asks about one case.

    Attributes:
        case: key of the case.
        procedure: code of the procedure.
        facts: ids of the facts wanted.
        subject: the person as the application names them.
        number: 宛名番号 where it is known already, else "".
        on: the day the facts are asked as of.
        fresh_days: fact id -> how many days old its extract may be; a fact without an entry may be of any age.
    """

    case: int
    procedure: str
    facts: tuple[str, ...]
    subject: Wanted
    number: str
    on: date
    fresh_days: Mapping[str, int]


def wanted_from(values: Mapping[str, Any], subject: str, applicant: str) -> Wanted:
    """Return the person an application is about, from its fields `<subject>.kana`, `.name`, `.born`, `.address`.

    Where the subject has no address of its own, the applicant's counts.
    """
    address = values.get(f"{subject}.address") or values.get(f"{applicant}.address") or ""
    return Wanted(
        kana=kana_key(str(values.get(f"{subject}.kana") or "")),
        name=fold_name(str(values.get(f"{subject}.name") or "")),
        born_on=_day(values.get(f"{subject}.born")),
        place=place_key(str(address)),
    )


def facts_about(asked: Asked, *, now: datetime) -> dict[str, Any]:
    """Return what last night's extracts know about the subject of a case: fact id -> value.

    Left out: facts no extract answers, facts whose extract was never loaded or is too old, and everything about a person
    who cannot be told from others (unclear). The match is kept with the case, and the read recorded.
    """
    known = {fact: answer for fact, answer in answers().items() if fact in asked.facts and _fresh(answer, asked)}
    if not known:
        return {}
    judged = _judge(asked)
    if judged.state == "unclear":
        record("parties.case_unclear", who=SYSTEM, now=now, subject=("case", asked.case), case=asked.case)
        return {}
    if judged.state == "none":
        return {fact: False for fact, answer in known.items() if answer.about == "match"}
    row = resident(judged.number)
    if row is None:
        return {}
    Match.objects.update_or_create(
        case=asked.case, defaults={"number": row.number, "keys": list(judged.keys), "at": now}
    )
    record("parties.person_read", who=SYSTEM, now=now, subject=("resident", row.pk), case=asked.case)
    return _answers(known.values(), row, asked)


def _judge(asked: Asked) -> Judgement:
    if asked.number:
        row = resident(asked.number)
        return Judgement("found", row.number, ("number",)) if row else Judgement("none")
    if not (asked.subject.kana or asked.subject.name):
        return Judgement("unclear")
    return judge(asked.subject, candidates(asked.subject))


def _answers(known: Iterable[Answer], row: Resident, asked: Asked) -> dict[str, Any]:
    home = households_of([row.household_number]).get(row.household_number)
    found: dict[str, Any] = {}
    for answer in known:
        if answer.about == "match":
            found[answer.fact] = True
        elif answer.about == "resident":
            found[answer.fact] = answer.read(getattr(row, answer.field))
        elif answer.about == "household" and home is not None:
            found[answer.fact] = answer.read(getattr(home, answer.field))
        elif answer.about in ("family", "others"):
            found[answer.fact] = _household(answer, row, home, asked)
        elif answer.about == "ledger":
            found[answer.fact] = answer.read_lines(_lines(answer, row.number, asked))
    return {fact: _plain(value) for fact, value in found.items() if value is not None}


def _household(answer: Answer, row: Resident, home: Household | None, asked: Asked) -> Any:
    """Return what the ledger lines of a household tell; nothing where 支援措置 closes the relations of its members."""
    if home is None or home.protected:
        return None
    people = members(row.household_number)
    if answer.about == "others":
        people = people.exclude(pk=row.pk).filter(born_on__lte=_adult(asked.on))
    numbers = list(people.values_list("number", flat=True))
    rows = LedgerEntry.objects.filter(ledger=answer.source(asked.procedure) or "", number__in=numbers)
    table = answer.table
    value = folded(answer, [line.values for line in rows.order_by("number")], len(numbers))
    return value if table is None or value is None else table[value]


def _adult(on: date) -> date:
    """Return the latest birthday of whoever is 18 on a day (民法4条)."""
    return on.replace(year=on.year - 18) if (on.month, on.day) != (2, 29) else date(on.year - 18, 2, 28)


def _lines(answer: Answer, number: str, asked: Asked) -> list[str]:
    """Return the values of a ledger's lines of a person that are in force on the day asked for."""
    lines = ledger_lines(answer.source(asked.procedure) or "", number).filter(
        Q(since__isnull=True) | Q(since__lte=asked.on), Q(until__isnull=True) | Q(until__gte=asked.on)
    )
    return [_value(line, answer.field) for line in lines if line.values.get("state", "有効") == "有効"]


def _value(line: LedgerEntry, field: str) -> str:
    return str(line.values.get(field, ""))


def _fresh(answer: Answer, asked: Asked) -> bool:
    """Say whether the fact's extract is there and, as of the day asked for, not older than the pack allows."""
    source = answer.source(asked.procedure)
    day = present_day(source) if source else None
    if day is None:
        return False
    most = asked.fresh_days.get(answer.fact)
    return most is None or (asked.on - day).days <= most


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return parse_date(str(value)) if value else None
    except BadValue:
        return None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
