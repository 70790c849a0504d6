"""Drawing up 起案文書, taking them back, and the route they go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.approvals import permissions, queries, rules
from honrai.approvals.events import Drawn
from honrai.approvals.models import Document, RouteStep, State
from honrai.approvals.operations.deciding import close, lock
from honrai.platform.authority.api import (
    Act,
    Actor,
    Conflict,
    Denied,
    Doer,
    Invalid,
    Matter,
    Rank,
    deciding_rank,
    levels_on,
)
from honrai.platform.events.api import Who, announce
from honrai.platform.organisations.api import posts_on, units_above

#: Kinds of outcome that turn somebody down: a disposition refused, a contract or registration declined.
REFUSALS = frozenset({"refuse", "decline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a chapter wants decided.

    Attributes:
        subject: 件名.
        text: 伺い文.
        basis: 根拠, the provisions of law and ordinance.
        proposal: 案 as JSON-able values: `outcome`, `kind` (one of `REFUSALS` for a refusal), `reasons`, `rules`, `results` ...
        outcomes: outcomes the decider may choose instead of the proposed one; empty leaves it to the decider's words.
        attachments: keys of files.
        procedure: procedure code.
        act: bound or discretionary decision.
        unit: key of the section.
        amount: whole yen the decision is about, or None.
        case: key of the case, or None.
        parties: keys of the people it is about.
        before: who did the steps before; none of them may decide.
        flagged: somebody must look at it in any case.
        group: documents of one group may be decided as one stack (一覧決裁); "" for none.
    """

    subject: str
    text: str
    basis: tuple[str, ...]
    proposal: Mapping[str, Any]
    outcomes: tuple[str, ...] = ()
    attachments: tuple[int, ...] = ()
    procedure: str
    act: Act
    unit: int
    amount: int | None = None
    case: int | None = None
    parties: frozenset[str] = frozenset()
    before: tuple[Doer, ...] = ()
    flagged: bool = False
    group: str = ""


def draw_up(draft: Draft, *, actor: Actor, now: datetime) -> int:
    """Draw up a document, compute its route and its decider from the city's rules of the day, and return its key.

    Args:
        draft: what is to be decided.
        actor: staff of the section, or the system for a flow that reached its decision step by itself.
        now: the moment.

    Raises:
        Denied: contractors, robots, applicants and other sections.
        Invalid: no 件名, no 伺い文, no proposed outcome, or an act that is no decision.
    """
    units = units_above(draft.unit, actor.day)
    permissions.check_can_handle(actor, units)
    _check_complete(draft)
    rank = _desk(draft, units, actor)
    stops = _stops(draft, rank, actor.day)
    document = Document.objects.create(
        **_columns(draft, actor, now), rank=rank, state=State.ROUTE if stops else State.WAITING
    )
    first = min((stop.turn for stop in stops), default=0)
    RouteStep.objects.bulk_create(
        RouteStep(
            document=document,
            turn=stop.turn,
            kind=stop.kind,
            unit=stop.unit,
            rank=stop.rank,
            current=stop.turn == first,
        )
        for stop in stops
    )
    event = Drawn(
        document=document.pk, procedure=draft.procedure, outcome=draft.proposal["outcome"], rank=rank, steps=len(stops)
    )
    announce(event, who=actor.who, now=now, subject=("document", document.pk), case=draft.case)
    return int(document.pk)


def withdraw_draft(*, document: int, actor: Actor, now: datetime, reason: str = "起案者による取下げ") -> None:
    """Take a draft back before it is decided; whoever waits for the decision is told as of a returned one.

    Raises:
        Conflict: decided, returned or withdrawn already.
        Denied: neither the drafter nor, for one the system drew up, staff of the section.
    """
    row = lock(document)
    permissions.check_can_handle(actor, units_above(row.unit, actor.day))
    if row.drawn_by is not None and row.drawn_by != actor.person:
        raise Denied("取り下げられるのは起案した本人だけです。決裁者に差戻しを依頼してください。")
    if row.state not in queries.UNDECIDED:
        raise Conflict("この文書はすでに決裁または差戻しが済んでいます。画面を更新してください。")
    row.reason = reason.strip() or "起案者による取下げ"
    close(row, State.WITHDRAWN, who=actor.who, now=now)


def drop(*, document: int, reason: str, who: Who, now: datetime) -> None:
    """Close an undecided document because the matter it is about ended elsewhere (取下げ); a decided one stays as it is."""
    row = lock(document)
    if row.state in queries.UNDECIDED:
        row.reason = reason
        close(row, State.WITHDRAWN, who=who, now=now)


def _check_complete(draft: Draft) -> None:
    if not draft.subject.strip() or not draft.text.strip():
        raise Invalid("件名と伺い文を入力してください。")
    if not draft.proposal.get("outcome"):
        raise Invalid("案の結論がありません。結論を決めてから起案してください。")
    if not draft.act.deciding:
        raise Invalid(f"「{draft.act.label}」は決裁の対象ではありません。")


def _desk(draft: Draft, units: tuple[int, ...], actor: Actor) -> Rank:
    """The 職位 on whose desk the document lies: the one 専決 names, or the next that exists in the line."""
    matter = Matter(procedure=draft.procedure, act=draft.act, units=units, amount=draft.amount)
    needed = deciding_rank(levels_on(actor.day, draft.procedure), matter, actor.day)
    return rules.desk_of(needed, [post.rank for post in posts_on(actor.day, units=units)])


def _stops(draft: Draft, rank: Rank, day: date) -> tuple[rules.Stop, ...]:
    lines = queries.route_lines_on(day, draft.procedure)
    if not lines:
        return ()
    ranks = [post.rank for post in posts_on(day, units=[draft.unit])]
    question = rules.Question(draft.procedure, draft.unit, draft.amount, _refuses(draft), rank)
    return rules.route_of(lines, question, {draft.unit: ranks})


def _refuses(draft: Draft) -> bool:
    return draft.proposal.get("kind") in REFUSALS


def _columns(draft: Draft, actor: Actor, now: datetime) -> dict[str, Any]:
    worked = {doer.person for doer in draft.before if doer.person is not None}
    return {
        "subject": draft.subject.strip()[:200],
        "text": draft.text,
        "basis": list(draft.basis),
        "proposal": dict(draft.proposal),
        "outcomes": list(draft.outcomes),
        "attachments": list(draft.attachments),
        "procedure": draft.procedure,
        "act": draft.act,
        "unit": draft.unit,
        "amount": draft.amount,
        "case": draft.case,
        "parties": sorted(draft.parties),
        "worked_by": sorted(worked | ({actor.person} if actor.person is not None else set())),
        "flagged": draft.flagged,
        "refusal": _refuses(draft),
        "group": draft.group[:160],
        "drawn_by": actor.person,
        "drawn_at": now,
    }
