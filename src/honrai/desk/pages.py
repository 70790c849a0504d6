"""Pages of papers as pictures: a PDF is drawn here page by page, so that every browser shows it beside the fields."""

from io import BytesIO

import pypdfium2
from django.http import HttpResponse
from django.views.decorators.http import require_GET
from PIL import Image

from honrai.cases import api as cases
from honrai.desk import queries
from honrai.platform import clock
from honrai.platform.authority.api import NotFound
from honrai.platform.files import api as files
from honrai.platform.requests import HonraiRequest

#: Dots per inch at one, two and three steps of zoom; the first fits a pane of 660 pixels.
_SCALES = {1: 1.25, 2: 2.0, 3: 3.0}
_MOST_PIXELS = 25_000_000


@require_GET
def page(request: HonraiRequest, case: int, file: int, page: int) -> HttpResponse:
    """Serve one page of a paper of a case as a picture; `turn` in degrees, `zoom` 1 to 3. The read is recorded."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    if file not in queries.files_of(row):
        raise NotFound("この案件にこのファイルはありません")
    info, content = files.fetch(file, who=actor.who, now=now, case=case)
    turn = {"90": 90, "180": 180, "270": 270}.get(request.GET.get("turn", ""), 0)
    zoom = {"2": 2, "3": 3}.get(request.GET.get("zoom", ""), 1)
    if info.media_type == "application/pdf":
        response = HttpResponse(drawn(content, page, turn=turn, zoom=zoom), content_type="image/png")
    else:
        response = HttpResponse(content if not turn else _turned(content, turn), content_type=info.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def drawn(pdf: bytes, number: int, *, turn: int = 0, zoom: int = 1) -> bytes:
    """Return one page of a PDF as PNG.

    Args:
        pdf: the document.
        number: of the page, from 1.
        turn: degrees clockwise: 0, 90, 180, 270.
        zoom: 1 to 3.

    Raises:
        NotFound: no such page, or no PDF one can read.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotFound("このファイルはPDFとして開けません") from error
    try:
        if not 1 <= number <= len(document):
            raise NotFound("このページはありません")
        sheet = document[number - 1]
        width, height = sheet.get_size()
        scale = min(_SCALES[zoom], (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        out = BytesIO()
        sheet.render(scale=scale, rotation=turn).to_pil().save(out, "PNG")
        return out.getvalue()
    finally:
        document.close()


def how_many_pages(content: bytes, media_type: str) -> int:
    """Return how many pages a paper has; pictures have one, a PDF one cannot read none."""
    if media_type != "application/pdf":
        return 1
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return 0
    try:
        return len(document)
    finally:
        document.close()


def _turned(content: bytes, turn: int) -> bytes:
    """A picture turned clockwise; what cannot be read as a picture stays as it is."""
    try:
        picture = Image.open(BytesIO(content))
        out = BytesIO()
        picture.rotate(-turn, expand=True).save(out, picture.format or "PNG")
    except (OSError, ValueError):
        return content
    return out.getvalue()
