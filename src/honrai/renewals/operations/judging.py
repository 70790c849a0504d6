"""Judging: everybody of the ledger on columns, proved on a sample by the one-case rules, written in one go or not at all."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from honrai.cases import api as cases
from honrai.kernel.errors import Invalid as BadValue
from honrai.kernel.fiscal_year import FiscalYear
from honrai.platform.authority.api import Actor
from honrai.platform.cities.tenancy import current_city
from honrai.platform.db.bulk import copy_text, make_temporary
from honrai.platform.db.bulk import run as run_sql
from honrai.platform.errors import Conflict, Refusal
from honrai.platform.events.api import SYSTEM, announce, record
from honrai.platform.jobs.api import enqueue
from honrai.platform.jobs.progress import Note, Stopped, ask_to_stop, progress
from honrai.procedures import api as procedures
from honrai.renewals import tasks
from honrai.renewals.events import RunJudged, Started
from honrai.renewals.models import Item, Run
from honrai.renewals.operations.gathering import Gathered, gather
from honrai.renewals.permissions import check_can_handle, run_for
from honrai.renewals.rules.classes import Class, class_columns
from honrai.renewals.rules.counting import count
from honrai.renewals.rules.ledger import after_columns
from honrai.renewals.rules.plan import Plan, read_plan
from honrai.renewals.rules.states import State

SUBJECT = "renewal"
SAMPLE = 200
"""How many recipients every run judges one by one as well."""
_COLUMNS = tuple(
    (name, {"age": "int", "rules": "jsonb", "before": "jsonb", "after": "jsonb", "values": "jsonb"}.get(name, "text"))
    for name in (
        "key", "number", "name", "kana", "ward", "postcode", "age", "kind", "change", "outcome", "reason", "rules", "before",
        "after", "values", "returned",
    )
)  # fmt: skip
_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


def start(
    *,
    procedure: str,
    basis_on: date,
    rehearsal: bool,
    note: str = "",
    actor: Actor,
    now: datetime,
    seed: int | None = None,
) -> int:
    """Start a run and have everybody judged in the background; return its key. Any number of rehearsals may be made.

    Args:
        procedure: code of a procedure whose pack says how it is renewed.
        basis_on: the day judged on (基準日); version and amounts in force on it are used.
        rehearsal: nothing may come of it.
        note: what the run is to be told from others by.
        actor: an official of the section in charge.
        now: the moment.
        seed: what samples are drawn with; random where left out, and kept.

    Raises:
        Denied: contractors, other sections.
        Invalid: the procedure is not renewed each year.
        Conflict: the year's renewal is under way or done already.
    """
    route = cases.route_on(procedure, basis_on)
    check_can_handle(actor, route.unit)
    version = procedures.version_on(procedure, basis_on)
    plan = read_plan(procedures.runnable(version.id).pack)
    year = FiscalYear.of(basis_on).year
    if not rehearsal:
        _check_only_one(procedure, year)
    run = Run.objects.create(
        procedure=procedure,
        version=version.id,
        title=f"{version.title}　{plan.title}",
        year=year,
        basis_on=basis_on,
        rehearsal=rehearsal,
        note=note.strip()[:200],
        unit=route.unit,
        state=State.JUDGING,
        seed=secrets.randbits(62) if seed is None else seed,
        made_by=actor.person,
        made_at=now,
    )
    event = Started(run=run.pk, procedure=procedure, rehearsal=rehearsal)
    announce(event, who=actor.who, now=now, subject=("renewal", run.pk))
    enqueue(tasks.judge, actor.city, lock=f"renewal/{run.pk}", run=run.pk)
    return int(run.pk)


def _check_only_one(procedure: str, year: int) -> None:
    over = (State.UNDONE, State.FAILED, State.STOPPED)
    if Run.objects.filter(procedure=procedure, year=year, rehearsal=False).exclude(state__in=over).exists():
        raise Conflict(
            "この年度の年次更新はもう始まっています。一覧から開いてください。やり直すときは先に取り消してください。"
        )


def stop(run: int, *, actor: Actor, now: datetime) -> None:
    """Have the job that works on a run give up; what it began is taken back.

    Raises:
        Conflict: no job works on it.
    """
    row = run_for(run, actor)
    if not State(row.state).busy:
        raise Conflict(f"この年次更新は「{State(row.state).label}」です。もう止めるものはありません。")
    record("renewals.stop_asked", who=actor.who, now=now, subject=("renewal", run))
    ask_to_stop(SUBJECT, run)


def judge(run: int, *, now: datetime) -> None:
    """Judge everybody of a run, all or nothing; a run that is judged already stays as it is, so a repeated job is harmless."""
    row = Run.objects.select_for_update().get(pk=run)
    if row.state != State.JUDGING:
        return
    try:
        with progress(SUBJECT, run) as note, transaction.atomic():
            _judge(row, note, now)
    except Stopped:
        row.state = State.STOPPED
    except (Refusal, BadValue, procedures.ColumnsDifferError, procedures.NoProposalError) as reason:
        row.state, row.problem = State.FAILED, str(reason)[:400]
    row.save()
    if row.state != State.JUDGED:
        record("renewals.stopped", who=SYSTEM, now=now, subject=("renewal", run))


def _judge(row: Run, note: Note, now: datetime) -> None:
    started = time.perf_counter()
    pack = procedures.runnable(row.version).pack
    plan = read_plan(pack)
    note("名簿と所得の読出し", 0, 1)
    gathered = gather(plan, pack, row.procedure, row.basis_on)
    roll = procedures.propose_all(
        pack, gathered.facts, row.basis_on, sample=SAMPLE, seed=row.seed, told=lambda *far: note(*far)
    )
    frame = judged_frame(plan, pack, gathered, roll, row.basis_on)
    Item.objects.filter(run=row)._raw_delete(Item.objects.db)
    make_temporary("renewals_incoming", _COLUMNS)
    names = [name for name, _ in _COLUMNS]
    copy_text("renewals_incoming", names, _lines(frame, gathered.facts.columns, note))
    listed = ", ".join(f'"{name}"' for name in names)
    run_sql(f"INSERT INTO renewals_item (city_id, run_id, {listed}) SELECT %s, %s, {listed} FROM renewals_incoming", [  # noqa: S608
        current_city(), row.pk,
    ])  # fmt: skip
    row.total, row.counts, row.sources = frame.height, count(frame), gathered.sources
    row.compared, row.singly = roll.compared, list(roll.counted_singly)
    row.state, row.judged_at, row.seconds = State.JUDGED, now, round(time.perf_counter() - started, 2)
    classes = row.counts["class"]
    event = RunJudged(run=row.pk, total=row.total, **{each.value: classes[each.value] for each in Class})
    announce(event, who=SYSTEM, now=now, subject=("renewal", row.pk))


def judged_frame(
    plan: Plan, pack: procedures.Pack, gathered: Gathered, roll: procedures.Roll, basis: date
) -> pl.DataFrame:
    """Return people, facts, results, class, change and what the ledger would hold, one row a recipient."""
    told = pl.DataFrame(
        {
            "way": list(range(len(roll.ways))),
            "kind": [way.kind for way in roll.ways],
            "outcome": [way.outcome for way in roll.ways],
            "reason": [reason_of(way) for way in roll.ways],
            "rules": [_json([reason.row for reason in way.reasons]) for way in roll.ways],
        },
        schema_overrides={"way": pl.UInt32},
    )
    new = [name for name in roll.frame.columns if name not in gathered.people.columns]
    frame = gathered.people.hstack(roll.frame.select(new)).join(told, on="way", how="left", maintain_order="left")
    decision, was = plan.category
    frame = frame.with_columns(
        (pl.col(decision).fill_null("") if decision else pl.lit("")).alias("will"),
        (pl.col(f"ledger.{was}").fill_null("") if was else pl.lit("")).alias("was"),
        (pl.col("ledger.state") == "停止").alias("suspended"),
        _age(basis),
    )
    frame = frame.with_columns(*class_columns())
    return frame.with_columns(after_columns(plan, basis))


def reason_of(way: procedures.Proposal) -> str:
    """Return why, in words: the reasons of the table, or the facts that are not known."""
    if way.missing:
        return "分からない事実: " + "・".join(fact.label for fact in way.missing)
    return "／".join(dict.fromkeys(reason.text for reason in way.reasons))


def _age(basis: date) -> pl.Expr:
    born = pl.col("born")
    before = (born.dt.month() > basis.month) | ((born.dt.month() == basis.month) & (born.dt.day() > basis.day))
    return (basis.year - born.dt.year() - before.cast(pl.Int32)).alias("age")


def _lines(frame: pl.DataFrame, facts: list[str], note: Note) -> Iterator[list[Any]]:
    for done, one in enumerate(frame.iter_rows(named=True)):
        if done % 5_000 == 0:
            note("結果の書込み", done, frame.height)
        values = {name: one[name] for name in facts if one[name] is not None}
        yield [
            one["key"], one["number"], one["name"] or "", one["kana"] or "", one["ward"] or "",
            one["postcode"] or "", one["age"], one["class"], one["change"], one["outcome"], _why(one)[:400], one["rules"],
            _json(_before(one)), _json(_after(one)), _json(values), "",
        ]  # fmt: skip


def _why(one: Mapping[str, Any]) -> str:
    words = {
        "転出": "住民登録がありません。",
        "支援措置": "支援措置の対象です。",
        "世帯変更": "決定したときと世帯が違います。",
    }
    if one["exception"]:
        return words.get(one["exception"], "ほかの記録と同じ人かもしれません。")
    return "届が出ていません。" if not one["answered"] else str(one["reason"])


def _before(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {"since": one["since"], "until": one["until"], "category": one["was"], "state": one["ledger.state"]}
    return {name: value for name, value in found.items() if value}


def _after(one: Mapping[str, Any]) -> dict[str, Any]:
    if not one["after.state"]:
        return {}
    names = ("since", "until", "category", "state")
    return {name: one[f"after.{name}"] for name in names if one[f"after.{name}"]}
