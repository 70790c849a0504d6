"""Running cases from one version to another: a plan first, a dry run, then case by case, each once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import (
    Act,
    Actor,
    Conflict,
    Denied,
    Invalid,
    Matter,
    NotFound,
    check_can_decide,
    levels_on,
    system_actor,
)
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.jobs.api import enqueue, job
from honrai.platform.organisations.api import units_above, units_on
from honrai.procedures import permissions
from honrai.procedures.events import MoveFinished, MovePlanned, MoveStarted
from honrai.procedures.models import MovedCase, MovePlan, MoveResult, MoveState, PackVersion
from honrai.procedures.ports import Casework, RunningCase, ports
from honrai.procedures.queries import flow_of

#: Cases moved in one step, one transaction.
STEP = 50


def plan_move(*, source: int, target: int, actor: Actor, now: datetime, names: Mapping[str, str] | None = None) -> int:
    """Make a plan to move the running cases of one version to another, and return its key; nothing moves yet.

    Args:
        source: the version the cases run on.
        target: the version they shall run on; of the same procedure.
        actor: staff of the section that owns the procedure.
        now: the moment.
        names: ids of the old flow -> ids of the new one, where they differ.

    Raises:
        Denied: another section, or a contractor.
        Invalid: two procedures, one version twice, an inner pack, or a map with unknown ids.
        NotFound: no such version.
    """
    old, new = _version(source), _version(target)
    check_can_plan(actor, old)
    if old.code != new.code or old.pk == new.pk or new.contract is not None:
        raise Invalid("同じ手続の、別の版を選んでください。")
    known = _known_names(old, new, names or {})
    row = MovePlan.objects.create(source=old, target=new, names=known, made_by=actor.person, made_at=now)
    _announce_plan(row, actor, now)
    return int(row.pk)


def change_map(*, plan: int, names: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Change where places of the old flow go.

    Raises:
        Conflict: cases are being moved already.
        Denied, Invalid, NotFound: as for `plan_move`.
    """
    row = _locked(plan)
    check_can_plan(actor, row.source)
    if row.state != MoveState.PLANNED:
        raise Conflict("移行を始めた後は対応表を変えられません。")
    row.names = _known_names(row.source, row.target, names)
    row.save(update_fields=["names"])
    _announce_plan(row, actor, now)


def apply_move(*, plan: int, actor: Actor, now: datetime) -> None:
    """Move the running cases by the plan; a job takes them in steps. Asked again after a stop, it goes on where it was.

    Raises:
        Conflict: done already, or the target is not published for today yet.
        Denied: who could not decide on the procedure (専決), or another section.
        NotFound: no such plan.
    """
    row = _locked(plan)
    check_can_apply(actor, row.source)
    if row.state == MoveState.DONE:
        raise Conflict("この計画の移行は済んでいます。")
    if row.target.effective_from > actor.day:
        raise Conflict(f"移行先の版は{row.target.effective_from}から施行されます。施行日以後に移行してください。")
    if row.state == MoveState.PLANNED:
        row.state, row.started_by, row.started_at = MoveState.MOVING, actor.person, now
        row.total = len(_casework().running(row.source.code, row.source_id))
        row.save(update_fields=["state", "started_by", "started_at", "total"])
        announce(MoveStarted(plan=row.pk, cases=row.total), who=actor.who, now=now, subject=("move", row.pk))
    enqueue(move_step, current_city(), lock=f"move-{row.pk}", plan=row.pk)


def take_step(*, plan: int, now: datetime) -> bool:
    """Move the next cases of a plan; True while more are left. Cases looked at before are left alone."""
    row = _locked(plan)
    if row.state != MoveState.MOVING:
        return False
    last = MovedCase.objects.filter(plan=row).order_by("-case").values_list("case", flat=True).first() or 0
    waiting = _casework().running(row.source.code, row.source_id, after=last, limit=STEP)
    engine_plan = engine_plan_of(row)
    actor = replace(system_actor(current_city(), now.date()), person=row.started_by)
    for one in waiting:
        result, reason = _move(row, one, engine_plan, actor, now)
        MovedCase.objects.create(plan=row, case=one.case, result=result, reason=reason, at=now)
    if len(waiting) == STEP:
        return True
    _finish(row, now)
    return False


def engine_plan_of(row: MovePlan) -> flow_engine.Plan:
    """Return the engine's plan for the two flows and the map."""
    return flow_engine.plan(flow_of(row.source), flow_of(row.target), row.names)


def check_can_apply(actor: Actor, version: PackVersion) -> None:
    """Raise `Denied` where the actor may not move cases: it takes the 専決 of whoever decides on the procedure."""
    unit = check_can_plan(actor, version)
    matter = Matter(
        procedure=version.code, act=Act.DISCRETIONARY_DECISION, units=units_above(unit, actor.day), amount=None
    )
    check_can_decide(actor, matter, levels_on(actor.day, version.code))


def _move(
    row: MovePlan, one: RunningCase, plan: flow_engine.Plan, actor: Actor, now: datetime
) -> tuple[MoveResult, str]:
    impossible = [found for found in flow_engine.classes_of(plan, dict(one.state)) if found.verdict == "impossible"]
    if impossible:
        return MoveResult.KEPT, " ".join(reason for found in impossible for reason in found.reasons)
    try:
        with transaction.atomic():
            _casework().move(one.case, plan=plan, target=row.target_id, actor=actor, now=now)
    except Conflict as refusal:  # the case went on between the list and the move
        return MoveResult.KEPT, str(refusal)
    return MoveResult.MOVED, ""


def _finish(row: MovePlan, now: datetime) -> None:
    row.state, row.finished_at = MoveState.DONE, now
    row.save(update_fields=["state", "finished_at"])
    results = list(MovedCase.objects.filter(plan=row).values_list("result", flat=True))
    event = MoveFinished(plan=row.pk, moved=results.count(MoveResult.MOVED), kept=results.count(MoveResult.KEPT))
    announce(event, who=SYSTEM, now=now, subject=("move", row.pk))


def _announce_plan(row: MovePlan, actor: Actor, now: datetime) -> None:
    event = MovePlanned(plan=row.pk, source=row.source_id, target=row.target_id)
    announce(event, who=actor.who, now=now, subject=("move", row.pk), after={"names": row.names})


def _known_names(old: PackVersion, new: PackVersion, names: Mapping[str, str]) -> dict[str, str]:
    given = {before: after for before, after in names.items() if after and before != after}
    for pack, ids, side in ((old, given.keys(), "移行元"), (new, given.values(), "移行先")):
        known = flow_of(pack).steps.keys()
        strange = sorted(set(ids) - known)
        if strange:
            raise Invalid(f"{side}の流れに「{'・'.join(strange)}」がありません。")
    if len(set(given.values())) < len(given):
        raise Invalid("二つの要素が同じ要素に移ることになっています。対応表を直してください。")
    return given


def check_can_plan(actor: Actor, version: PackVersion) -> int:
    """Raise `Denied` for everybody but staff of the section that owns the procedure; return the section."""
    if version.contract is not None:
        raise Denied("作業手順書の案件は移せません。案件は市の手続の版で動いています。")
    owner = next((unit.id for unit in units_on(actor.day) if unit.name == version.owner), None)
    permissions.check_can_keep(actor, unit=owner, contract=None)
    return owner if owner is not None else 0


def _casework() -> Casework:
    if ports.casework is None:
        raise Conflict("案件を扱う部分が組み込まれていません。")
    return ports.casework


def _version(key: int) -> PackVersion:
    row = PackVersion.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("手続の版が見つかりません。")
    return row


def _locked(plan: int) -> MovePlan:
    row = MovePlan.objects.select_for_update(of=("self",)).select_related("source", "target").filter(pk=plan).first()
    if row is None:
        raise NotFound("移行計画が見つかりません。")
    return row


@job("procedures.move_step")
def move_step(*, now: datetime, plan: int) -> None:
    """Move the next cases of a plan and enqueue the rest."""
    if take_step(plan=plan, now=now):
        enqueue(move_step, current_city(), lock=f"move-{plan}", plan=plan)
