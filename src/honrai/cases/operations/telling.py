"""Telling the core systems what was decided: entries through exchange, money announced; the step ends when all has landed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from honrai.cases import rules
from honrai.cases.events import PayableDecided
from honrai.cases.models import Case, Task, TaskState
from honrai.cases.operations.completing import finish, lock_case
from honrai.exchange import api as exchange
from honrai.parties import api as parties
from honrai.platform.authority.api import Invalid
from honrai.platform.events.api import SYSTEM, Who, announce
from honrai.procedures import api as procedures
from honrai.registers import api as registers


def tell_core(*, task: int, now: datetime) -> None:
    """Write what the core systems must hold after the decision of a case; done once.

    Where there is nothing to tell the step ends at once. What cannot be written (a field is missing, no resident was found)
    goes to the people of the unit with the reason: they enter it by hand and finish the step.
    """
    row = Task.objects.select_for_update().filter(pk=task, state=TaskState.OPEN).exclude(robot="").first()
    if row is None:
        return
    case = lock_case(row.case_id)
    run = procedures.runnable(case.version)
    try:
        with transaction.atomic():  # of several entries all are written, or none and people do it
            written = _put_out(case, run, now)
    except Invalid as refused:
        row.robot, row.held_for = "", f"自動で登録できません。{refused}"[:200]
        row.save(update_fields=["robot", "held_for"])
        return
    if not written:
        finish(row, case, "", who=SYSTEM, now=now)


def _put_out(case: Case, run: procedures.Runnable, now: datetime) -> int:
    """Write the entries of the outcome and announce its money; return how many entries wait for their landing."""
    entries = run.pack.entries.of(case.outcome)
    money = run.pack.entries.money_of(case.outcome)
    if not (entries or money):
        return 0
    count = 0
    for entry in entries:
        seen = _seen(case, run, entry, now)
        for made in procedures.work_out_entries([entry], seen):
            reference = f"case/{case.pk}/{case.round}/{entry.id}/{made.part}"
            values = made.values
            exchange.put_out(layout=entry.layout, reference=reference, values=values, who=SYSTEM, now=now, case=case.pk)
            count += 1
    seen = _seen(case, run, None, now) if money else {}
    for worked in procedures.work_out_payables(money, seen):
        _announce(case, run, worked, now)
    return count


def _announce(case: Case, run: procedures.Runnable, worked: procedures.WorkedPayable, now: datetime) -> None:
    """Announce what may be paid; who pays it keeps it by its source, so a second telling adds nothing."""
    event = PayableDecided(source=f"case/{case.pk}/{case.round}/{worked.rule.id}", amount=worked.amount)
    details = {
        "purpose": worked.rule.purpose,
        "heading": worked.rule.heading,
        "procedure": case.procedure,
        "number": case.number,
        "unit": case.unit,
        "school": worked.school,
        "payee": group_of(case.values, worked.rule.payee),
        "owner": group_of(case.values, worked.rule.owner),
        "party": parties.person_of(case.pk) or case.party,
        "document": case.decisions.order_by("-pk").values_list("document", flat=True).first(),
        "outcome": case.outcome,
        "received_on": case.received_on.isoformat(),
    }
    announce(event, who=SYSTEM, now=now, subject=("case", case.pk), case=case.pk, after=details)


def group_of(values: dict[str, Any], group: str) -> dict[str, Any]:
    """Return the answers of one group of fields, by their names inside it."""
    start = f"{group}."
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def _seen(case: Case, run: procedures.Runnable, entry: procedures.CoreEntry | None, now: datetime) -> dict[str, Any]:
    return procedures.seen_by_entries(
        run.pack,
        case.values,
        case.facts,
        case.received_on,
        _core(case, entry, now),
        channel=case.channel,
        attached=[item["id"] for item in case.attachments],
    )


def _core(case: Case, entry: procedures.CoreEntry | None, now: datetime) -> procedures.CoreFacts:
    """Return what the house knows of a case for one of its entries."""
    decided = case.decisions.order_by("-pk").values_list("decided_on", flat=True).first()
    person = parties.person_of(case.pk)
    held = parties.held_line(_proving(entry), person, case.received_on) if entry and person else None
    values = case.values
    premises = registers.at_place(
        "premises", str(values.get("premises.address") or ""), str(values.get("premises.name") or ""), case.received_on
    )
    return procedures.CoreFacts(
        receipt=case.number,
        decided=decided or now.date(),
        outcome=case.outcome,
        person=person,
        held=held.key if held else None,
        held_since=held.since if held else None,
        given=_given(case, entry, now),
        premises=premises.code if premises else None,
    )


def _proving(entry: procedures.CoreEntry) -> str:
    """Return the extract that proves the landing of an entry."""
    found = next(one for one in exchange.layouts() if one.code == entry.layout)
    return found.proof.source if found.proof else ""


def _given(case: Case, entry: procedures.CoreEntry | None, now: datetime) -> str | None:
    if entry is None or not entry.number:
        return None
    reference = f"case/{case.pk}"
    return registers.next_number(series=entry.number, reference=reference, who=SYSTEM, now=now, case=case.pk)


def certificate_number(case: Case, run: procedures.Runnable, now: datetime) -> str:
    """Return the number a card carries: the one the core system will know the person by, else 受付番号.

    It is given when the card is made, before the core system is told, and the entry tells the same.
    """
    for entry in run.pack.entries.of(case.outcome):
        core = _core(case, entry, now)
        number = core.given or core.held
        if number:
            return number
    return case.number


def landed(*, case: int, who: Who, now: datetime) -> None:
    """End the telling step of a case when the last of its entries has landed."""
    row = lock_case(case)
    states = [
        one.state for one in exchange.entries_of_case(case) if one.reference.startswith(f"case/{case}/{row.round}/")
    ]
    waiting = {exchange.EntryState.WRITTEN, exchange.EntryState.HANDED_OVER, exchange.EntryState.MISSING}
    task = row.tasks.select_for_update().filter(state=TaskState.OPEN, robot__in=rules.TELLING).first()
    if task is not None and states and not waiting & set(states):
        finish(task, row, "", who=who, now=now)
