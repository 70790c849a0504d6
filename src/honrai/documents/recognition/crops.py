"""Cutting answers out of a registered page: what is ink, which cells are filled, which box is ticked, one line from a comb."""

from dataclasses import dataclass

import cv2
import numpy as np

from honrai.documents.recognition.pages import Grey
from honrai.documents.recognition.registering import Registered

#: Crops are cut at this resolution, in pixels per mm (the height of a comb cell becomes the 48 pixels a recogniser wants).
PER_MM = 7.5
#: Left out along each edge of a box, in mm: its printed line, half its width and what registration may be off.
INSET = 0.45
#: Ink is darker than the paper around it by this share; pencil and thin pens included, the grain of a scan smoothed away first.
_DARKER = 0.17
#: Least ink of a filled cell, in square mm; a dot of dirt is less, a handwritten 1 is more.
_FILLED = 0.6
#: A tick covers at least this share of the inside of its box; below the second it is empty, between them a person looks.
_TICKED, _UNTICKED = 0.075, 0.03
_MARGIN = 2
_GAP = 3


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on a form in mm."""

    x: float
    y: float
    w: float
    h: float

    def inset(self, by: float) -> "Rectangle":
        """Return the place without its edge."""
        return Rectangle(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


def cut(page: Registered, place: Rectangle, per_mm: float = PER_MM) -> Grey:
    """Return a place of a registered page as an upright crop."""
    return page.cut(place.x, place.y, place.w, place.h, per_mm)


def ink(crop: Grey) -> np.ndarray:
    """Return where a crop is written on (true where ink is), judged against its own paper."""
    smooth = cv2.GaussianBlur(crop, (0, 0), 0.9)
    return np.asarray(smooth < np.percentile(smooth, 75) * (1 - _DARKER))


def ticked(page: Registered, place: Rectangle) -> bool | None:
    """Say whether a box is ticked, None where a person must look."""
    share = float(ink(cut(page, place.inset(INSET))).mean())
    return True if share >= _TICKED else False if share < _UNTICKED else None


def filled_cells(page: Registered, place: Rectangle, cells: int) -> list[Grey | None]:
    """Return the inside of each cell of a comb, None for an empty one."""
    pitch = place.w / cells
    found: list[Grey | None] = []
    for number in range(cells):
        cell = cut(page, Rectangle(place.x + number * pitch, place.y, pitch, place.h).inset(INSET))
        found.append(cell if ink(cell).sum() / PER_MM**2 >= _FILLED else None)
    return found


def strip(cells: list[Grey]) -> Grey:
    """Return the letters of cells side by side at the distance of a written line, on their own paper."""
    trimmed = [_letter(cell) for cell in cells]
    height = max(one.shape[0] for one in trimmed)
    paper = int(np.median([np.percentile(one, 85) for one in trimmed]))
    gap = np.full((height, _GAP), paper, np.uint8)
    return np.hstack([gap, *(part for one in trimmed for part in (one, gap))])


def _letter(cell: Grey) -> Grey:
    """Return the columns of a cell that hold its letter, a margin around."""
    columns = np.flatnonzero(ink(cell).any(axis=0))
    left, right = max(0, columns[0] - _MARGIN), min(cell.shape[1], columns[-1] + _MARGIN + 1)
    return cell[:, left:right]


def lines(page: Registered, place: Rectangle) -> list[Grey]:
    """Return the written lines of an open box from above, each trimmed to its writing; none for an empty box."""
    crop = cut(page, place.inset(INSET))
    dark = cv2.morphologyEx(ink(crop).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    found = []
    for top, bottom in _runs(np.asarray(dark.any(axis=1)), round(PER_MM * 0.9)):
        columns = np.flatnonzero(dark[top:bottom].any(axis=0))
        if bottom - top < PER_MM * 1.2 or not len(columns):
            continue
        left, right = max(0, columns[0] - 2 * _MARGIN), min(crop.shape[1], columns[-1] + 2 * _MARGIN)
        found.append(crop[max(0, top - _MARGIN) : bottom + _MARGIN, left:right])
    return found


def _runs(rows: np.ndarray, bridge: int) -> list[tuple[int, int]]:
    """Return the stretches of true rows, those less than `bridge` apart taken as one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    runs: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if runs and start - runs[-1][1] < bridge:
            runs[-1] = (runs[-1][0], int(end))
        else:
            runs.append((int(start), int(end)))
    return runs
