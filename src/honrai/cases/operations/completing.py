"""Finishing tasks: what was entered is kept, checked by the pack's rules, and the case goes on."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from honrai.cases.asking_rules import why_not_repair
from honrai.cases.events import FactsLinked, TaskDone
from honrai.cases.models import Case, Task, TaskState
from honrai.cases.operations.advancing import happen, happen_if_awaited, settle_state
from honrai.cases.operations.asking import accept, find_deficiencies, take_answers
from honrai.cases.operations.claiming import own_task
from honrai.cases.ports import FactQuestion, ask_facts
from honrai.cases.rules import results_of, step_of
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import SYSTEM, Who, announce
from honrai.platform.organisations.api import check_not_stopped
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures


def complete(
    *,
    task: int,
    result: str,
    values: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    settled: tuple[int, ...] = (),
    actor: Actor,
    now: datetime,
) -> None:
    """Finish a task one holds and let the case go on.

    Args:
        task: key of the task; the actor must hold its lease.
        result: what came out, in the words the flow's conditions use (一致, 相違, 補正 ...); may be empty.
        values: answers corrected in this step, by field id.
        facts: outside facts an official found out in this step, by fact id.
        settled: keys of deficiencies the person found to be mended.
        actor: who finishes it.
        now: the moment.

    Raises:
        Denied: the actor may not do this step.
        Conflict: the lease lapsed, or the case has moved on.
        Invalid: somebody not entitled to repair an item tried to, or a value likely holds a 個人番号.
    """
    row = own_task(task, actor, now)
    if actor.contract is not None:
        check_not_stopped(contract=actor.contract, activity=row.procedure)
    case = lock_case(row.case_id)
    run = procedures.runnable(case.version)
    labels = {field.id: field.label for field in run.pack.form.fields}
    check_no_personal_number({**(values or {}), **(facts or {}), "result": result}, labels)
    before = {name: case.values.get(name) for name in values or {}}
    if values:
        check_repairs(run.pack.form, before, values, actor, channel=case.channel, heard=heard_fields(case))
        case.values = case.values | values
    _check_result(run, row.node, result)
    if step_of(run.flow, row.node).blind:
        raise Invalid("この作業は、内容を見ずにもう一度入力して照合します。画面から入力してください")
    case.facts = case.facts | (facts or {})
    accept(case, settled, actor, now)
    find_deficiencies(case, run, now=now, looked=True)
    finish(row, case, result, who=actor.who, now=now, by=actor, before=before or None, after=values or None)


def _check_result(run: procedures.Runnable, node: str, result: str) -> None:
    """A step with several ways to go on ends with one of them, chosen; nothing is assumed."""
    wanted = results_of(run.flow, node)
    if wanted and result not in wanted:
        raise Invalid(f"結果を選んでください（{'・'.join(wanted)}）")


def finish(
    row: Task,
    case: Case,
    result: str,
    *,
    who: Who,
    now: datetime,
    by: Actor | None = None,
    before: Any = None,
    after: Any = None,
) -> None:
    """Mark a task done with its result and let the case go on."""
    row.state, row.result, row.done_at = TaskState.DONE, result, now
    if by is not None:
        row.done_by, row.done_contract, row.done_contractor = by.person, by.contract, by.contractor
    row.claimed_by, row.lease_until = None, None
    row.save()
    case.results = case.results | {row.node: result}
    event = TaskDone(task=row.pk, node=row.node, result=result)
    announce(event, who=who, now=now, subject=("task", row.pk), case=case.pk, before=before, after=after)
    happen(case, flow_engine.Completed(row.key), who=who, now=now)


def check_repairs(
    form: procedures.Form,
    before: dict[str, Any],
    values: dict[str, Any],
    actor: Actor,
    *,
    channel: str,
    heard: Collection[str] = (),
) -> None:
    """Refuse a correction that is the applicant's or the city's: the centre mends obvious slips and what it heard.

    Raises:
        Invalid: names the field and who may mend it.
    """
    by_id = {field.id: field for field in form.fields}
    rows = {section.id: section for section in form.sections if section.repeat}
    contractor = actor.contract is not None
    for name, value in values.items():
        if name in rows:
            _check_rows(rows[name], before.get(name) or [], value or [], contractor=contractor, channel=channel)
            continue
        field = by_id.get(name)
        if field is None:
            raise Invalid(f"様式にない欄です: {name}")
        if value == before.get(name):
            continue
        why = why_not_repair(field, before.get(name), channel=channel, contractor=contractor, heard=heard)
        if why is not None:
            raise Invalid(why)


def heard_fields(case: Case) -> frozenset[str]:
    """Return the fields the applicant answered about in recorded calls."""
    return frozenset(name for heard in case.contacts.values_list("heard", flat=True) for name in heard)


def _check_rows(
    section: procedures.Section,
    before: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    *,
    contractor: bool,
    channel: str,
) -> None:
    """The same for the rows of a repeated section; how many there are is the applicant's statement."""
    if not contractor or not before:
        return
    if len(rows) != len(before):
        raise Invalid(f"「{section.title}」の件数は申請者に確かめて直す欄です。不備として申請者に連絡してください")
    for old, new in zip(before, rows, strict=True):
        for field in section.fields:
            part = field.id.removeprefix(section.id + ".")
            was, now = old.get(part), new.get(part)
            why = why_not_repair(field, was, channel=channel, contractor=contractor, heard=()) if was != now else None
            if why is not None:
                raise Invalid(why)


def link_facts(*, task: int, now: datetime) -> None:
    """Look up the outside facts of a case and finish the service step that asks for them; done once."""
    row = Task.objects.select_for_update().filter(pk=task, state=TaskState.OPEN).first()
    if row is None:
        return
    case = lock_case(row.case_id)
    run = procedures.runnable(case.version)
    wanted = tuple(fact.id for fact in run.pack.facts)
    question = FactQuestion(case.procedure, wanted, case.values, case.received_on, case.pk)
    case.facts = case.facts | ask_facts(question)
    case.protected = bool(case.facts.get("resident.protected", False))
    if case.protected:
        case.tasks.filter(state__in=(TaskState.OPEN, TaskState.HELD)).exclude(contract=None).update(
            contract=None, unit=case.unit, claimed_by=None, lease_until=None
        )
    event = FactsLinked(known=tuple(sorted(case.facts)))
    announce(event, who=SYSTEM, now=now, subject=("case", case.pk), case=case.pk, after=case.facts)
    find_deficiencies(case, run, now=now)
    finish(row, case, "", who=SYSTEM, now=now)


def receive_answers(
    *, case: int, values: dict[str, Any], attachments: tuple[tuple[str, int], ...], who: Who, now: datetime
) -> None:
    """Take an applicant's answers to deficiencies and let the case go on.

    Raises:
        Conflict: the case is over.
        Invalid: a field that was not asked.
    """
    row = lock_case(case)
    if row.closed_at is not None:
        raise Conflict("この申請の手続は終わっています。窓口にお問い合わせください")
    complete = take_answers(row, values, attachments, who=who, now=now)
    run = procedures.runnable(row.version)
    find_deficiencies(row, run, now=now)
    if complete:
        happen_if_awaited(row, "補正が届く", who=who, now=now)
    else:
        settle_state(row, run, now=now)


def fire_timer(*, case: int, key: str, now: datetime) -> None:
    """Let a moment the case waited for arrive; done once."""
    row = lock_case(case)
    timer = row.timers.filter(key=key).first()
    if timer is not None:
        timer.delete()
        happen(row, flow_engine.Fired(key), who=SYSTEM, now=now)


def lock_case(case: int) -> Case:
    """Return a case locked for change: steps of one case happen one after another."""
    return Case.objects.select_for_update().get(pk=case)
