"""A verified filing leaves the chapter: its sheets as one PDF, its answers, and the application it became."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from PIL import Image

from honrai.documents.models import Filing
from honrai.documents.operations.reading import image_of
from honrai.documents.operations.verifying import values_of
from honrai.documents.recognition.pages import DPI
from honrai.platform.events.api import SYSTEM, Who, record


@dataclass(frozen=True, slots=True)
class VerifiedFiling:
    """A filing whose fields all stand.

    Attributes:
        id, version: its key; the version of the procedure, None for a form from outside.
        arrived_on: the day the paper came into the house.
        values: answers by field id.
        enclosed: ids of the papers ticked as enclosed.
        paper: the sheets as PDF, number boxes masked.
        application: the application it became, None before.
    """

    id: int
    version: int | None
    arrived_on: date
    values: Mapping[str, Any]
    enclosed: tuple[str, ...]
    paper: bytes
    application: int | None


def verified(filing: int, *, now: datetime) -> VerifiedFiling:
    """Return a verified filing.

    Raises:
        LookupError: there is none, or fields of it are still open.
    """
    row = Filing.objects.select_for_update().filter(pk=filing, state__in=("verified", "filed")).first()
    if row is None:
        raise LookupError(filing)
    ticked = row.readings.filter(type="attachment", value=True).values_list("field", flat=True)
    scanned = row.sheets.filter(kind="enclosed").exists()
    enclosed = tuple(one.removeprefix("attached.") for one in ticked) if scanned else ()
    paper = _pdf(row, now)
    return VerifiedFiling(row.pk, row.version, row.batch.arrived_on, values_of(row), enclosed, paper, row.application)


def _pdf(row: Filing, now: datetime) -> bytes:
    pages = [
        Image.fromarray(image_of(sheet, who=SYSTEM, now=now))
        for sheet in row.sheets.exclude(image=None).order_by("number")
    ]
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return out.getvalue()


def filed(*, filing: int, application: int, who: Who, now: datetime) -> None:
    """Note which application a filing became; its work here is over."""
    Filing.objects.filter(pk=filing).update(state="filed", application=application)
    record("documents.filing_filed", who=who, now=now, subject=("filing", filing), data={"application": application})
