"""Issue: the point from which a renewal counts outside. The ledger's changes are written, exceptions become cases.

Goes on in pieces; each piece is one transaction and finds by itself what is left, so a killed worker doubles nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from honrai.cases import api as cases
from honrai.exchange import api as exchange
from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.wareki import Wareki
from honrai.platform.authority.api import Actor, Conflict
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, announce, record
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import Stopped, progress
from honrai.procedures import api as procedures
from honrai.renewals import tasks
from honrai.renewals.events import Issued
from honrai.renewals.models import Batch, Item, Run
from honrai.renewals.operations.judging import SUBJECT
from honrai.renewals.operations.preparing import settled
from honrai.renewals.permissions import run_for
from honrai.renewals.rules.classes import Class
from honrai.renewals.rules.plan import read_plan
from honrai.renewals.rules.states import State

CASES_AT_ONCE = 100
CHANNEL = "office"
"""How the cases of exceptions come: opened by the city itself."""


def issue(run: int, *, actor: Actor, now: datetime) -> None:
    """Issue an approved run whose letters are made: from here on it is changed only by correction.

    Raises:
        Denied: contractors, other sections.
        Conflict: not approved yet, letters not all made, or issued already.
    """
    row = run_for(run, actor, lock=True)
    if row.state != State.PREPARED or row.prepared_at is None:
        raise Conflict(
            f"この年次更新は「{State(row.state).label}」です。決裁と証・通知の作成が済んでから発行してください。"
        )
    row.state, row.issued_by = State.ISSUING, actor.person
    row.save()
    record("renewals.issue_asked", who=actor.who, now=now, subject=("renewal", run))
    enqueue(tasks.issue, actor.city, lock=f"renewal/{run}", run=run)


def go_on(run: int, *, now: datetime) -> None:
    """Do the next piece of issuing: first the ledger's entries, then a hundred cases at a time."""
    row = Run.objects.select_for_update().get(pk=run)
    if row.state != State.ISSUING:
        return
    try:
        with progress(SUBJECT, run) as note:
            left = _exceptions(row).filter(case__isnull=True)
            total = _exceptions(row).count()
            note("台帳への登録と例外の案件", total - left.count(), total)
            if row.issued_at is None:
                _write_entries(row, now)
                row.issued_at = now
                row.save()
            for item in left.order_by("key")[:CASES_AT_ONCE]:
                item.case = _open(row, item, now)
                item.save(update_fields=["case"])
    except Stopped:
        pass  # what is issued cannot be half issued: the next piece goes on
    if _exceptions(row).filter(case__isnull=True).exists():
        enqueue(tasks.issue, current_city(), lock=f"renewal/{run}", run=run)
        return
    row.state = State.ISSUED
    row.save()
    event = Issued(run=run, entries=settled(row).exclude(after={}).count(), cases=_exceptions(row).count())
    announce(event, who=SYSTEM, now=now, subject=("renewal", run))


def _exceptions(row: Run) -> Any:
    """Return who gets a case: not known, to be looked into, or sent back by the decider."""
    open_ = Item.objects.filter(run=row, kind__in=[Class.UNKNOWN, Class.CHECK])
    return open_ | Item.objects.filter(run=row).exclude(returned="")


def _write_entries(row: Run, now: datetime) -> int:
    plan = read_plan(procedures.runnable(row.version).pack)
    return exchange.put_out_many(layout=plan.entry, entries=_entries(row), who=SYSTEM, now=now)


def _entries(row: Run) -> Iterator[tuple[str, Mapping[str, str]]]:
    for item in settled(row).exclude(after={}).order_by("key").iterator(chunk_size=2_000):
        yield f"renewal/{row.pk}/{item.key}", {"recipient_no": item.key, "person_no": item.number, **item.after}


def _open(row: Run, item: Item, now: datetime) -> int:
    """Open the case of an exception on the version judged by; what it lacks is found by the pack's own checks."""
    born = item.values.get("person.born") or item.values.get("status.born")
    year = Wareki.of(FiscalYear.of(row.basis_on).start).year
    new = cases.NewCase(
        number=f"{year:02}-R{item.pk:06}",
        application=-item.pk,  # no application came in; a case from a renewal is unique by its item
        version=row.version,
        channel=CHANNEL,
        received_on=now.date(),
        name=item.name or f"受給者番号 {item.key}",
        kana=item.kana,
        born_on=date.fromisoformat(born) if born else None,
        party=f"resident/{item.number}",
        values={name: value for name, value in item.values.items() if not name.startswith("attached.")},
    )
    return cases.open_case(new, who=SYSTEM, now=now)


def batches_of(run: int, actor: Actor) -> list[Batch]:
    """Return the files of letters and cards of a run, in the order of kind and postcode."""
    return list(Batch.objects.filter(run=run_for(run, actor)).order_by("letter", "turn"))
