"""Deciding on paper: print with a QR code, sign, scan back, and have an official enter day and decider."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files as package_files
from typing import Any

import segno
from django.core.exceptions import ObjectDoesNotExist

from honrai.approvals import permissions, queries, rules
from honrai.approvals.events import MediumChanged
from honrai.approvals.models import Document, Medium, State, StepKind
from honrai.approvals.operations.deciding import MOVED, Verdict, check_waits, close, lock, settle, standing
from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, NotFound, Rank
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.organisations.api import NoPlace, actor_of_person, display_names, units_above, units_on
from honrai.platform.typeset import api as typeset

PDF = files.Limits(frozenset({"application/pdf"}), 200 * MEGABYTE)
_TEMPLATE = package_files("honrai.approvals") / "typst" / "document.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDecision:
    """What stands on a signed paper.

    Attributes:
        document: key of the document.
        accepted: approved, or sent back.
        approver: person who signed.
        decided_on: 決裁日 written on it.
        scan: key of the file with the signed paper.
        outcome: as decided where it is not the proposed one.
        reason: why changed or sent back.
        absence: why the holder could not sign, for a 代決.
    """

    document: int
    accepted: bool
    approver: int
    decided_on: date
    scan: int
    outcome: str = ""
    reason: str = ""
    absence: str = ""


def print_documents(*, documents: Sequence[int], actor: Actor, now: datetime) -> int:
    """Print documents for signing, one PDF for all, and return the key of the file; they wait on paper from then on.

    Raises:
        Denied: no official of the line.
        NotFound: not in this city.
        Conflict: on its route still, decided, or in 文書管理.
    """
    rows = hand_over(documents, Medium.PAPER, actor, now)
    made = files.store(page_of(rows, actor, now.date()), name="起案文書.pdf", limits=PDF, who=actor.who, now=now)
    return made.id


def hand_over(documents: Sequence[int], medium: Medium, actor: Actor, now: datetime) -> list[Document]:
    """Move waiting documents from the screen to another medium and return them; those already there stay (a second copy)."""
    rows = list(Document.objects.select_for_update().filter(pk__in=documents).order_by("pk"))
    if not rows or len(rows) != len(set(documents)):
        raise NotFound("起案文書が見つかりません。")
    for row in rows:
        permissions.check_is_staff(actor)
        permissions.check_can_see(actor, row, units_above(row.unit, actor.day))
        if row.medium not in {Medium.SCREEN, medium} or row.state != State.WAITING:
            raise Conflict(MOVED.format(state=standing(row)))
    moved = [row for row in rows if row.medium != medium]
    Document.objects.filter(pk__in=[row.pk for row in moved]).update(medium=medium, stack=None)
    for row in moved:
        row.medium, row.stack = medium, None
        _announce_medium(row, actor, now)
    return rows


def return_to_screen(*, document: int, actor: Actor, now: datetime) -> None:
    """Bring a document back from paper or 文書管理 to be decided on screen.

    Raises:
        Denied: no official of the line.
        Conflict: on screen already, or decided.
    """
    row = lock(document)
    permissions.check_is_staff(actor)
    permissions.check_can_see(actor, row, units_above(row.unit, actor.day))
    if row.state != State.WAITING or row.medium == Medium.SCREEN:
        raise Conflict(MOVED.format(state=standing(row)))
    row.medium = Medium.SCREEN
    row.save(update_fields=["medium"])
    _announce_medium(row, actor, now)


def take_paper(signed: PaperDecision, *, actor: Actor, now: datetime) -> None:
    """Enter what was decided on a signed paper.

    The person who signed must have been entitled to on that day; whoever enters it is an official other than the drafter and
    those who prepared it.

    Raises:
        Denied: who enters or who signed was not entitled.
        Conflict: the document is not out on paper.
        Invalid: the day cannot be right, no copy of the paper, or no reason where one is needed.
    """
    row = lock(signed.document)
    permissions.check_can_enter(actor, row, units_above(row.unit, actor.day))
    check_waits(row, Medium.PAPER)
    check_day(row, signed.decided_on, now)
    row.scan = _scan(signed.scan)
    decider = _decider(signed, actor.city)
    verdict = Verdict(outcome=signed.outcome.strip(), reason=signed.reason.strip(), absence=signed.absence.strip())
    settle(row, verdict, decider=decider, on=signed.decided_on, medium=Medium.PAPER)
    if not signed.accepted:
        row.outcome, row.changed = "", False
        if not row.reason:
            raise Invalid("差し戻された理由を入力してください。")
    row.entered_by = actor.person
    close(row, State.DECIDED if signed.accepted else State.RETURNED, who=actor.who, now=now)


def check_day(row: Document, decided_on: date, now: datetime) -> None:
    """Refuse a 決裁日 before the draft or after today."""
    reason = rules.why_not_dated(decided_on, row.drawn_at.astimezone(now.tzinfo).date(), now.date())
    if reason is not None:
        raise Invalid(reason)


def page_of(rows: Sequence[Document], actor: Actor, day: date) -> bytes:
    """Return the PDF of documents, each beginning on a page of its own."""
    return typeset.pdf(_TEMPLATE.read_text("utf-8"), {"documents": _printed(rows, actor, day)})


def _printed(rows: Sequence[Document], actor: Actor, day: date) -> list[dict[str, Any]]:
    units = {view.id: view.name for view in units_on(day)}
    people = {row.drawn_by for row in rows if row.drawn_by is not None}
    steps = queries.steps_of([row.pk for row in rows])
    people |= {step.agreed_by for found in steps.values() for step in found if step.agreed_by is not None}
    names = display_names(actor, people, day)
    return [_one(row, steps.get(row.pk, []), units, names) for row in rows]


def _one(row: Document, steps: Collection[Any], units: dict[int, str], names: dict[int, str]) -> dict[str, Any]:
    code = rules.paper_code(row.pk)
    stamps = [
        {
            "label": f"{StepKind(step.kind).label} {units.get(step.unit, '')}{Rank(step.rank).label}",
            "name": names.get(step.agreed_by, "") if step.agreed_by else "",
        }
        for step in steps
    ]
    reasons = [f"{one.text}（{one.basis}）" if one.basis else one.text for one in rules.grounds(row.proposal)]
    return {
        "code": code,
        "qr": segno.make(code, error="m").svg_inline(border=2, omitsize=True),
        "stamps": [{"label": f"決裁 {Rank(row.rank).label}", "name": ""}, *stamps],
        "subject": row.subject,
        "drawn_on": format_wareki(row.drawn_at.date()),
        "unit": units.get(row.unit, ""),
        "drafter": names.get(row.drawn_by, "") if row.drawn_by else "自動起案",
        "rank": rules.deciding_label(Rank(row.rank)),
        "text": row.text,
        "outcome": str(row.proposal["outcome"]),
        "amount": "" if row.amount is None else f"{row.amount:,}円",
        "reasons": reasons or ["なし"],
        "rules": "、".join(str(rule) for rule in row.proposal.get("rules", [])) or "なし",
        "basis": [str(basis) for basis in row.basis] or ["なし"],
        "attachments": f"{len(row.attachments)}件" if row.attachments else "なし",
    }


def _scan(file: int) -> int:
    try:
        return files.info(file).id
    except ObjectDoesNotExist as error:
        raise Invalid("押印済みの用紙の読取りファイルを付けてください。") from error


def _decider(signed: PaperDecision, city: int) -> Actor:
    """Who signed, as an actor of that day."""
    try:
        return actor_of_person(signed.approver, city, signed.decided_on)
    except NoPlace as error:
        raise Denied(
            "決裁者とされた人は、決裁日に市の職にありません。用紙の決裁者と決裁日を確かめてください。"
        ) from error


def _announce_medium(row: Document, actor: Actor, now: datetime) -> None:
    event = MediumChanged(document=row.pk, medium=row.medium)
    announce(event, who=actor.who, now=now, subject=("document", row.pk), case=row.case)
