"""Reaching the applicant: items a clerk adds, calls written down in two keys, reminders."""

from datetime import date, datetime, timedelta
from typing import Any

from honrai.cases import asking_rules
from honrai.cases.events import Contacted, DeficiencyAdded, Reminded
from honrai.cases.models import Case, Contact, Deficiency, DeficiencyState, Source, Task, TaskState
from honrai.cases.operations.advancing import happen_if_awaited, settle_state
from honrai.cases.operations.asking import ask_applicant, find_deficiencies, take_answers
from honrai.cases.operations.completing import check_repairs, lock_case
from honrai.cases.permissions import check_can_see
from honrai.cases.rules import is_leased
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures

_LABELS = {"note": "内容"}


def add_deficiency(*, case: int, code: str, note: str = "", actor: Actor, now: datetime) -> int:
    """Add one item of the pack's list to a case by hand, and return its key.

    Args:
        case: its key.
        code: of the list (`asking_rules.choices`): a check of the pack, a paper missing or unreadable, a field unreadable.
        note: a sentence for the applicant beside the list's own.
        actor: an official of the unit, or whoever of the contract holds a step of the case.
        now: the moment.

    Raises:
        Denied: neither.
        Invalid: no such entry, or a likely 個人番号 in the note.
        Conflict: it stands already, or the case is over.
    """
    row = _open_case(case, actor, now)
    _check_at_work(row, actor, now)
    check_no_personal_number({"note": note}, _LABELS)
    form = procedures.runnable(row.version).pack.form
    chosen = next((one for one in asking_rules.choices(form) if one.code == code), None)
    if chosen is None:
        raise Invalid("一覧から不備を選んでください")
    if row.deficiencies.filter(code=code).exclude(state=DeficiencyState.SETTLED).exists():
        raise Conflict("この不備はすでにあります")
    added = Deficiency.objects.create(
        case=row,
        code=code,
        severity=chosen.severity,
        message=chosen.message + (f"（{note.strip()[:200]}）" if note.strip() else ""),
        fix_by=chosen.fix_by,
        items=list(chosen.items),
        ask=list(chosen.ask),
        source=Source.CLERK,
        added_by=actor.person,
        found_at=now,
    )
    event = DeficiencyAdded(deficiency=added.pk, code=code)
    announce(event, who=actor.who, now=now, subject=("case", row.pk), case=row.pk)
    return int(added.pk)


def send_deficiencies(*, case: int, actor: Actor, now: datetime) -> None:
    """Ask the applicant now for what was found, where the flow does not come to asking by itself.

    Raises:
        Denied: neither an official of the unit nor at work on the case.
        Conflict: nothing is left to ask.
    """
    row = _open_case(case, actor, now)
    _check_at_work(row, actor, now)
    if not row.deficiencies.filter(fix_by="applicant", state=DeficiencyState.FOUND).exists():
        raise Conflict("申請者に連絡する不備は残っていません")
    run = procedures.runnable(row.version)
    letter = next(
        iter(letter for one in run.pack.identity.outcomes if one.kind == "complete" for letter in one.letters), ""
    )
    ask_applicant(row, run, letter, who=actor.who, now=now)
    reply_by = now.date() + timedelta(days=run.pack.identity.reminders.reply)
    row.deficiencies.filter(state=DeficiencyState.ASKED, reply_by__isnull=True).update(reply_by=reply_by)
    settle_state(row, run, now=now)


def record_contact(
    *,
    case: int,
    reach: str,
    result: str,
    values: dict[str, Any] | None = None,
    note: str = "",
    next_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> date | None:
    """Write down one call to the applicant (折衝記録), and return the day to call again, if any.

    Args:
        case: its key.
        reach, result: of `asking_rules.REACHES` and `RESULTS`.
        values: what the applicant said of fields that were asked (聴取); they are mended, before and after are logged.
        note: a sentence for colleagues.
        next_on: the day agreed on; the rule's where None.
        actor: who called: an official of the unit or a person of the contract that works on the case.
        now: the moment.

    Raises:
        Denied: the actor may not see the case.
        Invalid: the result does not go with how far the call got; fields that are not mended by ear; a likely 個人番号.
        Conflict: the case is over.
    """
    row = _open_case(case, actor, now)
    given = values or {}
    run = procedures.runnable(row.version)
    _check_call(run, reach, result, given, note)
    again = next_on or asking_rules.next_call(result, now.date(), city_calendar())
    Contact.objects.create(
        case=row,
        at=now,
        by=actor.person,
        contract=actor.contract,
        way="phone",
        reach=reach,
        result=result,
        heard=sorted(given),
        note=note.strip(),
        next_on=again,
    )
    row.call_on = again
    event = Contacted(reach=reach, result=result, next_on=again)
    announce(
        event, who=actor.who, now=now, subject=("case", row.pk), case=row.pk, after={"note": note} if note else None
    )
    if given:
        _take_heard(row, run, given, actor, now)
    if asking_rules.turns_to_letter(result, _unreached(row), run.pack.identity.reminders.calls):
        _write_instead(row, now)
    settle_state(row, run, now=now)
    return row.call_on


def _check_call(run: procedures.Runnable, reach: str, result: str, given: dict[str, Any], note: str) -> None:
    if why := asking_rules.why_not_result(reach, result):
        raise Invalid(why)
    if (result == "heard") != bool(given):
        raise Invalid("「聴取した」ときは、聞いた内容を欄に入力してください。ほかの結果では欄を空のままにしてください")
    labels = {field.id: field.label for field in run.pack.form.fields}
    check_no_personal_number({**given, "note": note}, labels | _LABELS)


def _take_heard(row: Case, run: procedures.Runnable, given: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Mend what the applicant said; the rules look at it at once, and the case goes on when nothing is left."""
    before = {name: row.values.get(name) for name in given}
    check_repairs(run.pack.form, before, given, actor, channel=row.channel, heard=frozenset(given))
    complete = take_answers(row, given, (), who=actor.who, now=now)
    find_deficiencies(row, run, now=now)
    if complete:
        happen_if_awaited(row, "補正が届く", who=actor.who, now=now)


def _unreached(row: Case) -> int:
    """Calls in a row, up to now, that reached nobody."""
    count = 0
    for result in row.contacts.order_by("-pk").values_list("result", flat=True)[:20]:
        if result not in asking_rules.UNREACHED:
            break
        count += 1
    return count


def _write_instead(row: Case, now: datetime) -> None:
    """Send a letter where calling leads nowhere."""
    row.call_on = None
    row.deficiencies.filter(state=DeficiencyState.ASKED, channel="phone").update(channel="post")
    _announce_reminder(row, "post", now)


def fire_reminder(*, case: int, key: str, now: datetime) -> None:
    """Let the day of a reminder come; done once."""
    row = lock_case(case)
    if row.timers.filter(key=key).delete()[0] and row.closed_at is None:
        _remind(row, now)
        row.save(update_fields=["call_on"])


def _remind(case: Case, now: datetime) -> None:
    """Remind an applicant who has not answered, by the way he or she was asked; nothing where nothing is left to answer."""
    rows = case.deficiencies.filter(state=DeficiencyState.ASKED)
    ways = sorted({row.channel for row in rows if asking_rules.stops(row.severity, row.fix_by)})
    for row in rows:
        row.reminders += 1
        row.save(update_fields=["reminders"])
    for way in ways:
        if way == "phone":
            case.call_on = now.date()
        _announce_reminder(case, way, now)


def _announce_reminder(case: Case, way: str, now: datetime) -> None:
    outcomes = procedures.runnable(case.version).pack.identity.outcomes
    letters = [letter for one in outcomes if one.kind == "complete" for letter in one.letters]
    letter = letters[0] if letters and way != "phone" else ""
    event = Reminded(application=case.application, channel=way, letter=letter)
    announce(event, who=SYSTEM, now=now, subject=("case", case.pk), case=case.pk)


def _open_case(case: int, actor: Actor, now: datetime) -> Case:
    if actor.kind not in {Kind.STAFF, Kind.CONTRACTOR}:
        raise Denied("この操作は職員または受託者が行います")
    check_can_see(actor, case, now)
    row = lock_case(case)
    if row.closed_at is not None:
        raise Conflict("この案件は完結しています")
    return row


def _check_at_work(row: Case, actor: Actor, now: datetime) -> None:
    """A contractor's person adds and sends only while holding a step of the case; officials of the unit always may."""
    if actor.kind is Kind.STAFF:
        return
    mine = Task.objects.filter(case=row, state=TaskState.OPEN, claimed_by=actor.person, contract=actor.contract).first()
    if mine is None or not is_leased(mine.claimed_by, mine.lease_until, now):
        raise Denied("この案件の作業を始めてから、不備を追加してください")
