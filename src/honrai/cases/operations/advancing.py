"""Moves a case along its flow: one event in, the effects written as tasks, timers, letters to send, the end.

All effects of one event are written in the transaction of the operation that caused it. Decisions of tables are taken on the
spot and fed back; steps of services become tasks that a job picks up.
"""

from collections import deque
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from honrai.cases import rules
from honrai.cases.events import CaseClosed, Proposed, TaskCancelled, TaskOpened
from honrai.cases.models import Case, DeficiencyState, Task, TaskState, Timer
from honrai.cases.operations.asking import ask_applicant, resume_clock
from honrai.cases.operations.proposing import make_proposal
from honrai.cases.operations.spanning import keep_span
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Conflict
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
from honrai.procedures.api import Runnable, runnable

_STUCK = "この案件は、次に進める条件がそろっていません。管理者に案件番号を知らせてください"


def start(case: Case, *, who: Who, now: datetime) -> None:
    """Begin the flow of a fresh case."""
    run = runnable(case.version)
    state, effects = flow_engine.start(run.flow, facts_of(case), now, calendar=city_calendar())
    go_on(case, run, state, effects, who, now)


def happen(case: Case, event: flow_engine.Event, *, who: Who, now: datetime) -> None:
    """Let one event happen to a case and write what follows.

    Raises:
        Conflict: the case does not wait for it (somebody was quicker), or cannot go on.
    """
    run = runnable(case.version)
    try:
        state, effects = flow_engine.step(run.flow, case.state, event, facts_of(case), now, calendar=city_calendar())
    except flow_engine.StepRefused as error:
        raise Conflict("ほかの人が先に処理を進めました。画面を開き直してください") from error
    except flow_engine.Incident as error:
        raise Conflict(_STUCK) from error
    go_on(case, run, state, effects, who, now)


def go_on(
    case: Case, run: Runnable, state: Any, effects: tuple[flow_engine.Effect, ...], who: Who, now: datetime
) -> None:
    """Write effects in order; decisions are taken and fed back until nothing is left to do here."""
    case.state = state
    waiting = deque(effects)
    while waiting:
        effect = waiting.popleft()
        if isinstance(effect, flow_engine.Decide):
            _decide(case, run, effect, who, now)
            answer = flow_engine.Completed(effect.key)
            case.state, more = flow_engine.step(
                run.flow, case.state, answer, facts_of(case), now, calendar=city_calendar()
            )
            waiting.extend(more)
        else:
            _write(case, run, effect, who, now)
    settle_state(case, run, now=now)


def settle_state(case: Case, run: Runnable, *, now: datetime) -> None:
    """Write a changed case: its stage, who holds it from now on, one more change."""
    case.lock += 1
    case.stage = _stage(case, run)
    case.save()
    keep_span(case, now=now)


def happen_if_awaited(case: Case, message: str, *, who: Who, now: datetime) -> None:
    """Let a message reach the flow where it waits for one; an answer that comes late or early is kept all the same."""
    run = runnable(case.version)
    if message in flow_engine.awaited(run.flow, case.state, "message"):
        happen(case, flow_engine.Message(message), who=who, now=now)
    else:
        settle_state(case, run, now=now)


def _decide(case: Case, run: Runnable, effect: flow_engine.Decide, who: Who, now: datetime) -> None:
    resume_clock(case, now=now)
    case.proposal = make_proposal(case, run)
    event = Proposed(outcome=case.proposal["outcome"], rules=tuple(case.proposal["rules"]), version=case.version)
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk, after=case.proposal)


def _write(case: Case, run: Runnable, effect: flow_engine.Effect, who: Who, now: datetime) -> None:
    match effect:
        case flow_engine.OpenTask():
            _open_task(case, run, effect, who, now)
        case flow_engine.CancelTask():
            cancel_tasks(case.tasks.filter(key=effect.key, round=case.round), who=who, now=now)
        case flow_engine.StartTimer():
            Timer.objects.create(case=case, key=effect.key, node=effect.node, due=effect.due)
            case.deficiencies.filter(state="asked", reply_by__isnull=True).update(reply_by=effect.due[:10])
        case flow_engine.CancelTimer():
            Timer.objects.filter(case=case, key=effect.key).delete()
        case flow_engine.Send():
            ask_applicant(case, run, rules.step_of(run.flow, effect.node).letter, who=who, now=now)
        case flow_engine.End():
            close(case, who, now)
        case _:
            pass  # milestones and signals have no row of their own: the event log of the case tells them


def _open_task(case: Case, run: Runnable, effect: flow_engine.OpenTask, who: Who, now: datetime) -> None:
    step = rules.step_of(run.flow, effect.node)
    # 支援措置: what the pack leaves to the contract is done by the section's own staff from the moment it is known.
    inside_contract = step.delegated and case.contract is not None and not case.protected
    task = Task.objects.create(
        case=case,
        round=case.round,
        key=effect.key,
        node=effect.node,
        title=step.title,
        act=step.act.value,
        contract=case.contract if inside_contract else None,
        unit=None if inside_contract else case.unit,
        section=case.unit,
        procedure=case.procedure,
        ward=case.ward,
        due_on=case.due_on,
        urgent_on=case.urgent_on,
        skill=step.skill[0] if step.skill else "",
        skill_level=step.skill[1] if step.skill else 0,
        not_by=_doer(case, step.checks),
        opened_at=now,
        robot=step.robot if _by_itself(run, step.robot) else "",
    )
    event = TaskOpened(task=task.pk, node=effect.node, robot=task.robot, decides=step.decides)
    announce(event, who=who, now=now, subject=("task", task.pk), case=case.pk)


def _by_itself(run: Runnable, robot: str) -> bool:
    """Say whether the house does a service step itself."""
    told = bool(run.pack.entries.entries or run.pack.entries.payables)
    return robot in rules.SERVICES or (robot in rules.TELLING and told)


def cancel_tasks(tasks: QuerySet[Task], *, who: Who, now: datetime) -> None:
    """Cancel open and held tasks; each is an event, so that the log alone says what waits."""
    for task in tasks.exclude(state__in=(TaskState.DONE, TaskState.CANCELLED)).order_by("pk"):
        task.state, task.claimed_by, task.lease_until = TaskState.CANCELLED, None, None
        task.save(update_fields=["state", "claimed_by", "lease_until"])
        event = TaskCancelled(task=task.pk, node=task.node)
        announce(event, who=who, now=now, subject=("task", task.pk), case=task.case_id)


def _doer(case: Case, node: str) -> int | None:
    """Return who did a step last; whoever checks it is somebody else."""
    if not node:
        return None
    done = case.tasks.filter(node=node, state=TaskState.DONE).order_by("-pk")
    return done.values_list("done_by", flat=True).first()


def close(case: Case, who: Who, now: datetime) -> None:
    """End a case; its outcome is what was decided, else 取下げ."""
    case.closed_at, case.call_on = now, None
    case.timers.all().delete()
    case.outcome = case.outcome or case.proposal.get("outcome", "") or "取下げ"
    event = CaseClosed(
        application=case.application, procedure=case.procedure, version=case.version, outcome=case.outcome
    )
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)


def _stage(case: Case, run: Runnable) -> str:
    """The name of the step the case waits at, for lists; 完結 when it is over."""
    if flow_engine.is_over(case.state):
        return "完結"
    for item in flow_engine.open_items(run.flow, case.state):
        node = run.flow.steps[item.node].node
        if not item.due and node is not None and node.name:
            return node.name[:40]
    return "処理中"


def facts_of(case: Case) -> dict[str, Any]:
    """Return what the conditions of the flow may read of a case now."""
    waiting = case.deficiencies.exclude(state=DeficiencyState.SETTLED)
    counts = waiting.aggregate(
        deficiencies=Count("pk", filter=Q(fix_by="applicant") & ~Q(severity__in=("hold", "notice"))),
        holds=Count("pk", filter=Q(severity="hold")),
    )
    return rules.flow_facts(case.results, case.proposal, counts["deficiencies"], counts["holds"])
