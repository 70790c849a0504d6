"""Deficiencies (不備): found by the rules of the pack, asked once, answered one by one; the clock stands meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from honrai.cases import asking_rules, rules
from honrai.cases.events import DeficienciesAccepted, DeficienciesAnswered, DeficienciesAsked
from honrai.cases.models import Case, Deficiency, DeficiencyState, Source, Timer
from honrai.platform.authority.api import Actor, Denied, Invalid
from honrai.platform.cities.calendar import city_calendar
from honrai.platform.events.api import Who, announce
from honrai.procedures import api as procedures

WAITING = "補正"
REMINDER = "remind"


def find_deficiencies(case: Case, run: procedures.Runnable, *, now: datetime, looked: bool = False) -> None:
    """Bring the deficiencies of a case to what the pack's rules say of its values as they stand now.

    New ones are added; those that no longer hold are settled. What somebody accepted comes back only where it changed.

    Args:
        case: the case.
        run: its version.
        now: the moment.
        looked: a person looked at the answers: what was answered and still does not hold is asked again.
    """
    by_code = {one.code: one for one in _found(case, run)}
    for row in case.deficiencies.exclude(state=DeficiencyState.SETTLED):
        still = by_code.pop(row.code, None)
        if still is None and _gone(row):
            row.state, row.settled_at = DeficiencyState.SETTLED, now
        elif still is not None and looked and row.state == DeficiencyState.ANSWERED:
            row.state = DeficiencyState.FOUND
        else:
            continue
        row.save(update_fields=["state", "settled_at"])
    accepted = set(case.deficiencies.exclude(accepted_for="").values_list("code", "accepted_for"))
    fresh = [one for one in by_code.values() if (one.code, _digest(case, one.items)) not in accepted]
    Deficiency.objects.bulk_create(_row(case, one, now) for one in fresh)


def _found(case: Case, run: procedures.Runnable) -> Sequence[procedures.Deficiency]:
    attached = [item["id"] for item in case.attachments]
    return procedures.evaluate_form(
        run.pack, case.values, case.facts, case.received_on, channel=case.channel, attached=attached
    )


def _gone(row: Deficiency) -> bool:
    """What a rule found goes when the rule no longer says it; what a person or a proposal added, when somebody settles it."""
    return row.source == Source.RULE or (row.source == Source.PROPOSAL and row.state == DeficiencyState.ANSWERED)


def _digest(case: Case, items: Iterable[str]) -> str:
    return asking_rules.digest(items, case.values, case.attachments)


def _row(case: Case, found: procedures.Deficiency, now: datetime) -> Deficiency:
    return Deficiency(
        case=case,
        code=found.code,
        severity=found.severity,
        message=found.message,
        fix_by=found.fix_by,
        items=list(found.items),
        ask=list(found.ask),
        found_at=now,
    )


def accept(case: Case, keys: Sequence[int], actor: Actor, now: datetime) -> None:
    """Accept deficiencies as mended; an accepted one is never asked again as long as its fields stay as they are.

    Raises:
        Denied: the actor may not accept one of them; the message says who does.
    """
    rows = list(case.deficiencies.filter(pk__in=keys).exclude(state=DeficiencyState.SETTLED).order_by("pk"))
    for row in rows:
        own = row.source == Source.CLERK and row.state == DeficiencyState.FOUND
        contractor = actor.contract is not None
        why = None if own else asking_rules.why_not_accept(row.fix_by, row.severity, row.state, contractor=contractor)
        if why is not None:
            raise Denied(why)
        row.state, row.settled_at, row.accepted_by = DeficiencyState.SETTLED, now, actor.person
        row.accepted_for = _digest(case, row.items)
        row.save(update_fields=["state", "settled_at", "accepted_by", "accepted_for"])
    if rows:
        event = DeficienciesAccepted(codes=tuple(row.code for row in rows))
        announce(event, who=actor.who, now=now, subject=("case", case.pk), case=case.pk)


def ask_applicant(case: Case, run: procedures.Runnable, letter: str, *, who: Who, now: datetime) -> None:
    """Ask the applicant, once and by his or her channel, for everything found and not yet asked; the clock stops.

    A proposal that itself asks for completion adds its reasons as items, so that the applicant always reads why.
    """
    if case.proposal.get("kind") == "complete":
        _add_reasons(case, now)
    rows = list(case.deficiencies.filter(fix_by="applicant", state=DeficiencyState.FOUND).order_by("pk"))
    for row in rows:
        row.state, row.asked_at, row.reminders, row.reply_by = DeficiencyState.ASKED, now, 0, None
        row.channel = asking_rules.channel_for(case.channel, row.ask)
        row.save(update_fields=["state", "asked_at", "reminders", "reply_by", "channel"])
    ways = {row.channel for row in rows} or {asking_rules.channel_for(case.channel, ())}
    if any(asking_rules.stops(row.severity, row.fix_by) for row in rows) or not rows:
        _stop_clock(case, run, now)
    _begin_waiting(case, run, ways, now)
    codes = tuple(row.code for row in rows)
    sent = letter if ways != {"phone"} else ""
    event = DeficienciesAsked(application=case.application, codes=codes, letter=sent, channels=tuple(sorted(ways)))
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk)


def _stop_clock(case: Case, run: procedures.Runnable, now: datetime) -> None:
    if WAITING in run.pack.identity.standard_period.stops_for and case.paused_since is None:
        case.paused_since, case.paused_for = now.date(), WAITING


def _begin_waiting(case: Case, run: procedures.Runnable, ways: set[str], now: datetime) -> None:
    """Set the reminders of the pack, and the first call where the applicant is asked by phone."""
    case.timers.filter(node=REMINDER).delete()
    for number, days in enumerate(run.pack.identity.reminders.days, 1):
        due = now + timedelta(days=days)
        Timer.objects.create(case=case, key=f"{REMINDER}-{number}", node=REMINDER, due=due)
    if "phone" in ways:
        case.call_on = now.date()


def _add_reasons(case: Case, now: datetime) -> None:
    for number, reason in enumerate(case.proposal.get("reasons", ()), 1):
        waiting = case.deficiencies.exclude(state=DeficiencyState.SETTLED).filter(code=f"P-{number}").first()
        row = waiting or Deficiency(case=case, code=f"P-{number}", source=Source.PROPOSAL, found_at=now)
        row.severity, row.message, row.fix_by = "incomplete", reason["text"], "applicant"
        row.state = DeficiencyState.FOUND
        row.save()


def take_answers(
    case: Case, values: dict[str, Any], papers: Sequence[tuple[str, int]], *, who: Who, now: datetime
) -> bool:
    """Take what the applicant sent; answered items settle or wait to be looked at, the others stay asked.

    Returns:
        True where nothing that stops the clock is left unanswered.

    Raises:
        Invalid: an answer to something that was not asked; what was accepted is not changed.
    """
    asked = list(case.deficiencies.filter(state=DeficiencyState.ASKED).order_by("pk"))
    _check_asked(asked, values)
    before = {name: case.values.get(name) for name in values}
    case.values = case.values | values
    case.attachments = case.attachments + [{"id": kind, "file": file} for kind, file in papers]
    kinds = {kind for kind, _ in papers}
    done = [row for row in asked if asking_rules.answered(row.items, values, kinds)]
    Deficiency.objects.filter(pk__in=[row.pk for row in done]).update(state=DeficiencyState.ANSWERED, answered_at=now)
    left = [row for row in asked if row not in done and asking_rules.stops(row.severity, row.fix_by)]
    event = DeficienciesAnswered(codes=tuple(row.code for row in done), left=tuple(row.code for row in left))
    announce(event, who=who, now=now, subject=("case", case.pk), case=case.pk, before=before, after=values)
    if not left:
        resume_clock(case, now=now)
        case.timers.filter(node=REMINDER).delete()
        case.call_on = None
    return not left


def _check_asked(asked: Sequence[Deficiency], values: dict[str, Any]) -> None:
    named = {item.partition("[")[0] for row in asked for item in row.items}
    free = any(not row.items for row in asked)
    if not free and not values.keys() <= named:
        raise Invalid("お願いしていない欄は変えられません。画面を開き直してください")


def resume_clock(case: Case, *, now: datetime) -> None:
    """Let the standard period run again; the due day moves by as long as it stood."""
    if case.paused_since is None:
        return
    period = procedures.runnable(case.version).pack.identity.standard_period
    case.due_on = rules.resumed_due(case.due_on, case.paused_since, now.date(), period, city_calendar())
    case.paused_since, case.paused_for = None, ""
    case.tasks.filter(state__in=("open", "held")).update(due_on=case.due_on, urgent_on=case.urgent_on)
