"""Reading and putting together PDF pages: whole letters as they were issued, with what printing adds laid over them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from honrai.contact.rules.layout import A4, POINT, SEAL_SIDE, Box
from honrai.platform.typeset import api as typeset


@dataclass(frozen=True, slots=True)
class Laid:
    """A page laid onto the output: which page of which document."""

    source: bytes
    page: int


@dataclass(frozen=True, slots=True)
class Impression:
    """A seal to be printed: the picture and where its middle stands."""

    image: bytes
    box: Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of output: pages laid over each other and seals; none at all is a blank back."""

    laid: tuple[Laid, ...] = ()
    seals: tuple[Impression, ...] = ()


def draw(template: str, data: Mapping[str, Any], *, tagged: bool = False) -> bytes:
    """Return the PDF of one of the chapter's own templates."""
    return typeset.pdf((files("honrai.contact") / "typst" / template).read_text("utf-8"), data, tagged=tagged)


def page_sizes(document: bytes) -> list[tuple[float, float]]:
    """Return width and height of every page in mm."""
    opened = pypdfium2.PdfDocument(document)
    sizes = [(page.get_width() * POINT, page.get_height() * POINT) for page in opened]
    opened.close()
    return sizes


def seal_place(document: bytes) -> tuple[int, Box] | None:
    """Return page and place the letter keeps for a seal, or None where it has none: the square of 18 mm it draws."""
    opened = pypdfium2.PdfDocument(document)
    try:
        for number, page in enumerate(opened):
            for box in _paths(page):
                if abs(box.width - SEAL_SIDE) < 0.5 and abs(box.height - SEAL_SIDE) < 0.5:
                    return number, box
    finally:
        opened.close()
    return None


def _paths(page: pypdfium2.PdfPage) -> list[Box]:
    high = page.get_height()
    found = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1)
    return [_box(high, *one.get_bounds()) for one in found]


def text_boxes(document: bytes, page: int = 0) -> list[tuple[str, Box]]:
    """Return the characters of a page with where they stand; white space left out."""
    opened = pypdfium2.PdfDocument(document)
    shown = opened[page]
    text, high = shown.get_textpage(), shown.get_height()
    found = []
    for index in range(text.count_chars()):
        char = text.get_text_range(index, 1)
        if char.strip():
            found.append((char, _box(high, *text.get_charbox(index))))
    opened.close()
    return found


def _box(high: float, left: float, bottom: float, right: float, top: float) -> Box:
    return Box(left * POINT, (high - top) * POINT, (right - left) * POINT, (top - bottom) * POINT)


def assemble(
    sheets: Sequence[Sheet], *, right: float = 0.0, down: float = 0.0, size: tuple[float, float] | None = None
) -> bytes:
    """Return one PDF of all sheets.

    Args:
        sheets: pages of output in order.
        right, down: mm everything is moved by, to answer a printer that prints off its place.
        size: width and height of the pages in mm; where None, of the page laid down first (A4 for a blank back).
    """
    out = pypdfium2.PdfDocument.new()
    opened: dict[int, pypdfium2.PdfDocument] = {}
    pictures: dict[bytes, Image.Image] = {}
    for sheet in sheets:
        documents = [_opened(opened, one.source) for one in sheet.laid]
        width, high = size or (_size(documents[0], sheet.laid[0].page) if documents else A4)
        page = out.new_page(width / POINT, high / POINT)
        for document, one in zip(documents, sheet.laid, strict=True):
            # Pages hang from their upper edge: a card or a stamp keeps its measure from the top on any paper.
            gap = high - _size(document, one.page)[1]
            placed = document.page_as_xobject(one.page, out).as_pageobject()
            placed.set_matrix(pypdfium2.PdfMatrix().translate(right / POINT, (gap - down) / POINT))
            page.insert_obj(placed)
        for seal in sheet.seals:
            picture = pictures.setdefault(seal.image, Image.open(io.BytesIO(seal.image)).convert("RGBA"))
            _press(out, page, picture, seal.box, right, down, high)
        page.gen_content()
        page.close()
    written = io.BytesIO()
    out.save(written)
    out.close()
    for document in opened.values():
        document.close()
    return written.getvalue()


def _opened(opened: dict[int, pypdfium2.PdfDocument], source: bytes) -> pypdfium2.PdfDocument:
    if id(source) not in opened:
        opened[id(source)] = pypdfium2.PdfDocument(source)
    return opened[id(source)]


def _size(document: pypdfium2.PdfDocument, page: int) -> tuple[float, float]:
    width, high = document.get_page_size(page)
    return width * POINT, high * POINT


def _press(out: Any, page: Any, picture: Image.Image, box: Box, right: float, down: float, high: float) -> None:
    """Print a seal into its place."""
    placed = pypdfium2.PdfImage.new(out)
    placed.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
    left, bottom = (box.x + right) / POINT, (high - box.bottom - down) / POINT
    matrix = pypdfium2.PdfMatrix().scale(box.width / POINT, box.height / POINT).translate(left, bottom)
    placed.set_matrix(matrix)
    page.insert_obj(placed)


def check_image(content: bytes) -> bool:
    """Say whether the bytes are a picture a seal can be printed from: square within a tenth, 300 pixels a side or more."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, high = picture.size
    except (OSError, ValueError):
        return False
    return min(width, high) >= 300 and abs(width - high) <= max(width, high) / 10


def extract(document: bytes, first: int, count: int) -> bytes:
    """Return `count` pages of a document from page `first` (counted from 1) on."""
    opened, out = pypdfium2.PdfDocument(document), pypdfium2.PdfDocument.new()
    out.import_pages(opened, pages=list(range(first - 1, first - 1 + count)))
    written = io.BytesIO()
    out.save(written)
    out.close()
    opened.close()
    return written.getvalue()


def centred(place: Box, side: float) -> Box:
    """Return the square of this side around the middle of a place."""
    return Box(place.x + (place.width - side) / 2, place.y + (place.height - side) / 2, side, side)
