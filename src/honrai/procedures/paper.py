"""The form of a version on paper: empty or filled as PDF, its map for recognition, and the version behind a scanned page."""

from collections.abc import Mapping
from typing import Any

from honrai.platform.authority.api import NotFound
from honrai.procedures.models import PackVersion
from honrai.procedures.printing.form import paper_pdf
from honrai.procedures.queries import runnable
from honrai.procedures.rules.paper.layout import paper_of
from honrai.procedures.rules.paper.model import Paper, read_qr

#: Printed at the top of a form filled in at the counter.
FOR_SIGNATURE = "お聞きした内容を印刷しました。確かめて、署名してください。"


def form_map(version: int, values: Mapping[str, Any] | None = None) -> Paper:
    """Return where every box of a version's form stands on paper, in mm: the template for recognition.

    Args:
        version: key of a published version.
        values: answers; only needed where more rows were filled in than the empty form prints.

    Raises:
        NotFound: no such version in this city.
    """
    return paper_of(runnable(version).pack, values)


def form_pdf(version: int, values: Mapping[str, Any] | None = None, *, note: str = "") -> bytes:
    """Return a version's form as PDF.

    Args:
        version: key of a published version.
        values: answers by field id (rows of repeated sections by section id), to print a filled form for signature;
            None for an empty form. Signatures stay empty.
        note: the line at the top of a filled form; `FOR_SIGNATURE` where none is given.

    Raises:
        NotFound: no such version in this city.
        MissingGlyphError: an answer holds a character that cannot be printed.
    """
    told = note or (FOR_SIGNATURE if values else "")
    return paper_pdf(paper_of(runnable(version).pack, values, note=told))


def version_of_page(qr: str) -> tuple[int, int] | None:
    """Return the version and the page number a form's QR code names, None where it is no form of this city.

    Raises:
        NotFound: it is one of our forms, but of a version this city does not have.
    """
    printed = read_qr(qr)
    if printed is None:
        return None
    found = PackVersion.objects.filter(code=printed.code, address__startswith=printed.address, contract__isnull=True)
    version = found.order_by("-number").values_list("pk", flat=True).first()
    if version is None:
        raise NotFound("この用紙の版は登録されていません。用紙の手続名と版を確かめてください")
    return int(version), printed.page
