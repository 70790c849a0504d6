"""Finishing tasks: what was entered is kept, checked by the pack's rules, and the case goes on."""

from datetime import datetime
from typing import Any

from honrai.cases.events import FactsLinked, TaskDone
from honrai.cases.models import Case, DeficiencyState, Task, TaskState
from honrai.cases.operations.advancing import happen
from honrai.cases.operations.asking import find_deficiencies, take_answers
from honrai.cases.operations.claiming import own_task
from honrai.cases.ports import FactQuestion, ask_facts
from honrai.engines.flow import api as flow_engine
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import SYSTEM, Who, announce
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
    case = lock_case(row.case_id)
    run = procedures.runnable(case.version)
    labels = {field.id: field.label for field in run.pack.form.fields}
    check_no_personal_number({**(values or {}), **(facts or {}), "result": result}, labels)
    before = {name: case.values.get(name) for name in values or {}}
    if values:
        check_repairs(run.pack.form, before, values, actor)
        case.values = case.values | values
    case.facts = case.facts | (facts or {})
    case.deficiencies.filter(pk__in=settled).update(state=DeficiencyState.SETTLED, settled_at=now)
    find_deficiencies(case, run, now=now)
    finish(row, case, result, who=actor.who, now=now, by=actor, before=before or None, after=values or None)


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


def check_repairs(form: procedures.Form, before: dict[str, Any], values: dict[str, Any], actor: Actor) -> None:
    """Refuse a correction the pack leaves to the applicant: the centre mends obvious slips only (`fix_by: centre`).

    Raises:
        Invalid: names the field and who may mend it.
    """
    by_id = {field.id: field for field in form.fields}
    rows = {section.id: section for section in form.sections if section.repeat}
    for name, value in values.items():
        if name in rows:
            _check_rows(rows[name], before.get(name) or [], value or [], actor)
            continue
        field = by_id.get(name)
        if field is None:
            raise Invalid(f"様式にない欄です: {name}")
        empty_before = before.get(name) in (None, "", [])
        if actor.contract is not None and value != before.get(name) and not empty_before and field.fix_by != "centre":
            raise Invalid(f"「{field.label}」は申請者に確かめて直す欄です。不備として申請者に連絡してください")


def _check_rows(
    section: procedures.Section, before: list[dict[str, Any]], rows: list[dict[str, Any]], actor: Actor
) -> None:
    """The same for the rows of a repeated section; how many there are is the applicant's statement."""
    if actor.contract is None or not before:
        return
    if len(rows) != len(before):
        raise Invalid(f"「{section.title}」の件数は申請者に確かめて直す欄です。不備として申請者に連絡してください")
    for old, new in zip(before, rows, strict=True):
        for field in section.fields:
            part = field.id.removeprefix(section.id + ".")
            was, now = old.get(part), new.get(part)
            if was not in (None, "", []) and was != now and field.fix_by != "centre":
                raise Invalid(f"「{field.label}」は申請者に確かめて直す欄です。不備として申請者に連絡してください")


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
    event = FactsLinked(known=tuple(sorted(case.facts)))
    announce(event, who=SYSTEM, now=now, subject=("case", case.pk), case=case.pk, after=case.facts)
    find_deficiencies(case, run, now=now)
    finish(row, case, "", who=SYSTEM, now=now)


def receive_answers(
    *, case: int, values: dict[str, Any], attachments: tuple[tuple[str, int], ...], who: Who, now: datetime
) -> None:
    """Take an applicant's answers to deficiencies and let the case go on.

    Raises:
        Conflict: the case does not wait for answers now.
    """
    row = lock_case(case)
    if row.closed_at is not None:
        raise Conflict("この申請の手続は終わっています。窓口にお問い合わせください")
    take_answers(row, values, who=who, now=now)
    row.attachments = row.attachments + [{"id": attachment, "file": file} for attachment, file in attachments]
    find_deficiencies(row, procedures.runnable(row.version), now=now)
    happen(row, flow_engine.Message("補正が届く"), who=who, now=now)


def withdraw(*, case: int, who: Who, now: datetime) -> None:
    """End a case at the applicant's wish (取下げ).

    Raises:
        Conflict: the flow does not allow it any more.
    """
    row = lock_case(case)
    row.outcome = "取下げ"
    happen(row, flow_engine.Message("取下げが届く"), who=who, now=now)


def fire_timer(*, case: int, key: str, now: datetime) -> None:
    """Let a moment the case waited for arrive; done once."""
    row = lock_case(case)
    if row.timers.filter(key=key).delete()[0]:
        happen(row, flow_engine.Fired(key), who=SYSTEM, now=now)


def lock_case(case: int) -> Case:
    """Return a case locked for change: steps of one case happen one after another."""
    return Case.objects.select_for_update().get(pk=case)
