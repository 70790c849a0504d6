"""Finding a printed form on a scanned page by its corner marks, whichever way round the sheet lay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import cv2
import numpy as np
import zxingcpp

from honrai.documents.recognition.pages import PER_MM, Grey

_DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
#: A page is found when the marks agree to this much, in mm.
SLACK = 0.6
_CORNERS = 4
#: The marks lie within this share of the sheet's height from its corners.
_CORNER = 0.19


class PlacedMark(Protocol):
    """A registration mark of a form: ArUco id, upper left corner and size in mm."""

    @property
    def id(self) -> int:
        """ArUco id, clockwise from the top left."""

    @property
    def x(self) -> float:
        """Distance from the left edge."""

    @property
    def y(self) -> float:
        """Distance from the top edge."""

    @property
    def size(self) -> float:
        """Side of the black square."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A page whose place is known.

    Attributes:
        image: the grey page as scanned.
        to_pixels: 3 x 3 matrix from millimetres on the form to pixels of the image.
        error: largest distance of a mark's corner from its place, in mm.
        marks: how many of the four marks were seen.
        turned: the sheet lay on its head or its side, in quarter turns clockwise.
    """

    image: Grey
    to_pixels: np.ndarray
    error: float
    marks: int
    turned: int

    def cut(self, x: float, y: float, w: float, h: float, per_mm: float = PER_MM) -> Grey:
        """Return a rectangle of the form, given in mm, upright and undistorted, at a resolution."""
        size = max(1, round(w * per_mm)), max(1, round(h * per_mm))
        place = np.array([[1 / per_mm, 0, x], [0, 1 / per_mm, y], [0, 0, 1]])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(self.image, self.to_pixels @ place, size, flags=how, borderValue=255)


def register(image: Grey, marks: Sequence[PlacedMark]) -> Registered | None:
    """Return where the form lies on a page, None where fewer than three of its marks are seen or they do not fit.

    Each mark gives four corners, refined below a pixel. Three marks are enough for a flat sheet; what they say of the fourth is
    then an extrapolation, and `error` tells how well the seen ones agree.
    """
    seen = _seen(image)
    found = [(mark, seen[mark.id]) for mark in marks if mark.id in seen]
    if len(found) < len(marks) - 1:
        return None
    places = np.array([corner for mark, _ in found for corner in _square(mark)], np.float64)
    pixels = np.array([corner for _, corners in found for corner in corners], np.float64)
    matrix = _fitted(places, pixels)
    error = _distance(matrix, places, pixels)
    return None if error > SLACK else Registered(image, matrix, error, len(found), _turned(matrix))


def _seen(image: Grey) -> Mapping[int, np.ndarray]:
    """Return the corners of each mark in pixels; looked for in the four corners of the sheet, a seventh of the work."""
    height, width = image.shape
    tall, wide = round(height * _CORNER), round(width * _CORNER * height / width)
    found: dict[int, np.ndarray] = {}
    for top in (0, height - tall):
        for left in (0, width - wide):
            patch = np.ascontiguousarray(image[top : top + tall, left : left + wide])
            corners, ids, _ = _detector().detectMarkers(patch)
            for key, each in zip([] if ids is None else ids.flatten(), corners, strict=True):
                found[int(key)] = each.reshape(-1, 2) + np.array([left, top])
    return found


@cache
def _detector() -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.adaptiveThreshWinSizeMin = parameters.adaptiveThreshWinSizeMax = 23
    return cv2.aruco.ArucoDetector(_DICTIONARY, parameters)


def _square(mark: PlacedMark) -> list[tuple[float, float]]:
    x, y, size = mark.x, mark.y, mark.size
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


def _fitted(places: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """Least squares: a perspective with all four marks, an affine map with three (a perspective would be free to bend)."""
    if len(places) == _CORNERS * _CORNERS:
        matrix, _ = cv2.findHomography(places, pixels, 0)
        return np.asarray(matrix)
    ones = np.column_stack([places, np.ones(len(places))])
    solved, *_ = np.linalg.lstsq(ones, pixels, rcond=None)
    return np.vstack([solved.T, [0, 0, 1]])


def _distance(matrix: np.ndarray, places: np.ndarray, pixels: np.ndarray) -> float:
    mapped = cv2.perspectiveTransform(places.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return float(np.linalg.norm(mapped - pixels, axis=1).max() / scale)


def _turned(matrix: np.ndarray) -> int:
    """Quarter turns clockwise, from where the form's x axis points."""
    return round(float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))) / 90) % 4


def read_code(image: Grey) -> str:
    """Return what the QR code on a page or a crop says, empty where none is read."""
    found = zxingcpp.read_barcode(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return found.text if found else ""
