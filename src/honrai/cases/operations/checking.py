"""Blind second checks: keyed again unseen, compared, and where the two differ decided field by field by a third person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from honrai.cases import check_rules, rules
from honrai.cases.events import DifferenceSettled, Rekeyed
from honrai.cases.models import Case, Rekeying, Task
from honrai.cases.operations.asking import find_deficiencies
from honrai.cases.operations.claiming import own_task
from honrai.cases.operations.completing import finish, lock_case
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures

AGREED, DIFFERS = "一致", "相違"
FIRST, SECOND, NEITHER = "first", "second", "neither"
_THIRD = "（相違の判定）"


@dataclass(frozen=True, slots=True)
class Compared:
    """What came out of a blind check: how many fields were compared, and which differ."""

    fields: int
    differences: tuple[check_rules.Difference, ...]


def rekey(*, task: int, keyed: Mapping[str, Any], actor: Actor, now: datetime) -> Compared:
    """Take what a second person keyed unseen, compare it, and go on where both agree; else a third person decides.

    Args:
        task: a blind step one holds.
        keyed: answers by field id as keyed now.
        actor: who keyed; never who keyed first.
        now: the moment.

    Raises:
        Denied, Conflict: as for finishing any step; keyed already.
        Invalid: no blind step, or a value likely holds a 個人番号.
    """
    row = own_task(task, actor, now)
    case = lock_case(row.case_id)
    run, fields = _blind(case, row)
    assert actor.person is not None  # whoever holds a lease is a person
    if row.rekeyings.exists():
        raise Conflict("この作業はすでに再入力が済んでいます。第三の人が相違を判定します")
    check_no_personal_number(dict(keyed), {field.id: field.label for field in fields})
    found = check_rules.differences(fields, case.values, keyed)
    Rekeying.objects.create(
        case=case,
        task=row,
        at=now,
        by=actor.person,
        contract=actor.contract,
        contractor=actor.contractor,
        compared=len(fields),
        differences=[asdict(one) for one in found],
        settled_by=None if found else actor.person,
        settled_at=None if found else now,
    )
    event = Rekeyed(task=row.pk, compared=len(fields), differences=len(found))
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=case.pk)
    if found:
        row.title, row.claimed_by, row.lease_until = row.title + _THIRD, None, None
        row.save(update_fields=["title", "claimed_by", "lease_until"])
    else:
        _finish(row, case, run, AGREED, actor, now)
    return Compared(len(fields), tuple(found))


def settle_differences(*, task: int, choices: Mapping[str, str], result: str, actor: Actor, now: datetime) -> None:
    """Decide, as a third person, for every field that differs whose keying is right, and finish the step.

    Args:
        task: the blind step, held by the actor.
        choices: field id -> first, second or neither.
        result: 一致 where every field is decided; 相違 hands it to the officials.
        actor: neither of the two who keyed.
        now: the moment.

    Raises:
        Denied: one of the two.
        Invalid: a field left out, or 一致 although neither keying of a field is right.
        Conflict: nothing is to be decided.
    """
    row = own_task(task, actor, now)
    case = lock_case(row.case_id)
    run, _ = _blind(case, row)
    keying = Rekeying.objects.select_for_update().filter(task=row, settled_by__isnull=True).first()
    if keying is None:
        raise Conflict("判定する相違がありません")
    differing = {one["field"]: one for one in keying.differences}
    if {
        name: choice for name, choice in choices.items() if choice in {FIRST, SECOND, NEITHER}
    }.keys() != differing.keys():
        raise Invalid("相違のあるすべての欄について、どちらが正しいか選んでください")
    if result == AGREED and NEITHER in choices.values():
        raise Invalid("どちらも違う欄があるときは「相違」として担当課へ回してください")
    taken = {name: differing[name]["second"] for name, choice in choices.items() if choice == SECOND}
    before = {name: differing[name]["first"] for name in taken}
    keying.choices, keying.settled_by, keying.settled_at = dict(choices), actor.person, now
    keying.save(update_fields=["choices", "settled_by", "settled_at"])
    case.values = case.values | taken
    event = DifferenceSettled(task=row.pk, fields=tuple(sorted(choices)))
    announce(event, who=actor.who, now=now, subject=("task", row.pk), case=case.pk, before=before, after=taken)
    _finish(row, case, run, result, actor, now)


def _blind(case: Case, row: Task) -> tuple[procedures.Runnable, list[procedures.Field]]:
    run = procedures.runnable(case.version)
    if not rules.step_of(run.flow, row.node).blind:
        raise Invalid("この作業は再入力による照合ではありません")
    return run, check_rules.to_key(run.pack.form.sections)


def _finish(row: Task, case: Case, run: procedures.Runnable, result: str, actor: Actor, now: datetime) -> None:
    wanted = rules.results_of(run.flow, row.node)
    if wanted and result not in wanted:
        raise Invalid(f"結果を選んでください（{'・'.join(wanted)}）")
    find_deficiencies(case, run, now=now, looked=True)
    finish(row, case, result, who=actor.who, now=now, by=actor)
