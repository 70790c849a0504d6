"""The form on paper as PDF: set by typst from the places `rules.paper` worked out."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import segno

from honrai.platform.typeset.api import pdf, pictures
from honrai.procedures.rules.paper.model import PATTERNS, QR_PLACE, QR_SIZE, Paper

LIBRARY = Path(__file__).parents[1] / "typst"
_TEMPLATE = '#import "/honrai/form.typ": paper\n#paper(data)\n'


def paper_pdf(paper: Paper) -> bytes:
    """Return a printed form as an accessible PDF, page for page as placed.

    Raises:
        MissingGlyphError: an answer holds a character none of our fonts has.
    """
    return pdf(_TEMPLATE, _data(paper), library=LIBRARY)


def paper_pictures(paper: Paper) -> tuple[bytes, ...]:
    """Return the pages of a printed form as PNG, for a preview.

    Raises:
        MissingGlyphError: a label holds a character none of our fonts has.
    """
    return pictures(_TEMPLATE, _data(paper), library=LIBRARY)


def _data(paper: Paper) -> dict[str, Any]:
    pages = [_page(paper, number) for number in range(1, paper.pages + 1)]
    return {"title": paper.title, "size": list(paper.size), "pages": pages}


def _page(paper: Paper, number: int) -> dict[str, Any]:
    words = [asdict(one) for one in paper.words if one.page == number]
    heading = next((one for one in words if one["text"].startswith(paper.title)), None)
    if heading is not None:
        heading["heading"] = True
        words.sort(key=lambda one: one is not heading)
    return {
        "frames": [asdict(one) for one in paper.frames if one.page == number],
        "words": words,
        "marks": list(_marks(paper, number)),
    }


def _marks(paper: Paper, page: int) -> Iterator[Mapping[str, Any]]:
    for mark in paper.marks:
        yield {"x": mark.x, "y": mark.y, "w": mark.size, "svg": _marker(mark.id), "alt": "読取位置の印"}
    x, y = QR_PLACE
    yield {"x": x, "y": y, "w": QR_SIZE, "svg": _qr(paper.qr(page)), "alt": f"読取用の二次元コード {paper.qr(page)}"}


@cache
def _marker(number: int) -> str:
    """Return one registration mark as SVG: the pattern in white on a black square of six modules."""
    cells = "".join(
        f'<rect x="{column + 1}" y="{row + 1}" width="1" height="1" fill="#fff"/>'
        for row, line in enumerate(PATTERNS[number])
        for column, cell in enumerate(line)
        if cell == "1"
    )
    square = '<rect width="6" height="6" fill="#000"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 6" width="60" height="60">{square}{cells}</svg>'


def _qr(text: str) -> str:
    code = segno.make_qr(text, error="m")
    made: str = code.svg_inline(scale=4, border=4, omitsize=True)
    return made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
