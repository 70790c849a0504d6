"""Running the gate over a draft, step by step, and the approver's word on changed precedents."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from honrai.engines.flow.api import FlowError
from honrai.platform.authority.api import (
    Act,
    Actor,
    Conflict,
    Denied,
    Doer,
    Invalid,
    Matter,
    NotFound,
    check_can_decide,
    levels_on,
)
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.jobs.api import enqueue, job
from honrai.platform.organisations.api import units_above
from honrai.procedures import permissions
from honrai.procedures.drafts import contents
from honrai.procedures.events import ChangeJudged, GateAsked, GateFinished
from honrai.procedures.models import Acceptance, ClosedExample, Draft, DraftEdit, GateRun
from honrai.procedures.operations.drafting import EDITABLE, locked
from honrai.procedures.queries import pack_of
from honrai.procedures.rules.gate import check_point
from honrai.procedures.rules.gate_flow import proof_of
from honrai.procedures.rules.gate_precedents import ClosedCase, changed_precedents, replay
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack

#: Closed cases looked at in one step of the replay; one step takes about a second.
REPLAY_STEP = 200
#: Steps before the replay: read the pack, points 1 to 7, changed precedents.
_FIXED = 9
#: Changed decisions of the replay that are kept one by one; beyond that they are counted.
SHOWN = 200


def start_gate(*, draft: int, actor: Actor, now: datetime) -> int:
    """Ask for a gate run over a draft as it is now; a job takes it step by step. Returns the key of the run.

    Raises:
        Conflict: the draft is decided or withdrawn.
        Denied: not an editor of it.
    """
    row = locked(draft)
    permissions.check_can_edit(actor, row)
    if row.state not in EDITABLE:
        raise Conflict(f"この案は「{row.get_state_display()}」のため、検査しません。")
    GateRun.objects.filter(draft=row, finished_at=None).update(cancelled=True, finished_at=now)
    corpus = ClosedExample.objects.filter(code=row.code).count() if row.base_id else 0
    steps = _FIXED + -(-corpus // REPLAY_STEP)
    run = GateRun.objects.create(draft=row, lock=row.lock, of=steps, asked_by=actor.person, asked_at=now)
    enqueue(gate_step, current_city(), run=run.pk)
    announce(GateAsked(draft=row.pk, run=run.pk), who=actor.who, now=now, subject=("draft", row.pk))
    return int(run.pk)


def cancel_gate(*, run: int, actor: Actor, now: datetime) -> None:
    """Stop a gate run; what it found so far stays readable.

    Raises:
        Denied: not an editor of the draft.
    """
    row = _run(run)
    permissions.check_can_edit(actor, row.draft)
    GateRun.objects.filter(pk=row.pk, finished_at=None).update(cancelled=True, finished_at=now)


def take_step(*, run: int, now: datetime) -> bool:
    """Take the next step of a gate run; True while more are left. A step taken twice changes nothing."""
    row = _run(run)
    if row.finished_at is not None:
        return False
    if row.draft.lock != row.lock:
        row.cancelled, row.finished_at = True, now
        row.save(update_fields=["cancelled", "finished_at"])
        return False
    more = _step(row)
    row.done += 1
    if not more or row.done >= row.of:
        row.done, row.finished_at = row.of, now
        announce(GateFinished(draft=row.draft_id, run=row.pk), who=SYSTEM, now=now, subject=("draft", row.draft_id))
    row.save(update_fields=["report", "done", "finished_at"])
    return row.finished_at is None


def judge_change(*, draft: int, precedent: str, accepted: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Accept one changed precedent as a change of practice, or send it back; only who could decide the draft may.

    Args:
        draft: key of the draft.
        precedent: id of the precedent.
        accepted: True accepts; False asks for the tables to be mended.
        reason: why; it stands in the gate report.
        actor: somebody who may decide (専決) and changed no file of the draft.
        now: the moment.

    Raises:
        Conflict: the gate has not run on the draft as it is, or the draft is closed.
        Denied: no approver, or somebody who worked on the draft.
        Invalid: no reason.
        NotFound: the gate shows no such change.
    """
    row = locked(draft)
    check_can_judge(actor, row)
    if not reason.strip():
        raise Invalid("理由を入力してください。実務が変わる理由として検査結果に残ります。")
    last = last_run(row)
    if row.state not in EDITABLE or last is None or last.lock != row.lock:
        raise Conflict("検査の後に案が変わりました。もう一度検査してから判断してください。")
    change = next((one for one in last.report.get("changes", ()) if one["case"] == precedent), None)
    if change is None:
        raise NotFound("この判断事例の結果は変わっていません。画面を更新してください。")
    said = {"before": change["before"], "after": change["after"], "accepted": accepted, "reason": reason.strip()}
    Acceptance.objects.update_or_create(
        draft=row, precedent=precedent, defaults={**said, "by": actor.person, "at": now}
    )
    event = ChangeJudged(draft=row.pk, precedent=precedent, accepted=accepted)
    announce(event, who=actor.who, now=now, subject=("draft", row.pk), after=said)


def check_can_judge(actor: Actor, draft: Draft) -> None:
    """Raise `Denied` where the actor may not accept a draft's changes of practice: it takes 専決 and clean hands."""
    if draft.contract is not None or draft.unit is None:
        raise Denied("作業手順書には、実務の変更を認める決裁者はいません。")
    before = tuple(Doer(person) for person in editors(draft))
    units = units_above(draft.unit, actor.day)
    matter = Matter(procedure=draft.code, act=Act.DISCRETIONARY_DECISION, units=units, amount=None, before=before)
    check_can_decide(actor, matter, levels_on(actor.day, draft.code))


def editors(draft: Draft) -> frozenset[int]:
    """Return who began the draft or changed a file of it."""
    people = {*DraftEdit.objects.filter(draft=draft).values_list("by", flat=True), draft.started_by}
    return frozenset(person for person in people if person is not None)


def last_run(draft: Draft) -> GateRun | None:
    """Return the latest gate run of a draft, finished or not."""
    return GateRun.objects.filter(draft=draft).order_by("-asked_at", "-pk").first()


def _run(run: int) -> GateRun:
    row = GateRun.objects.select_for_update(of=("self",)).select_related("draft").filter(pk=run).first()
    if row is None:
        raise NotFound("検査が見つかりません。")
    return row


def _step(run: GateRun) -> bool:
    """Do one step and write what it found into the report; False where nothing can follow."""
    reading = read_pack(contents(run.draft.files))
    if reading.pack is None:
        run.report = {"unreadable": [asdict(problem) for problem in reading.problems]}
        return False
    if run.done == 0:
        run.report = {"points": {}}
    elif run.done <= 7:
        _point(run, reading.pack)
    elif run.draft.base is not None:
        before = pack_of(run.draft.base)
        if run.done == 8:
            run.report["changes"] = [asdict(change) for change in changed_precedents(before, reading.pack)]
        else:
            _replay(run, before, reading.pack)
    return True


def _point(run: GateRun, pack: Pack) -> None:
    point = check_point(pack, run.done)
    run.report["points"][str(run.done)] = [asdict(problem) for problem in point.problems]
    if run.done == 1 and point.problems:
        run.report["flaws"] = _flaws(pack)


def _flaws(pack: Pack) -> list[dict[str, Any]]:
    """Return the counter-examples to draw; a flow that cannot be read has none."""
    try:
        proof = proof_of(pack)
    except FlowError:
        return []
    return [
        {"message": flaw.message, "remedy": flaw.remedy, "elements": flaw.elements, "path": flaw.path}
        for flaw in proof.flaws
    ]


def _replay(run: GateRun, before: Pack, draft: Pack) -> None:
    first = (run.done - _FIXED) * REPLAY_STEP
    rows = ClosedExample.objects.filter(code=run.draft.code).order_by("pk")[first : first + REPLAY_STEP]
    seen = replay(before, draft, [closed_case(row) for row in rows], city_calendar())
    kept: Mapping[str, Any] = run.report.get("replay") or {
        "cases": 0,
        "changed": [],
        "changed_count": 0,
        "deadlines": [],
        "deadlines_count": 0,
        "minutes": "0",
    }
    run.report["replay"] = {
        "cases": kept["cases"] + seen.cases,
        "changed": (kept["changed"] + [asdict(one) for one in seen.changed])[:SHOWN],
        "changed_count": kept["changed_count"] + len(seen.changed),
        "deadlines": (kept["deadlines"] + [asdict(one) for one in seen.deadlines])[:SHOWN],
        "deadlines_count": kept["deadlines_count"] + len(seen.deadlines),
        "minutes": str(Decimal(kept["minutes"]) + seen.minutes),
    }


def closed_case(row: ClosedExample) -> ClosedCase:
    """Return a kept case as the replay takes it."""
    return ClosedCase(
        id=str(row.case),
        values=row.values,
        facts=row.facts,
        attachments=frozenset(row.attachments),
        received=row.received_on,
        channel=row.channel,
        outcome=row.outcome,
    )


@job("procedures.gate_step")
def gate_step(*, now: datetime, run: int) -> None:
    """Take one step of a gate run and enqueue the next, so that progress is seen and a crash costs one step."""
    if take_step(run=run, now=now):
        enqueue(gate_step, current_city(), run=run)
