"""Many applications in one file (e.g. the January intake of 就学援助 from schools): one row is one application, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from honrai.intake import operations as intake
from honrai.intake.models import Application
from honrai.intake.reception.events import BatchOrdered
from honrai.intake.reception.models import Batch
from honrai.intake.reception.permissions import check_can_receive
from honrai.intake.reception.receiving import Incomplete, apply
from honrai.intake.reception.tables import answers_in, guess, questions, read_table
from honrai.kernel.fiscal_year import FiscalYear
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind
from honrai.platform.errors import Refusal
from honrai.platform.events.api import announce, record
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE, Limits
from honrai.procedures import api as procedures
from honrai.procedures.forms import applicable, read_answers

#: What a file of applications may be.
TABLES = Limits(frozenset({"text/plain", "application/octet-stream", "application/zip"}), 20 * MEGABYTE)
#: Rows taken in by one job; the next job goes on, so that progress is seen and nothing long is lost.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class RowSeen:
    """One row as it would be taken in: its line in the file, its answers in words, what is wrong with it."""

    line: int
    name: str
    doubled: bool
    wrong: Sequence[tuple[str, str]]


def upload(*, procedure: str, content: bytes, name: str, arrived_on: date, actor: Actor, now: datetime) -> int:
    """Keep a file of applications and guess which column is which question; nothing is taken in yet.

    Raises:
        Denied: the actor may not take in this procedure.
        Invalid: it cannot be read as a table.
        UnwelcomeFileError, MalwareError: see `platform.files`.
    """
    check_can_receive(actor, procedure, now.date())
    headings, rows = read_table(content)
    if arrived_on > now.date():
        raise Invalid("到達日が先の日付です。年月日を確かめてください")
    kept = files.store(content, name=name, limits=TABLES, who=actor.who, now=now)
    form = procedures.runnable(procedures.version_on(procedure, now.date()).id).pack.form
    row = Batch.objects.create(
        procedure=procedure, file=kept.id, name=kept.name, arrived_on=arrived_on, mapping=guess(headings, form),
        total=len(rows), person=actor.person, contract=actor.contract, at=now,
    )  # fmt: skip
    record("reception.batch_uploaded", who=actor.who, now=now, subject=("batch", row.pk), data={"rows": len(rows)})
    return int(row.pk)


def remap(*, batch: int, mapping: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Say which column is which question.

    Raises:
        Invalid: two columns for one question, or a question the form does not have.
        Conflict: it is being taken in already.
    """
    row = batch_for(actor, batch, now, lock=True)
    if row.state != "draft":
        raise Conflict("このファイルは、すでに受け付けを始めています")
    chosen = {heading: key for heading, key in mapping.items() if key}
    known = {one.key for one in questions(_pack(row, now).form)}
    if len(set(chosen.values())) != len(chosen) or not set(chosen.values()) <= known:
        raise Invalid("同じ欄を2つの列に割り当てることはできません。列と欄の対応を確かめてください")
    row.mapping = chosen
    row.save(update_fields=["mapping"])


def preview(row: Batch, *, actor: Actor, now: datetime) -> list[RowSeen]:
    """Return every row as it would be taken in, in the order of the file."""
    return [_seen(row, line, values, now) for line, values in _rows(row, actor, now)]


def order(*, batch: int, actor: Actor, now: datetime) -> None:
    """Have a file taken in: a job does it, row by row; rows with something wrong are listed and left out.

    Raises:
        Conflict: it was ordered before.
    """
    row = batch_for(actor, batch, now, lock=True)
    if row.state != "draft":
        raise Conflict("このファイルは、すでに受け付けを始めています")
    row.state = "running"
    row.save(update_fields=["state"])
    announce(BatchOrdered(batch=row.pk), who=actor.who, now=now, subject=("batch", row.pk))


def take_some(*, batch: int, actor: Actor, now: datetime) -> bool:
    """Take in the next rows of an ordered file; say whether it is done. Rows taken in before are counted, not doubled."""
    row = Batch.objects.select_for_update().get(pk=batch)
    if row.state != "running":
        return True
    start = row.done + row.doubled + len({one["line"] for one in row.rejects})
    rows = list(_rows(row, actor, now))
    for line, values in rows[start : start + AT_ONCE]:
        _take(row, line, values, actor, now)
    finished = start + AT_ONCE >= len(rows)
    row.state = "done" if finished else "running"
    row.save()
    if not finished:
        announce(BatchOrdered(batch=row.pk), who=actor.who, now=now, subject=("batch", row.pk))
    return finished


def batch_for(actor: Actor, batch: int, now: datetime, *, lock: bool = False) -> Batch:
    """Return a file the actor brought, or one of their contract.

    Raises:
        Denied: none for them.
    """
    rows = Batch.objects.select_for_update() if lock else Batch.objects.all()
    row = rows.filter(pk=batch).first()
    if row is None or (row.person != actor.person and (row.contract is None or row.contract != actor.contract)):
        raise Denied("このファイルは、登録した人だけが開けます")
    check_can_receive(actor, row.procedure, now.date())
    return row


def batches_of(actor: Actor) -> list[Batch]:
    """Return the files the actor brought, newest first."""
    rows = (
        Batch.objects.filter(person=actor.person)
        if actor.kind in (Kind.STAFF, Kind.CONTRACTOR)
        else Batch.objects.none()
    )
    return list(rows.order_by("-at")[:20])


def headings_of(row: Batch, actor: Actor, now: datetime) -> list[str]:
    """Return the headings of a file."""
    return read_table(files.fetch(row.file, who=actor.who, now=now)[1])[0]


def _pack(row: Batch, now: datetime) -> procedures.Pack:
    return procedures.runnable(procedures.version_on(row.procedure, now.date()).id).pack


def _rows(row: Batch, actor: Actor, now: datetime) -> list[tuple[int, dict[str, Any]]]:
    headings, rows = read_table(files.fetch(row.file, who=actor.who, now=now)[1])
    form = _pack(row, now).form
    return [(line, answers_in(one, headings, row.mapping, form)) for line, one in enumerate(rows, 2)]


def _seen(row: Batch, line: int, values: dict[str, Any], now: datetime) -> RowSeen:
    pack = _pack(row, now)
    read, wrong = read_answers(pack, values)
    if not wrong:
        labels = {field.id: field.label for field in pack.form.fields}
        found = procedures.evaluate_form(pack, read, {}, row.arrived_on, channel="file")
        lacking = [one for one in found if one.code.startswith("F-")]
        wrong = [(labels.get(one.code.removeprefix("F-"), "様式"), one.message) for one in lacking]
    name = str(read.get(f"{pack.identity.subject}.name") or "")
    return RowSeen(line, name, _taken_before(row, pack, read) is not None, wrong)


def _key(row: Batch, pack: procedures.Pack, read: Mapping[str, Any]) -> str:
    """The key of a row: what it says, in the fiscal year it arrived. The same row again is the same application."""
    said = applicable(pack, read, row.arrived_on, channel="file")
    return f"{FiscalYear.of(row.arrived_on).year}|{sorted((name, str(value)) for name, value in said.items())}"


def _taken_before(row: Batch, pack: procedures.Pack, read: Mapping[str, Any]) -> int | None:
    """Return the application a row was taken in as before, None where it was not."""
    token = f"file-{intake.hashed(f'{row.procedure}|{_key(row, pack, read)}')[:32]}"
    return Application.objects.filter(token=token).exclude(submitted_at=None).values_list("pk", flat=True).first()


def _take(row: Batch, line: int, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    pack = _pack(row, now)
    read, _ = read_answers(pack, values)
    if _taken_before(row, pack, read) is not None:
        row.doubled += 1
        return
    try:
        with transaction.atomic():
            apply(
                procedure=row.procedure, channel="file", key=_key(row, pack, read), values=values,
                arrived_on=row.arrived_on, actor=actor, now=now,
            )  # fmt: skip
        row.done += 1
    except Incomplete as refusal:
        row.rejects += [{"line": line, "field": where, "reason": why} for where, why in refusal.problems]
    except Refusal as refusal:
        row.rejects += [{"line": line, "field": "", "reason": str(refusal)}]
