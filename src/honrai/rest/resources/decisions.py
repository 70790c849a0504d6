"""Decisions: what is proposed and was decided, drawing up, and deciding, which only an official's own key does, with a code."""

from datetime import datetime

from ninja import Path, Router

from honrai.approvals import api as approvals
from honrai.cases import api as cases
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Denied, Kind, NotFound
from honrai.platform.signin.codes import is_own_code
from honrai.rest.calling import Call, changes, reads
from honrai.rest.models import Holder
from honrai.rest.resources.common import changing, reading, record_read
from honrai.rest.schemas import ApproveIn, DecisionOut, DecisionsOut, DocumentOut, DrawUpIn, Key
from honrai.rest.scopes import Scope

router = Router(tags=["決定"])


@router.get("/cases/{case}/decisions", response=reading(DecisionsOut), summary="決定案と決定")
@reads(Scope.DECISIONS_READ)
def list_decisions(request: Call, case: Path[Key]) -> DecisionsOut:
    """Return what is proposed, the document that waits, and what was decided. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    record_read(actor, case, now)
    waiting = row.tasks.filter(state="open", document__isnull=False).values_list("document", flat=True).first()
    decided = [DecisionOut.model_validate(one) for one in cases.decisions_of(row, actor)]
    return DecisionsOut(proposal=row.proposal, document=waiting, items=decided)


@router.post("/decisions", response=changing(DocumentOut, 201), summary="起案する")
@changes(Scope.DECISIONS_DRAFT, status=201)
def draw_up(request: Call, body: DrawUpIn) -> DocumentOut:
    """Draw up the approval document of an open decision step, or return the one drawn up before."""
    actor, now = request.actor, clock.now()
    _check_official(request)
    row, place = cases.workplace(body.task, actor, now=now)
    cases.check_can_see(actor, row.pk, now)
    if not place.step.decides or place.task.state != "open" or not row.proposal.get("outcome"):
        raise Conflict("この作業は、起案を待つ決定の段階ではありません")
    return _document(cases.draw_up(task=body.task, actor=actor, now=now), actor, now)


@router.get("/decisions/{document}", response=reading(DocumentOut), summary="起案文書")
@reads(Scope.DECISIONS_READ)
def read_document(request: Call, document: Path[Key]) -> DocumentOut:
    """Return how an approval document stands. The read is recorded."""
    actor, now = request.actor, clock.now()
    shown = _document(document, actor, now)
    record_read(actor, shown.case or 0, now)
    return shown


@router.post("/decisions/{document}/approve", response=changing(DocumentOut), summary="決裁する")
@changes(Scope.DECISIONS_TAKE)
def approve(request: Call, document: Path[Key], body: ApproveIn) -> DocumentOut:
    """Decide as proposed, or otherwise with a reason. Only by an official's own key and the code of the own authenticator."""
    actor, now = request.actor, clock.now()
    _check_official(request)
    _document(document, actor, now)
    if not is_own_code(request.key.person.account_id or 0, body.code):
        raise Denied("確認コードが違うか、使用済みです。認証アプリの新しいコードを付けて、やり直してください")
    changed = body.outcome or None
    approvals.approve(
        document=document,
        actor=actor,
        now=now,
        changed_outcome=changed,
        reason=body.reason,
        absence=body.absence,
    )
    return _document(document, actor, now)


def _check_official(request: Call) -> None:
    if request.key.holder != Holder.PERSON or request.actor.kind is not Kind.STAFF:
        raise Denied("起案・決裁は、市の職員本人のキーだけで行えます。担当課の職員に回してください")


def _document(document: int, actor: Actor, now: datetime) -> DocumentOut:
    """Return a document of a case the actor may see; of every other it is as if there were none. Officials only."""
    if actor.kind is not Kind.STAFF:
        raise Denied("起案文書は市の職員だけが扱えます。担当課へ連絡してください。")
    found = approvals.decision_of(document)
    if found.case is None or not cases.visible_cases(actor, now).filter(pk=found.case).exists():
        raise NotFound("起案文書が見つかりません。")
    return DocumentOut.model_validate(found)
