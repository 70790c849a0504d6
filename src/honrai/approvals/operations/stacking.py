"""一覧決裁: like documents decided by one act, after those that must be opened were opened.

Flagged documents, all refusals and a random sample must be opened by the decider; single ones can be taken out. Whatever the
size of a stack, it costs the same few statements and one entry in the log for each document.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models.fields.json import KeyTextTransform

from honrai.approvals import permissions, queries, rules
from honrai.approvals.events import PulledOut, StackApproved, StackFormed, StackOrdered
from honrai.approvals.models import Document, Medium, Reading, Stack, State
from honrai.approvals.operations.deciding import (
    NO_ABSENCE,
    announce_end,
    check_waits,
    deputised_post,
    lock,
    needed_rank,
)
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound, Rank, levels_on
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import announce, record
from honrai.platform.jobs.progress import Note, ask_to_stop, silent
from honrai.platform.organisations.api import units_above

NOTED = 20
"""Documents between two notes of how far a large stack is."""
_READ = """
INSERT INTO approvals_reading (city_id, document_id, person, at) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class StackResult:
    """What one act of 一覧決裁 did.

    Attributes:
        approved: how many documents were approved.
        left: documents the decider may not decide, with the reason; they lie singly again.
    """

    approved: int
    left: tuple[tuple[int, str], ...]


def form_stack(*, group: str, unit: int, rank: Rank, actor: Actor, now: datetime, seed: int | None = None) -> int:
    """Lay the waiting documents of a group together, draw the sample that must be opened, and return the stack's key.

    Args:
        group: the group the drafts were given.
        unit: key of the drafting section.
        rank: 職位 on whose desk they lie.
        actor: staff of the section's line.
        now: the moment.
        seed: what the sample is drawn with; random where left out. It is recorded, so that the drawing can be repeated.

    Raises:
        Denied: no official of the line.
        Conflict: nothing of the group waits.
    """
    permissions.check_is_staff(actor)
    permissions.check_can_handle(actor, units_above(unit, actor.day))
    rows = list(
        queries.loose_documents()
        .filter(group=group, unit=unit, rank=rank)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", "flagged", "refusal")
    )
    if not rows or not group:
        raise Conflict("まとめて決裁できる文書がありません。画面を更新して確かめてください。")
    seed = secrets.randbits(62) if seed is None else seed
    drawn = _draw([key for key, flagged, refusal in rows if not (flagged or refusal)], seed, actor)
    stack = Stack.objects.create(
        group=group,
        unit=unit,
        rank=rank,
        seed=seed,
        sampled=len(drawn),
        size=len(rows),
        formed_by=actor.person,
        formed_at=now,
    )
    Document.objects.filter(pk__in=[row[0] for row in rows]).update(stack=stack)
    Document.objects.filter(pk__in=drawn).update(sampled=True)
    event = StackFormed(stack=stack.pk, group=group, size=len(rows), seed=seed, sampled=tuple(sorted(drawn)))
    announce(event, who=actor.who, now=now, subject=("stack", stack.pk))
    return int(stack.pk)


def open_document(*, document: int, actor: Actor, now: datetime) -> None:
    """Record that somebody opened a document: in the log each time, and for the stack's demands once.

    Raises:
        NotFound: not in this city.
        Denied: not in the line or on the route, or the actor's own case.
    """
    row = Document.objects.filter(pk=document).first()
    if row is None:
        raise NotFound("起案文書が見つかりません。")
    steps = set(row.steps.values_list("unit", flat=True))
    permissions.check_can_see(actor, row, units_above(row.unit, actor.day), steps)
    record("approvals.document_read", who=actor.who, now=now, subject=("document", row.pk), case=row.case)
    if actor.person is not None:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [current_city(), row.pk, actor.person, now])


def pull_out(*, document: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a document out of its stack; it is then decided by itself.

    Raises:
        Denied: the actor may not decide it.
        Conflict: in no stack, or decided already.
        Invalid: no reason.
    """
    row = lock(document)
    permissions.check_can_approve(actor, row, units_above(row.unit, actor.day), levels_on(actor.day, row.procedure))
    check_waits(row, Medium.SCREEN)
    stack = row.stack_id
    if stack is None:
        raise Conflict("この文書は一覧決裁の束に入っていません。")
    if not reason.strip():
        raise Invalid("束から抜く理由を入力してください。")
    row.stack, row.pulled_out = None, reason.strip()[:200]
    row.save(update_fields=["stack", "pulled_out"])
    event = PulledOut(document=row.pk, stack=stack)
    announce(event, who=actor.who, now=now, subject=("document", row.pk), case=row.case)


def approve_stack(*, stack: int, actor: Actor, now: datetime, absence: str = "", note: Note = silent) -> StackResult:
    """Approve what waits in a stack as proposed, by one act.

    Documents the actor may not decide (own work, own case, above the 専決 limit) leave the stack and are reported.

    Args:
        stack: its key.
        actor: who decides.
        now: the moment.
        absence: why the holder could not decide; needed for a 代決.
        note: told after each few documents; where it raises `Stopped`, nothing may be kept.

    Raises:
        NotFound: no such stack in this city.
        Denied: the actor may decide none of it.
        Conflict: decided already, or something that must be opened was not.
        Invalid: a 代決 without a reason.
    """
    ready = _ready(stack, actor, absence)
    pile, may, left = ready.pile, ready.may, ready.left
    _decide(may, actor, now, ready.post, absence, note)
    Document.objects.filter(pk__in=[key for key, _ in left]).update(
        stack=None, pulled_out="一覧決裁の決裁者が決裁できない文書"
    )
    pile.closed_at = now
    pile.save(update_fields=["closed_at"])
    event = StackApproved(stack=pile.pk, approved=len(may), left=tuple(key for key, _ in left))
    announce(event, who=actor.who, now=now, subject=("stack", pile.pk))
    return StackResult(len(may), tuple(left))


def order_stack(*, stack: int, actor: Actor, now: datetime, absence: str = "") -> None:
    """Approve a large stack: everything is checked now, and a job approves it as of now.

    Raises:
        As `approve_stack`; Conflict also where it was ordered already.
    """
    pile = _ready(stack, actor, absence).pile
    if pile.ordered_at is not None:
        raise Conflict("この束の決裁は処理中です。しばらくしてから画面を更新してください。")
    pile.ordered_by, pile.ordered_at, pile.refused_for = actor.person, now, ""
    pile.save(update_fields=["ordered_by", "ordered_at", "refused_for"])
    event = StackOrdered(stack=pile.pk)
    announce(event, who=actor.who, now=now, subject=("stack", pile.pk), after={"absence": absence.strip()})


def stop_order(*, stack: int, actor: Actor, now: datetime) -> None:
    """Have the job that approves an ordered stack give up; the whole stack then waits for its decider again.

    Raises:
        NotFound: no such stack in this city.
        Denied: no official of the line.
        Conflict: nothing is being approved.
    """
    pile = Stack.objects.filter(pk=stack).first()
    if pile is None:
        raise NotFound("一覧決裁の束が見つかりません。")
    permissions.check_is_staff(actor)
    permissions.check_can_handle(actor, units_above(pile.unit, actor.day))
    if pile.ordered_at is None or pile.closed_at is not None:
        raise Conflict("この束の決裁は登録中ではありません。画面を更新して確かめてください。")
    record("approvals.stop_asked", who=actor.who, now=now, subject=("stack", pile.pk))
    ask_to_stop("stack", pile.pk)


def refuse_order(*, stack: int, reason: str) -> None:
    """Note why an ordered stack could not be approved; it waits for its decider again."""
    Stack.objects.filter(pk=stack).update(ordered_by=None, ordered_at=None, refused_for=reason[:200])


@dataclass(frozen=True, slots=True)
class _Ready:
    """A stack that may be approved: what of it, what not and why, and the post a deputy decides for."""

    pile: Stack
    may: list[Document]
    left: list[tuple[int, str]]
    post: int | None


def _ready(stack: int, actor: Actor, absence: str) -> _Ready:
    """Lock a stack and check everything that approving it needs."""
    pile = Stack.objects.select_for_update().filter(pk=stack).first()
    if pile is None:
        raise NotFound("一覧決裁の束が見つかりません。")
    units = units_above(pile.unit, actor.day)
    permissions.check_is_staff(actor)
    permissions.check_can_handle(actor, units)
    rows = list(queries.waiting_in(pile.pk).select_for_update().order_by("pk"))
    if not rows:
        raise Conflict("この束に決裁を待つ文書はありません。画面を更新して確かめてください。")
    may, left = _sort_out(rows, actor, units)
    if not may:
        raise Denied(left[0][1])
    _check_opened(may, actor)
    post = _post(may, actor, units)
    if post is not None and not absence.strip():
        raise Invalid(NO_ABSENCE)
    return _Ready(pile, may, left, post)


def _draw(keys: Sequence[int], seed: int, actor: Actor) -> frozenset[int]:
    percent, at_least = queries.sampling_on(actor.day)
    return rules.sample(keys, seed, rules.sample_size(len(keys), percent, at_least))


def _sort_out(
    rows: Sequence[Document], actor: Actor, units: tuple[int, ...]
) -> tuple[list[Document], list[tuple[int, str]]]:
    """Part what the actor may decide from what not, with the reason."""
    levels = levels_on(actor.day)
    may, left = [], []
    for row in rows:
        try:
            permissions.check_can_approve(actor, row, units, levels)
            may.append(row)
        except Denied as reason:
            left.append((row.pk, str(reason)))
    return may, left


def _check_opened(rows: Sequence[Document], actor: Actor) -> None:
    wanted = [(row.pk, row.flagged or row.refusal or row.sampled) for row in rows]
    keys = [key for key, needed in wanted if needed]
    read = set(
        Reading.objects.filter(person=actor.person or 0, document__in=keys).values_list("document_id", flat=True)
    )
    unread = rules.must_open(wanted, read)
    if unread:
        raise Conflict(
            f"開いて確認する文書があと{len(unread)}件あります。要確認・拒否処分・抽出の文書を開いてください。"
        )


def _post(rows: Sequence[Document], actor: Actor, units: tuple[int, ...]) -> int | None:
    """The post a deputy decides for: the seat that suffices for the highest of the documents serves for all."""
    levels = levels_on(actor.day)
    return deputised_post(actor, units, max(needed_rank(row, units, levels, actor.day) for row in rows))


def _decide(rows: Sequence[Document], actor: Actor, now: datetime, post: int | None, absence: str, note: Note) -> None:
    said = {
        "state": State.DECIDED,
        "decided_at": now,
        "decided_on": now.date(),
        "decided_by": actor.person,
        "stands_for": post,
        "absence": absence.strip()[:200] if post is not None else "",
    }
    Document.objects.filter(pk__in=[row.pk for row in rows]).update(
        **said, outcome=KeyTextTransform("outcome", "proposal")
    )
    for done, row in enumerate(rows):
        if done % NOTED == 0:
            note("決裁の登録", done, len(rows))
        row.state = State.DECIDED
        announce_end(row, who=actor.who, now=now)
