"""Filled sheets of こども医療費 as scanned, for tests and the demo."""

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from honrai.documents import sheets
from honrai.documents.recognition.pages import Grey
from honrai.platform.typeset.api import FONTS
from honrai.procedures import api as procedures

HAND = sheets.Hand(next(Path(str(FONTS)).glob("BIZUDGothic-Regular*")))
CLEAN = sheets.Scanner(skew=0.6, stamps=0, upside_down=0, noise=(1.0, 3.0))


@cache
def blanks_of(version: int) -> tuple[Grey, ...]:
    """Return the empty form of a version."""
    return tuple(sheets.blank_pages(procedures.form_pdf(version)))


def filled(
    version: int, values: Mapping[str, Any], seed: int = 1, *, hand: sheets.Hand = HAND, scanner: sheets.Scanner = CLEAN
) -> list[Grey]:
    """Return the sheets of a version's form filled in by hand, as scanned."""
    words = [word for word in procedures.form_map(version, values).words if word.typed]
    return sheets.written_pages(blanks_of(version), words, hand, scanner, seed)


def as_file(pages: Sequence[Grey], kind: str = "PDF") -> bytes:
    """Return pages as one PDF or TIFF."""
    images = [Image.fromarray(page) for page in pages]
    out = BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:], resolution=200)
    return out.getvalue()


def with_code(text: str) -> Grey:
    """Return a sheet that bears nothing but a QR code: a cover or a separator."""
    import segno

    packed = BytesIO()
    segno.make_qr(text, error="m").save(packed, kind="png", scale=12, border=4)
    code = np.asarray(Image.open(packed).convert("L"))
    page = np.full((2339, 1654), 255, np.uint8)
    page[300 : 300 + code.shape[0], 300 : 300 + code.shape[1]] = code
    return page
