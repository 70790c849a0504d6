"""Opening what a scanner sends: PDF, TIFF, JPEG or PNG to grey pages, within limits, and what is wrong said plainly."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

Grey = np.ndarray
#: Resolution everything is read at, in dots per inch, and in pixels per millimetre.
DPI = 200
PER_MM = DPI / 25.4
MAX_PAGES = 2000
#: An A3 sheet at 600 dots per inch is 70 million pixels.
MAX_PIXELS = 80_000_000
_PDF_PAGE_MM = 1300
#: A page with less ink than this share of its pixels is blank.
BLANK = 0.0006


class Unreadable(Exception):
    """A file that is no scan we can read; the message says what to do, `code` names the fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a file: its number from 1, its grey image, and the resolution the file states (0 for none)."""

    number: int
    image: Grey
    dpi: int


def open_pages(data: bytes, kind: str) -> Iterator[Page]:
    """Yield the pages of a file one by one; only one is in memory.

    Args:
        data: the bytes of the file.
        kind: media type by content, as the file store found it: application/pdf, image/tiff, image/jpeg, image/png.

    Raises:
        Unreadable: another kind, damaged, locked, too many pages or too large a page.
    """
    if kind == "application/pdf":
        yield from _pdf(data)
    elif kind in ("image/tiff", "image/jpeg", "image/png"):
        yield from _images(data)
    else:
        raise Unreadable("scan-kind", "PDF・TIFF・JPEG・PNGのいずれかで取り込んでください。")


def _pdf(data: bytes) -> Iterator[Page]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        advice = "パスワードを外して" if locked else "もう一度スキャンして"
        raise Unreadable("scan-pdf", f"PDFを開けません。{advice}取り込んでください。") from None
    try:
        _check_count(len(document))
        for number in range(len(document)):
            yield Page(number + 1, _rendered(document, number), DPI)
    finally:
        document.close()


def _rendered(document: pypdfium2.PdfDocument, number: int) -> Grey:
    try:
        page = document[number]
        width, height = page.get_size()
        if not 0 < max(width, height) / 72 * 25.4 < _PDF_PAGE_MM:
            raise Unreadable(
                "scan-size", f"{number + 1}ページの大きさが用紙ではありません。もう一度スキャンしてください。"
            )
        image = page.render(scale=DPI / 72, may_draw_forms=False, rev_byteorder=True).to_pil()
    except pypdfium2.PdfiumError:
        raise Unreadable("scan-page", f"{number + 1}ページを開けません。もう一度スキャンしてください。") from None
    return _grey(image)


def _images(data: bytes) -> Iterator[Page]:
    with _plainly():
        file = Image.open(io.BytesIO(data))
        count = int(getattr(file, "n_frames", 1))
    _check_count(count)
    with file:
        for number in range(1, count + 1):
            yield _frame(file, number)


def _frame(file: Image.Image, number: int) -> Page:
    with _plainly():
        file.seek(number - 1)
        if file.width * file.height > MAX_PIXELS:
            raise Unreadable("scan-size", f"{number}ページが大きすぎます。200～400dpiでスキャンしてください。")
        dpi = round(float((file.info.get("dpi") or (0, 0))[0]))
        return Page(number, _grey(ImageOps.exif_transpose(file)), dpi)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what an image library raises or warns of into one plain refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning, EOFError, Image.DecompressionBombError):
        raise Unreadable("scan-image", "画像を開けません。もう一度スキャンしてください。") from None


def _grey(image: Image.Image) -> Grey:
    """Return an image in grey; of a coloured one the red channel, in which red stamps fade and ink stays dark."""
    return np.asarray(
        image.convert("RGB").getchannel("R") if image.mode in ("RGB", "RGBA", "P", "CMYK") else image.convert("L")
    )


def _check_count(pages: int) -> None:
    if pages > MAX_PAGES:
        raise Unreadable("scan-pages", f"{MAX_PAGES:,}ページを超えています。分けて取り込んでください。")


def is_blank(image: Grey) -> bool:
    """Say whether a page bears no writing: neither print nor pen, the edge and single specks left out."""
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    inner = small[height // 25 : -height // 25, width // 25 : -width // 25]
    paper = float(np.median(inner))
    return float((inner < paper * 0.75).mean()) < BLANK
