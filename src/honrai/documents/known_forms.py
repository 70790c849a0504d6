"""Which form a page is, and where its boxes stand: a version of a procedure by its QR code, or a drawn template."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from honrai.documents import sheets
from honrai.documents.models import Container, Filing, Template
from honrai.documents.recognition.crops import Rectangle
from honrai.documents.recognition.masking import unpacked
from honrai.documents.recognition.matching import match
from honrai.documents.recognition.pages import Grey
from honrai.documents.recognition.registering import Registered, register
from honrai.platform.events.api import SYSTEM
from honrai.platform.files import api as files
from honrai.procedures import api as procedures

#: The type of a box that is masked before a page is stored and never read.
NUMBER = "personal_number"


@dataclass(frozen=True)
class KnownForm:
    """A form with the places of its boxes.

    Attributes:
        version, template: key of the version or of the drawn template.
        pages: how many pages it has.
        boxes: its boxes.
        marks: registration marks, none on forms from outside.
        labels, options: by field.
        order: fields in the order of the form.
    """

    version: int | None
    template: int | None
    pages: int
    boxes: tuple[procedures.Box, ...]
    marks: tuple[procedures.Mark, ...]
    labels: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    blanks: tuple[Grey, ...] = field(default=(), compare=False)

    @property
    def asks_number(self) -> bool:
        """Whether the form has a number box anywhere."""
        return any(box.type == NUMBER for box in self.boxes)

    def numbers_on(self, page: int) -> list[Rectangle]:
        """Return the number boxes of a page."""
        return [Rectangle(b.x, b.y, b.w, b.h) for b in self.boxes if b.type == NUMBER and b.page == page]

    def find(self, image: Grey, page: int) -> Registered | None:
        """Return where a page of the form lies on an image: by its marks, else by its print."""
        found = register(image, self.marks) if self.marks else None
        return found or match(image, self._blank(page))

    def _blank(self, page: int) -> Grey:
        blanks = self.blanks or _printed(self.version or 0)
        return blanks[page - 1]


@lru_cache(maxsize=32)
def _printed(version: int) -> tuple[Grey, ...]:
    return tuple(sheets.blank_pages(procedures.form_pdf(version)))


@lru_cache(maxsize=64)
def of_version(version: int) -> KnownForm:
    """Return the form of a version; versions never change, and their keys are of one city only."""
    paper, form = procedures.form_map(version), procedures.runnable(version).pack.form
    labels, options = {}, {}
    for name, boxes in paper.by_field.items():
        section, _, rest = name.partition("].")
        plain = f"{section.partition('[')[0]}.{rest}" if rest else name
        asked = next((one for one in form.fields if one.id == plain), None)
        paper_of = next((one for one in form.attachments if f"attached.{one.id}" == name), None)
        row = f"{int(section.partition('[')[2]) + 1}件目　" if rest else ""
        labels[name] = row + (asked.label if asked else paper_of.label if paper_of else name)
        options[name] = tuple(asked.options) if asked else tuple(box.option for box in boxes if box.option)
    return KnownForm(version, None, paper.pages, paper.boxes, paper.marks, labels, options)


def of_template(row: Template, *, now: Any) -> KnownForm:
    """Return the form of a drawn template."""
    return _drawn(row.pk, str(row.published_at), now)


@lru_cache(maxsize=32)
def _drawn(key: int, published: str, now: Any) -> KnownForm:
    row = Template.objects.get(pk=key)
    blanks = tuple(unpacked(files.fetch(one, who=SYSTEM, now=now)[1]) for one in row.blanks)
    boxes = tuple(procedures.Box(**{k: v for k, v in one.items() if k != "label"}) for one in row.boxes)
    labels = {one["field"]: one["label"] for one in row.boxes}
    options: dict[str, tuple[str, ...]] = {}
    for one in row.boxes:
        if one.get("option") and one.get("part", "") != "era":
            options[one["field"]] = (*options.get(one["field"], ()), one["option"])
    return KnownForm(None, key, len(blanks), boxes, (), labels, options, blanks)


def of_filing(row: Filing, *, now: Any) -> KnownForm | None:
    """Return the form of a filing, None where it is of no known one."""
    if row.version is not None:
        return of_version(row.version)
    return of_template(row.template, now=now) if row.template is not None else None


def of_batch(row: Container, *, now: Any) -> KnownForm | None:
    """Return the drawn template the sheets of a bundle are of, None where each sheet says itself what it is."""
    return of_template(row.template, now=now) if row.template is not None else None
