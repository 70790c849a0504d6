"""Finding a form without its marks: by the print of the empty form itself. For torn corners, and for forms that are not ours."""

import cv2
import numpy as np

from honrai.documents.recognition.pages import PER_MM, Grey
from honrai.documents.recognition.registering import Registered

#: Both pictures are compared at this share of 200 dots per inch, with so many features.
_SCALE = 0.5
_FEATURES = 3000
#: A match must be this much better than the next one, this many must agree on one place, and this closely (pixels).
_BETTER = 0.78
_LEAST = 40
_REACH = 3.0
#: Agreeing matches lie this far from their place at most, on average, in mm.
_SLACK = 0.5


def match(image: Grey, blank: Grey) -> Registered | None:
    """Return where a form lies on a page, judged by its empty print; None where the page is none of it.

    Args:
        image: the page as scanned.
        blank: the empty form as a perfect scan at 200 dots per inch.
    """
    ours, told = _features(blank)
    theirs, seen = _features(image)
    if told is None or seen is None:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(told, seen, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _BETTER * pair[1].distance]
    if len(good) < _LEAST:
        return None
    places = np.array([ours[one.queryIdx].pt for one in good], np.float64) / (_SCALE * PER_MM)
    pixels = np.array([theirs[one.trainIdx].pt for one in good], np.float64) / _SCALE
    matrix, agreeing = cv2.findHomography(places, pixels, cv2.USAC_MAGSAC, _REACH)
    if matrix is None or int(agreeing.sum()) < _LEAST:
        return None
    kept = agreeing.ravel().astype(bool)
    mapped = cv2.perspectiveTransform(places[kept].reshape(-1, 1, 2), matrix).reshape(-1, 2)
    error = float(np.linalg.norm(mapped - pixels[kept], axis=1).mean() / PER_MM)
    turned = round(float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))) / 90) % 4
    return Registered(image, matrix, error, 0, turned) if error <= _SLACK else None


def _features(image: Grey) -> tuple[list[cv2.KeyPoint], np.ndarray | None]:
    small = cv2.resize(image, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA)
    points, told = cv2.ORB.create(_FEATURES).detectAndCompute(small, None)
    return list(points), told
