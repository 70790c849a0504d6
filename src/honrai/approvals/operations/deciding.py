"""Deciding on screen: approving, sending back, handing up, deputies and what they owe the holder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from honrai.approvals import permissions, queries, rules
from honrai.approvals.events import DocumentDecided, PulledUp, SeenAfterwards
from honrai.approvals.models import Document, Medium, RouteStep, State
from honrai.platform.authority.api import (
    Actor,
    Conflict,
    Denied,
    Invalid,
    Level,
    NotFound,
    Rank,
    deciding_rank,
    levels_on,
)
from honrai.platform.events.api import Who, announce
from honrai.platform.organisations.api import holder_of, units_above

NO_ABSENCE = "代決のときは、決裁者が不在の理由を入力してください。"
MOVED = "この文書は{state}です。画面を更新して確かめてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided: another outcome than the proposed one ("" for the proposed), why, and why by a deputy."""

    outcome: str = ""
    reason: str = ""
    absence: str = ""


def lock(document: int) -> Document:
    """Return a document locked for change.

    Raises:
        NotFound: not in this city.
    """
    row = Document.objects.select_for_update().filter(pk=document).first()
    if row is None:
        raise NotFound("起案文書が見つかりません。")
    return row


def approve(
    *,
    document: int,
    actor: Actor,
    now: datetime,
    changed_outcome: str | None = None,
    reason: str = "",
    absence: str = "",
) -> None:
    """Approve a document as proposed, or with another outcome.

    Args:
        document: its key.
        actor: who decides; with a seat only acted for it is a 代決, which the holder must see afterwards (後閲).
        now: the moment.
        changed_outcome: the outcome decided where it is not the proposed one.
        reason: why it was changed; needed then.
        absence: why the holder could not decide; needed for a 代決.

    Raises:
        Denied: 専決 level, unit, own case, own draft or work, no official.
        Conflict: not waiting for a decision on screen.
        Invalid: a change without a reason, or a 代決 without one.
    """
    row = lock(document)
    verdict = Verdict(outcome=(changed_outcome or "").strip(), reason=reason.strip(), absence=absence.strip())
    settle(row, verdict, decider=actor, on=now.date(), medium=Medium.SCREEN)
    close(row, State.DECIDED, who=actor.who, now=now)


def send_back(*, document: int, reason: str, actor: Actor, now: datetime) -> None:
    """Send a document back to whoever drew it up; open to its decider and to whoever it lies with on the route.

    Raises:
        Denied: neither.
        Conflict: decided, returned or withdrawn already, or out of the screen's hands.
        Invalid: no reason.
    """
    row = lock(document)
    if not (_at_own_stop(row, actor)):
        permissions.check_can_approve(actor, row, units_above(row.unit, actor.day), levels_on(actor.day, row.procedure))
    if row.state not in queries.UNDECIDED or row.medium != Medium.SCREEN:
        raise Conflict(MOVED.format(state=standing(row)))
    if not reason.strip():
        raise Invalid("差し戻す理由を入力してください。起案者が何を直せばよいか分かるように書いてください。")
    row.reason, row.decided_by, row.decided_on = reason.strip(), actor.person, now.date()
    close(row, State.RETURNED, who=actor.who, now=now)


def pull_up(*, document: int, rank: Rank, reason: str, actor: Actor, now: datetime) -> None:
    """Hand a document up to a higher 職位, because it is out of the ordinary (引上げ); lower ones can then not decide it.

    Raises:
        Denied: neither its decider nor somebody who could decide it.
        Conflict: not waiting for a decision.
        Invalid: not a higher 職位, or no reason.
    """
    row = lock(document)
    permissions.check_can_approve(actor, row, units_above(row.unit, actor.day), levels_on(actor.day, row.procedure))
    check_waits(row, Medium.SCREEN)
    if rank <= row.rank or not reason.strip():
        raise Invalid(f"{Rank(row.rank).label}より上の職位と、引き上げる理由を指定してください。")
    row.rank = row.raised_to = rank
    row.stack, row.pulled_out = None, reason.strip()[:200]
    row.save(update_fields=["rank", "raised_to", "stack", "pulled_out"])
    announce(PulledUp(document=row.pk, rank=rank), who=actor.who, now=now, subject=("document", row.pk), case=row.case)


def see_afterwards(*, document: int, actor: Actor, now: datetime) -> None:
    """Record that the holder of the post saw what a deputy decided (後閲).

    Raises:
        Denied: somebody else than the holder.
        Conflict: nothing to see, or seen already.
    """
    row = lock(document)
    if row.stands_for is None or row.state != State.DECIDED or row.seen_at is not None:
        raise Conflict("後閲の対象ではないか、すでに後閲が済んでいます。")
    if not any(seat.post == row.stands_for and not seat.acting for seat in actor.seats):
        raise Denied("後閲できるのは、代決された職にある本人だけです。")
    row.seen_by, row.seen_at = actor.person, now
    row.save(update_fields=["seen_by", "seen_at"])
    event = SeenAfterwards(document=row.pk, post=row.stands_for)
    announce(event, who=actor.who, now=now, subject=("document", row.pk), case=row.case)


def settle(row: Document, verdict: Verdict, *, decider: Actor, on: date, medium: Medium) -> None:
    """Check that somebody may decide a document as he or she did, and write the decision into the row.

    Args:
        row: the locked document.
        verdict: what was decided.
        decider: who decided, as an actor of the day of the decision.
        on: 決裁日.
        medium: where the document must lie.

    Raises:
        Denied, Conflict, Invalid: as `approve`.
    """
    units = units_above(row.unit, decider.day)
    levels = levels_on(decider.day, row.procedure)
    permissions.check_can_approve(decider, row, units, levels)
    check_waits(row, medium)
    write_outcome(row, verdict.outcome, verdict.reason)
    row.stands_for = deputised_post(decider, units, needed_rank(row, units, levels, decider.day))
    row.absence = verdict.absence[:200] if row.stands_for is not None else ""
    if row.stands_for is not None and not row.absence:
        raise Invalid(NO_ABSENCE)
    row.decided_by, row.decided_on = decider.person, on


def write_outcome(row: Document, outcome: str, reason: str) -> None:
    """Write the outcome into the row: the proposed one where `outcome` is empty; another one needs a reason.

    Raises:
        Invalid: another outcome without a reason, or one that cannot be chosen.
    """
    proposed = str(row.proposal["outcome"])
    row.outcome = outcome or proposed
    row.changed = row.outcome != proposed
    row.reason = reason
    if row.changed and row.outcomes and outcome not in row.outcomes:
        raise Invalid(f"選べる結論は「{'」「'.join(row.outcomes)}」です。")
    if row.changed and not reason:
        raise Invalid("案と違う決定をするときは、理由を入力してください。")


def check_decided(document: int) -> None:
    """Refuse to go on where a document is not approved. Nothing may be issued before.

    Raises:
        Conflict: not decided, or not accepted.
        NotFound: no such document in this city.
    """
    row = Document.objects.filter(pk=document).first()
    if row is None:
        raise NotFound("起案文書が見つかりません。")
    if row.state != State.DECIDED:
        raise Conflict(f"この文書は{standing(row)}です。決裁のあとで発行してください。")


def check_waits(row: Document, medium: Medium) -> None:
    """Refuse where a document does not wait for its decider in this place."""
    if row.state != State.WAITING or row.medium != medium:
        raise Conflict(MOVED.format(state=standing(row)))


def needed_rank(row: Document, units: tuple[int, ...], levels: Sequence[Level], day: date) -> Rank:
    """Return the lowest 職位 that may decide a document on a day: by 専決, or the one it was handed up to."""
    if row.raised_to is not None:
        return Rank(row.raised_to)
    return deciding_rank(levels, permissions.matter_of(row, units), day)


def deputised_post(actor: Actor, units: tuple[int, ...], needed: Rank) -> int | None:
    """Return the post a deputy decides for; None where the actor decides in an own post, or the post acted for is vacant."""
    seat = rules.deciding_seat(actor, units, needed)
    if seat is None or not seat.acting or holder_of(seat.post, actor.day) is None:
        return None
    return seat.post


def close(row: Document, state: State, *, who: Who, now: datetime) -> None:
    """End a document in a state and announce it to whoever waits for the decision."""
    row.state, row.decided_at = state, now
    row.steps.filter(current=True).update(current=False)
    row.save()
    announce_end(row, who=who, now=now)


def announce_end(row: Document, *, who: Who, now: datetime) -> None:
    """Announce how a document ended; its reason is kept beside the log, where it can be erased."""
    accepted = row.state == State.DECIDED
    event = DocumentDecided(
        document=row.pk,
        case=row.case,
        outcome=row.outcome or str(row.proposal["outcome"]),
        accepted=accepted,
        changed=row.changed,
        medium=row.medium,
    )
    after = {"reason": row.reason} if row.reason else None
    announce(event, who=who, now=now, subject=("document", row.pk), case=row.case, after=after)


def _at_own_stop(row: Document, actor: Actor) -> bool:
    steps: list[RouteStep] = list(row.steps.filter(current=True))
    return any(permissions.can_agree(actor, row, step) for step in steps)


def standing(row: Document) -> str:
    """Return where a document stands, in words for a message."""
    where = (
        "" if row.medium == Medium.SCREEN or row.state != State.WAITING else f"（{Medium(row.medium).label}で手続中）"
    )
    return State(row.state).label + where
