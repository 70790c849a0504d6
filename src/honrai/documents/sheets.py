"""Sheets as people send them, with the truth beside: a form filled in by an invented hand, scanned a little badly.

For the demo city, benchmarks and tests. Everything follows from the seed; the fonts that stand for hands are given by path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from honrai.documents.recognition.pages import DPI, PER_MM, Grey

_POINT = 0.3528
_TICK = "✓"


class Writing(Protocol):
    """What is to be written somewhere on a page: a place in mm, a text, a size in points, from the left or in the middle."""

    @property
    def page(self) -> int:
        """Page from 1."""

    @property
    def x(self) -> float:
        """Left edge."""

    @property
    def y(self) -> float:
        """Upper edge."""

    @property
    def w(self) -> float:
        """Width."""

    @property
    def h(self) -> float:
        """Height."""

    @property
    def text(self) -> str:
        """The characters."""

    @property
    def size(self) -> float:
        """Points."""

    @property
    def align(self) -> str:
        """`left` or `center`."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes.

    Attributes:
        font: the letters; `figures` those of digits and Latin letters, where they are another's.
        tilt: degrees a letter leans at most; `wander` how far it strays and `vary` how much its size varies, in shares of its size.
        ink: the range of grey the pen leaves.
    """

    font: Path
    figures: Path | None = None
    tilt: float = 4.0
    wander: float = 0.05
    vary: float = 0.08
    ink: tuple[int, int] = (20, 90)


@dataclass(frozen=True, slots=True)
class Scanner:
    """How badly a sheet is scanned: skew (degrees), bend of the corners (mm), blur and noise (grey levels), stamps a page."""

    skew: float = 1.2
    bend: float = 0.5
    blur: tuple[float, float] = (0.3, 0.9)
    noise: tuple[float, float] = (2.0, 9.0)
    quality: tuple[int, int] = (45, 90)
    stamps: int = 1
    upside_down: float = 0.02


def blank_pages(pdf: bytes) -> list[Grey]:
    """Return the pages of an empty form as a perfect scan."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=DPI / 72, grayscale=True).to_numpy() for page in document]
    return [np.ascontiguousarray(page.reshape(page.shape[:2])) for page in pages]


def written_pages(
    blanks: Sequence[Grey], words: Iterable[Writing], hand: Hand, scanner: Scanner, seed: int
) -> list[Grey]:
    """Return the sheets as scanned: the words written by a hand into the empty form, then scanned badly."""
    chance = Random(seed)  # noqa: S311  invented handwriting, nothing secret
    pens = [Image.fromarray(page.copy()) for page in blanks]
    for word in words:
        _write(pens[word.page - 1], word, hand, chance)
    return [scanned(np.asarray(pen), scanner, chance) for pen in pens]


def _write(page: Image.Image, word: Writing, hand: Hand, chance: Random) -> None:
    if word.text == _TICK:
        _tick(page, word, chance)
        return
    size = word.size * _POINT * PER_MM * chance.uniform(1.0, 1.2)
    ink = chance.randint(*hand.ink)
    if word.align == "center":
        middle = (word.x + word.w / 2) * PER_MM, (word.y + word.h / 2) * PER_MM
        _letter(page, word.text, middle, size, hand, ink, chance)
        return
    x, y = word.x * PER_MM, (word.y + word.h / 2) * PER_MM
    for letter in word.text.replace("\n", " "):
        step = size * (0.55 if ord(letter) < 0x2000 else 1.0)
        if not letter.isspace():
            _letter(page, letter, (x + step / 2, y), size, hand, ink, chance)
        x += step * chance.uniform(0.98, 1.06)


def _letter(
    page: Image.Image, letter: str, middle: tuple[float, float], size: float, hand: Hand, ink: int, chance: Random
) -> None:
    """Draw one character of a hand around a point, tilted, shifted and sized by chance."""
    real = max(6, round(size * chance.uniform(1 - hand.vary, 1 + hand.vary)))
    font = ImageFont.truetype(str(hand.figures or hand.font if letter.isascii() else hand.font), real)
    cell = Image.new("L", (real * 2, real * 2), 0)
    ImageDraw.Draw(cell).text((real, real), letter, font=font, fill=255, anchor="mm")
    cell = cell.rotate(chance.uniform(-hand.tilt, hand.tilt), Image.Resampling.BICUBIC)
    left = round(middle[0] - real + chance.gauss(0, hand.wander) * real)
    top = round(middle[1] - real + chance.gauss(0, hand.wander) * real)
    page.paste(Image.new("L", cell.size, ink), (left, top), cell)


def _tick(page: Image.Image, word: Writing, chance: Random) -> None:
    """Draw a tick by strokes, a little over the edge of its box as people do."""
    x, y, side = word.x * PER_MM, word.y * PER_MM, min(word.w, word.h) * PER_MM
    points = [(0.1, 0.5), (0.42, 0.9), (chance.uniform(0.9, 1.25), chance.uniform(-0.15, 0.15))]
    line = [(x + (px + chance.gauss(0, 0.05)) * side, y + (py + chance.gauss(0, 0.05)) * side) for px, py in points]
    ImageDraw.Draw(page).line(line, fill=chance.randint(20, 90), width=chance.randint(3, 5), joint="curve")


def scanned(page: Grey, scanner: Scanner, chance: Random) -> Grey:
    """Return a page as a scanner gives it: stamped, skewed, a little bent, blurred, noisy, compressed."""
    noise = np.random.default_rng(chance.getrandbits(32))
    image = page
    for _ in range(chance.randint(0, scanner.stamps)):
        image = _stamped(image, chance)
    image = _warped(image, scanner, chance)
    image = cv2.GaussianBlur(image, (0, 0), chance.uniform(*scanner.blur))
    grain = noise.normal(0, chance.uniform(*scanner.noise), image.shape)
    image = np.clip(image * chance.uniform(0.9, 1.0) + grain, 0, 255).astype(np.uint8)
    if chance.random() < scanner.upside_down:
        image = np.ascontiguousarray(image[::-1, ::-1])
    done, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, chance.randint(*scanner.quality)])
    assert done, "a page can be compressed"
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))


def _stamped(image: Grey, chance: Random) -> Grey:
    """Put a round red stamp somewhere, translucent as ink is; it may lie over writing."""
    layer = np.full_like(image, 255)
    height, width = image.shape
    middle = chance.randint(width // 6, width * 5 // 6), chance.randint(height // 6, height * 5 // 6)
    radius = round(chance.uniform(5, 9) * PER_MM)
    grey = chance.randint(130, 175)
    cv2.circle(layer, middle, radius, grey, 4, cv2.LINE_AA)
    left, right = middle[0] - radius // 2, middle[0] + radius // 2
    for level in (middle[1] - radius // 3, middle[1] + radius // 3):
        cv2.line(layer, (left, level), (right, level), grey, 3)
    return np.asarray(np.minimum(image, layer))


def _warped(image: Grey, scanner: Scanner, chance: Random) -> Grey:
    height, width = image.shape
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), chance.uniform(-scanner.skew, scanner.skew), chance.uniform(0.99, 1.0)
    )
    bend = scanner.bend * PER_MM
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + np.array([[chance.uniform(-bend, bend) for _ in range(2)] for _ in range(4)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved) @ np.vstack([turn, [0, 0, 1]])
    return cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=250)
