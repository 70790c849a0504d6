"""Deficiencies: what a case lacks, asking the applicant, taking the answers."""

from ninja import Path, Router

from honrai.cases import api as cases
from honrai.intake import api as intake
from honrai.platform import clock
from honrai.platform.authority.api import Invalid
from honrai.procedures import api as procedures
from honrai.rest.calling import Call, changes, reads
from honrai.rest.resources.common import answers, case_out, changing, papers, reading, record_read
from honrai.rest.schemas import AddedOut, AnswersIn, AskIn, CaseOut, DeficiencyList, EmptyIn, Key
from honrai.rest.scopes import Scope

router = Router(tags=["不備"])


@router.get("/cases/{case}/deficiencies", response=reading(DeficiencyList), summary="不備の一覧")
@reads(Scope.DEFICIENCIES_READ)
def list_deficiencies(request: Call, case: Path[Key]) -> DeficiencyList:
    """List what a case lacks, and the codes one may add. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    record_read(actor, case, now)
    form = procedures.runnable(row.version).pack.form
    shown = case_out(row, actor, now)
    return DeficiencyList(items=shown.deficiencies, codes=[one.code for one in cases.choices(form)])


@router.post("/cases/{case}/deficiencies", response=changing(AddedOut, 201), summary="不備を加える")
@changes(Scope.DEFICIENCIES_WRITE, status=201)
def add(request: Call, case: Path[Key], body: AskIn) -> AddedOut:
    """Add an item of the procedure's list."""
    key = cases.add_deficiency(case=case, code=body.code, note=body.note, actor=request.actor, now=clock.now())
    return AddedOut(id=key)


@router.post("/cases/{case}/deficiencies/send", response=changing(CaseOut), summary="不備を申請者に連絡する")
@changes(Scope.DEFICIENCIES_WRITE)
def send(request: Call, case: Path[Key], body: EmptyIn) -> CaseOut:
    """Ask the applicant for what was found; the clock stops."""
    actor, now = request.actor, clock.now()
    cases.send_deficiencies(case=case, actor=actor, now=now)
    return case_out(cases.check_can_see(actor, case, now), actor, now)


@router.post("/cases/{case}/answers", response=changing(CaseOut), summary="補正を受ける")
@changes(Scope.DEFICIENCIES_WRITE)
def take_answers(request: Call, case: Path[Key], body: AnswersIn) -> CaseOut:
    """Take what the applicant answered elsewhere; the case goes on when nothing is left to answer."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    if not body.values and not body.attachments:
        raise Invalid("補正の内容か書類を送ってください")
    pack = procedures.runnable(row.version).pack
    values = answers(pack, body.values)
    for paper in papers(body.attachments):
        intake.attach(
            application=row.application, kind=paper.kind, content=paper.content, name=paper.name, who=actor.who, now=now
        )
    intake.answer(application=row.application, case=case, values=values, who=actor.who, now=now)
    return case_out(cases.check_can_see(actor, case, now), actor, now)
