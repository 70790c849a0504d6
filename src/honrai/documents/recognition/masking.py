"""Making number boxes unreadable in a page before anything of it is kept, and packing pages for keeping."""

from collections.abc import Iterable

import cv2
import numpy as np

from honrai.documents.recognition.crops import Rectangle
from honrai.documents.recognition.pages import Grey
from honrai.documents.recognition.registering import Registered

#: Covered beyond each edge of a number box, in mm: what registration may be off, and writing over the edge.
MARGIN = 2.5
_QUALITY = 82
THUMBNAIL = 220


def covered(page: Registered, places: Iterable[Rectangle]) -> tuple[Grey, int]:
    """Return the page with its number boxes blacked out, and how many there were."""
    image, count = page.image.copy(), 0
    for place in places:
        wide = place.inset(-MARGIN)
        corners = np.array(
            [
                [
                    (wide.x, wide.y),
                    (wide.x + wide.w, wide.y),
                    (wide.x + wide.w, wide.y + wide.h),
                    (wide.x, wide.y + wide.h),
                ]
            ],
            np.float64,
        )
        cv2.fillPoly(image, [cv2.perspectiveTransform(corners, page.to_pixels).round().astype(np.int32)[0]], 0)
        count += 1
    return image, count


def packed(image: Grey) -> bytes:
    """Return a page as it is kept: a grey JPEG."""
    return _jpeg(image, _QUALITY)


def thumbnail(image: Grey) -> bytes:
    """Return a page small, for lists."""
    height, width = image.shape
    size = (THUMBNAIL, max(1, round(THUMBNAIL * height / width)))
    return _jpeg(cv2.resize(image, size, interpolation=cv2.INTER_AREA), 70)


def unpacked(kept: bytes) -> Grey:
    """Return the page of kept bytes."""
    return np.asarray(cv2.imdecode(np.frombuffer(kept, np.uint8), cv2.IMREAD_GRAYSCALE))


def _jpeg(image: Grey, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "a page can be packed"
    return bytes(data)
