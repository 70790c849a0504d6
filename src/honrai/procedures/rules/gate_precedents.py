"""Gate points 7 and 8: precedents hold, and what the draft would change in past decisions is shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from honrai.kernel.business_calendar import BusinessCalendar
from honrai.kernel.errors import Invalid
from honrai.procedures.rules.flowview import model_of, tasks_of
from honrai.procedures.rules.forms import Deficiency, evaluate_form
from honrai.procedures.rules.model import Pack, Precedent, StandardPeriod
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.proposing import NoProposalError, Proposal, propose
from honrai.procedures.rules.routes import CaseData, route


@dataclass(frozen=True)
class Judged:
    """What a pack makes of one case."""

    proposal: Proposal
    deficiencies: tuple[Deficiency, ...]
    letters: tuple[str, ...]
    route: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A case a draft decides otherwise than the version before it, side by side.

    `before` and `after` name the outcome with its reasons; `what` says whether outcome, reasons, deadline or effort differ.
    """

    case: str
    title: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ClosedCase:
    """One case of the replay corpus: the facts it was decided on and how it ended."""

    id: str
    values: Mapping[str, Any]
    facts: Mapping[str, Any]
    attachments: frozenset[str]
    received: date
    channel: str
    outcome: str


@dataclass(frozen=True)
class Replay:
    """What a draft changes over a corpus: decisions, deadlines, and minutes of city staff in all (after minus before)."""

    cases: int
    changed: tuple[Change, ...]
    deadlines: tuple[Change, ...]
    minutes: Decimal


def judge(pack: Pack, case: CaseData) -> Judged:
    """Return what a pack makes of a case: deficiencies, proposal, letters and route.

    Raises:
        NoProposalError: the tables give no outcome.
        Invalid: a fact does not suit its type, or a parameter has no value that day.
    """
    about = (pack, case.values, case.facts, case.received)
    found = evaluate_form(*about, channel=case.channel, attached=case.attachments)
    proposal = propose(*about, channel=case.channel, attached=case.attachments)
    letters = next((one.letters for one in pack.identity.outcomes if one.id == proposal.outcome), ())
    return Judged(proposal, found, letters, route(pack, case, found, proposal))


def check_precedents(pack: Pack) -> Iterator[Problem]:
    """Yield every precedent the pack does not decide as it says (point 7)."""
    for precedent in pack.precedents:
        try:
            judged = judge(pack, precedent)
        except (NoProposalError, Invalid) as error:
            yield Problem(precedent.file, precedent.id, str(error), "事実か決定表を直してください")
            continue
        for what, wanted, got in mismatches(precedent, judged):
            message = f"{precedent.title}: {what}が「{got}」になります(判断事例では「{wanted}」)"
            yield Problem(
                precedent.file,
                precedent.id,
                message,
                "決定表か判断事例を直してください。実務を変えるなら理由を付けてください",
            )


def mismatches(precedent: Precedent, judged: Judged) -> Iterator[tuple[str, str, str]]:
    """Yield (what, wanted, got) for everything that comes out otherwise than the precedent says."""
    expect = precedent.expect
    if judged.proposal.outcome != expect.outcome:
        missing = "、".join(fact.label for fact in judged.proposal.missing)
        yield "結果", expect.outcome, judged.proposal.outcome or f"決まらない({missing})"
        return
    reasons = tuple(reason.text for reason in judged.proposal.reasons)
    codes = tuple(dict.fromkeys(one.code for one in judged.deficiencies))
    compared = (
        ("理由", expect.reasons, reasons, bool(expect.reasons)),
        ("不備", expect.deficiencies, codes, True),
        ("文書", expect.letters, judged.letters, bool(expect.letters)),
    )
    for what, wanted, got, stated in compared:
        if stated and sorted(wanted) != sorted(got):
            yield what, "、".join(wanted), "、".join(got)
    if expect.route and expect.route != judged.route:
        yield "経路", " ".join(expect.route), " ".join(judged.route)
    for name, value in expect.results.items():
        if judged.proposal.results.get(name) != value:
            yield name, str(value), str(judged.proposal.results.get(name))


def changed_precedents(before: Pack, draft: Pack) -> tuple[Change, ...]:
    """Return the precedents of the version before that the draft decides otherwise, for the approver to accept one by one."""
    found = (_changed(precedent, before, draft) for precedent in before.precedents)
    return tuple(change for change in found if change is not None)


def check_accepted(changes: Iterable[Change], accepted: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each change of practice the approver has not accepted with a reason (point 7).

    Args:
        changes: as `changed_precedents` gives them.
        accepted: id of the precedent -> reason of the approver.
    """
    for change in changes:
        if not accepted.get(change.case, "").strip():
            message = f"{change.title}: {change.before} → {change.after}"
            yield Problem(
                "precedents", change.case, message, "実務の変更として理由を付けて認めるか、決定表を直してください"
            )


def _changed(precedent: Precedent, before: Pack, draft: Pack) -> Change | None:
    old, new = _told(before, precedent), _told(draft, precedent)
    return None if old == new else Change(precedent.id, precedent.title, "結果", old, new)


def _told(pack: Pack, case: CaseData) -> str:
    """Return outcome and reasons in one line; what cannot be decided says why."""
    try:
        proposal = propose(
            pack, case.values, case.facts, case.received, channel=case.channel, attached=case.attachments
        )
    except (NoProposalError, Invalid, KeyError) as error:
        return f"決まらない({error})"
    reasons = "、".join(reason.text for reason in proposal.reasons)
    missing = "、".join(fact.label for fact in proposal.missing)
    return f"{proposal.outcome}({reasons})" if proposal.outcome else f"決まらない({missing})"


def replay(before: Pack, draft: Pack, corpus: Iterable[ClosedCase], calendar: BusinessCalendar) -> Replay:
    """Run a draft over closed cases and report what it would have changed (point 8).

    Args:
        before: the version the cases were decided on.
        draft: the pack to be published.
        corpus: closed cases as they were announced when they closed.
        calendar: the city's business days, for standard periods.
    """
    cases, changed, deadlines, minutes = 0, [], [], Decimal(0)
    for case in corpus:
        cases += 1
        after = _told(draft, case)
        if not after.startswith(case.outcome + "("):
            changed.append(Change(case.id, case.outcome, "結果", case.outcome, after))
        old, new = (due_day(pack.identity.standard_period, case.received, calendar) for pack in (before, draft))
        if old != new:
            deadlines.append(Change(case.id, case.outcome, "期限", old.isoformat(), new.isoformat()))
        minutes += city_minutes(draft, case) - city_minutes(before, case)
    return Replay(cases, tuple(changed), tuple(deadlines), minutes)


def due_day(period: StandardPeriod, received: date, calendar: BusinessCalendar) -> date:
    """Return the last day of the standard period, the day of arrival not counted, pauses left out."""
    if period.count == "business":
        return calendar.add(received, period.days)
    return received + timedelta(days=period.days)


def city_minutes(pack: Pack, case: CaseData) -> Decimal:
    """Return the standard minutes of city staff on the ordinary way of a case; 0 where no outcome can be proposed."""
    standard = {task.id: task.attributes.get("minutes", "0") for task in tasks_of(model_of(pack.flow))}
    try:
        taken = judge(pack, case).route
    except (NoProposalError, Invalid, KeyError):
        return Decimal(0)
    return sum((Decimal(standard.get(name, "0") or "0") for name in taken), Decimal(0))
