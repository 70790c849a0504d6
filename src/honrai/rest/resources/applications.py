"""Applications: sending a whole one with its papers, and how it stands."""

from ninja import Path, Router

from honrai.cases import api as cases
from honrai.intake import api as intake
from honrai.platform import clock
from honrai.platform.authority.api import NotFound
from honrai.rest.calling import Call, changes, reads
from honrai.rest.resources.common import changing, papers, reading, record_read
from honrai.rest.schemas import ApplicationIn, ApplicationOut, Key, ReceiptOut
from honrai.rest.scopes import Scope

router = Router(tags=["申請"])


@router.post("/applications", response=changing(ReceiptOut, 201), summary="申請を出す")
@changes(Scope.APPLICATIONS_WRITE, status=201)
def submit(request: Call, body: ApplicationIn) -> ReceiptOut:
    """Take in a whole application: it gets its number and its case opens, or nothing is kept."""
    actor, now = request.actor, clock.now()
    receipt = intake.apply(
        procedure=body.procedure,
        channel="api",
        key=f"{request.key.pk}:{request.headers['Idempotency-Key']}",
        values=body.values,
        papers=papers(body.attachments),
        arrived_on=body.arrived_on,
        actor=actor,
        now=now,
    )
    opened = cases.visible_cases(actor, now).filter(application=receipt.application).order_by("pk")
    return ReceiptOut(
        application=receipt.application,
        number=receipt.number,
        secret=receipt.secret,
        cases=list(opened.values_list("pk", flat=True)),
    )


@router.get("/applications/{application}", response=reading(ApplicationOut), summary="申請の状況")
@reads(Scope.APPLICATIONS_READ)
def status(request: Call, application: Path[Key]) -> ApplicationOut:
    """Return where the cases of an application stand. The read is recorded."""
    actor, now = request.actor, clock.now()
    keys = list(cases.visible_cases(actor, now).filter(application=application).values_list("pk", flat=True))
    if not keys:
        raise NotFound("この申請は見つかりません。番号と、自分の担当かどうかを確かめてください")
    for key in keys:
        record_read(actor, key, now)
    lines = [
        ApplicationOut.Progress(
            case=one.id,
            number=one.number,
            title=one.title,
            stage=one.stage,
            outcome=one.outcome,
            received_on=one.received_on,
            closed=one.closed,
        )
        for one in cases.briefs(keys, actor, now)
    ]
    return ApplicationOut(application=application, cases=lines)
