"""Documents: the papers handed in and the letters issued, their particulars and their bytes."""

from typing import Any

from django.http import HttpResponse
from ninja import Path, Router

from honrai.cases import api as cases
from honrai.platform import clock
from honrai.platform.authority.api import NotFound
from honrai.platform.files import api as files
from honrai.rest.calling import Call, reads
from honrai.rest.resources.common import reading, record_read
from honrai.rest.schemas import Key, PaperList, PaperOut, ProblemOut
from honrai.rest.scopes import Scope

router = Router(tags=["書類・文書"])
_BYTES = {
    "responses": {
        200: {
            "description": "書類の中身",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic")
            },
        }
    }
}


@router.get("/cases/{case}/documents", response=reading(PaperList), summary="書類・文書の一覧")
@reads(Scope.DOCUMENTS_READ)
def list_documents(request: Call, case: Path[Key]) -> PaperList:
    """List papers and letters of a case. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    record_read(actor, case, now)
    known = files.infos(_files_of(row))
    papers = [
        _paper(known[one["file"]], kind=str(one.get("id", ""))) for one in row.attachments if one["file"] in known
    ]
    for letter in row.letters.exclude(file=None).order_by("pk"):
        if letter.file in known:
            papers.append(_paper(known[letter.file], "letter", letter.title, letter.number, letter.issued_on))
    return PaperList(items=papers)


def _paper(info: files.FileInfo, kind: str, title: str = "", number: str = "", issued_on: Any = None) -> PaperOut:
    return PaperOut(
        file=info.id,
        kind=kind,
        title=title,
        number=number,
        issued_on=issued_on,
        media_type=info.media_type,
        size=info.size,
    )


@router.get(
    "/cases/{case}/documents/{file}",
    response=dict.fromkeys((401, 403, 404, 422, 429, 500), ProblemOut),
    summary="書類・文書の中身",
    openapi_extra=_BYTES,
)
@reads(Scope.DOCUMENTS_READ)
def content(request: Call, case: Path[Key], file: Path[Key]) -> HttpResponse:
    """Return the bytes of a paper or letter. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    if file not in _files_of(row):
        raise NotFound("この案件にこのファイルはありません")
    info, found = files.fetch(file, who=actor.who, now=now, case=case)
    response = HttpResponse(found, content_type=info.media_type)
    response["Content-Disposition"] = f'attachment; filename="{info.id}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _files_of(row: Any) -> set[int]:
    letters = row.letters.exclude(file=None).values_list("file", flat=True)
    return {int(item["file"]) for item in row.attachments} | {int(one) for one in letters}
