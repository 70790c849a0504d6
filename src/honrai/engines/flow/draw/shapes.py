"""SVG of one shape, line or badge; plain presentation attributes, no style sheet, no script."""

from itertools import pairwise
from math import hypot
from xml.sax.saxutils import escape

from honrai.engines.flow.model import Node
from honrai.engines.flow.names import ACTIVITIES, GATEWAYS

from . import icons
from .overlay import Mark
from .scene import Box, Point
from .text import width, wrap

INK, LINE, PAPER, SOFT = "#22303c", "#4b5b69", "#ffffff", "#f3f6f9"
PATH, FAULT, COUNT, AGE, OLD = "#c2410c", "#b3261e", "#0b57d0", "#475569", "#9a3412"
MARKS: dict[Mark, tuple[str, str, str]] = {
    "added": ("#137333", "#e6f4ea", ""),
    "changed": ("#8a5000", "#fef7e0", ""),
    "removed": ("#b3261e", "#fce8e6", "5 4"),
}
FONT = "'BIZ UDPGothic', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic UI', sans-serif"
SIZE, LEADING = 12, 15.5


def number(value: float) -> str:
    """Write a coordinate."""
    return f"{value:.1f}".removesuffix(".0")


def label(lines: list[str], x: float, y: float, *, anchor: str = "middle", color: str = INK, halo: bool = False) -> str:
    """Draw lines of text, the block centred on (x, y); a halo keeps them readable over lines."""
    if not lines:
        return ""
    top = y - (len(lines) - 1) * LEADING / 2 + SIZE * 0.36
    extra = ' paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"' if halo else ""
    spans = "".join(
        f'<tspan x="{number(x)}" y="{number(top + place * LEADING)}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )
    return f'<text text-anchor="{anchor}" fill="{color}" font-size="{SIZE}"{extra}>{spans}</text>'


def rectangle(box: Box, *, radius: float, fill: str, stroke: str, thick: float = 1.5, dash: str = "") -> str:
    """Draw a box."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.w)}" height="{number(box.h)}" rx="{radius:g}"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="{thick:g}"{dashes}/>'
    )


def icon(drawing: str, x: float, y: float, scale: float = 1, color: str = INK) -> str:
    """Place a small drawing."""
    size = f" scale({scale:g})" if scale != 1 else ""
    return f'<g transform="translate({number(x)} {number(y)}){size}" color="{color}">{drawing}</g>'


def node(one: Node, box: Box, *, stroke: str, fill: str, dash: str, closed: bool) -> str:
    """Draw a node without its label."""
    if one.kind in GATEWAYS:
        x, y = box.middle
        points = f"{number(x)},{number(box.y)} {number(box.x + box.w)},{number(y)} {number(x)},{number(box.y + box.h)}"
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        shape = f'<polygon points="{points} {number(box.x)},{number(y)}" fill="{fill}" stroke="{stroke}"{dashes}'
        return f'{shape} stroke-width="1.6"/>' + icon(icons.GATEWAYS.get(one.kind, ""), x, y, box.w / 50, stroke)
    if one.kind in ACTIVITIES:
        return _activity(one, box, stroke, fill, dash, closed)
    return _event(one, box, stroke, fill, dash)


def _activity(one: Node, box: Box, stroke: str, fill: str, dash: str, closed: bool) -> str:
    thick = 3.4 if one.kind == "callActivity" else 1.6
    dashes = dash or ("3 3" if one.triggered_by_event else "")
    open_body = one.body is not None and not closed
    paint = fill if not open_body or fill != PAPER else "#fbfcfe"
    parts = [rectangle(box, radius=10, fill=paint, stroke=stroke, thick=thick, dash=dashes)]
    if one.kind in icons.TASKS:
        parts.append(icon(icons.TASKS[one.kind], box.x + 15, box.y + 14, 0.85, stroke))
    markers = []
    if one.loop is not None:
        markers.append(
            "standard" if one.loop.kind == "standard" else ("sequential" if one.loop.sequential else "parallel")
        )
    if one.body is not None and closed:
        markers.append("closed")
    for place, name in enumerate(markers):
        x = box.middle[0] + (place - (len(markers) - 1) / 2) * 20
        parts.append(icon(icons.MARKERS[name], x, box.y + box.h - 10, 0.9, stroke))
    return "".join(parts)


def _event(one: Node, box: Box, stroke: str, fill: str, dash: str) -> str:
    x, y = box.middle
    radius = min(box.w, box.h) / 2
    between = one.kind in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
    quiet = not one.interrupting and one.kind in ("boundaryEvent", "startEvent")
    dashes = f' stroke-dasharray="{dash or "4 3"}"' if dash or quiet else ""
    thick = 3.4 if one.kind == "endEvent" else 1.6
    ring = f'fill="{{}}" stroke="{stroke}" stroke-width="{thick:g}"{dashes}'
    place = f'cx="{number(x)}" cy="{number(y)}"'
    parts = [f'<circle {place} r="{number(radius)}" {ring.format(fill)}/>']
    if between:
        parts.append(f'<circle {place} r="{number(radius - 3.5)}" {ring.format("none")}/>')
    kind = one.events[0].kind if one.events else ""
    throws = one.kind in ("endEvent", "intermediateThrowEvent")
    drawing = icons.THROWN.get(kind) if throws else None
    drawing = drawing or icons.EVENTS.get(kind, "")
    if drawing:
        parts.append(icon(drawing, x, y, radius / 18, stroke))
    return "".join(parts)


def name_inside(one: Node, box: Box) -> str:
    """Draw the label of an activity inside it."""
    lines = wrap(one.name or one.id, (box.w - 14) / SIZE, max(1, int((box.h - 12) / LEADING)))
    return label(lines, *box.middle)


def name_on_top(text: str, box: Box) -> str:
    """Draw the label of an open sub-process along its upper edge."""
    return label(wrap(text, (box.w - 20) / SIZE, 1), box.x + 12, box.y + 15, anchor="start")


def name_beside(text: str, box: Box, place: Box | None, *, above: bool) -> str:
    """Draw the label of an event or gateway below it, above it, or where the diagram puts it."""
    if not text:
        return ""
    if place is not None:
        lines = wrap(text, max(place.w + 6, 60) / SIZE, 4)
        return label(lines, place.middle[0], place.middle[1], halo=True)
    lines = wrap(text, 9.5, 3)
    depth = len(lines) * LEADING / 2 + 5
    y = box.y - depth if above else box.y + box.h + depth
    return label(lines, box.middle[0], y, halo=True)


def line(points: list[Point], *, color: str, thick: float = 1.5, dash: str = "", open_head: bool = False) -> str:
    """Draw a line with rounded bends and an arrow head."""
    path = f"M{number(points[0][0])} {number(points[0][1])}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(here, before, 7), _towards(here, after, 7)
        path += f"L{number(start[0])} {number(start[1])}Q{number(here[0])} {number(here[1])} {number(end[0])} {number(end[1])}"
    tip = points[-1]
    neck = _towards(tip, points[-2], 0 if open_head else 6)
    path += f"L{number(neck[0])} {number(neck[1])}"
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{thick:g}"{dashes}/>' + _head(
        points, color, thick, open_head
    )


def _head(points: list[Point], color: str, thick: float, open_head: bool) -> str:
    tip = points[-1]
    size = 9 + thick
    back = _towards(tip, points[-2], size)
    dx, dy = (tip[0] - back[0]) * 0.42, (tip[1] - back[1]) * 0.42
    corners = [tip, (back[0] - dy, back[1] + dx), (back[0] + dy, back[1] - dx)]
    written = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
    fill = PAPER if open_head else color
    return f'<polygon points="{written}" fill="{fill}" stroke="{color}" stroke-width="1"/>'


def _towards(here: Point, there: Point, by: float) -> Point:
    """Return the point a distance from `here` in the direction of `there`, at most half the way."""
    far = hypot(there[0] - here[0], there[1] - here[1])
    if not far:
        return here
    part = min(by / far, 0.5)
    return here[0] + (there[0] - here[0]) * part, here[1] + (there[1] - here[1]) * part


def flow_label(text: str, points: list[Point], place: Box | None) -> str:
    """Draw the label of a flow near its beginning, or where the diagram puts it."""
    if not text:
        return ""
    if place is not None:
        return label(wrap(text, max(place.w + 8, 56) / SIZE, 3), *place.middle, halo=True)
    for (x, y), (to_x, to_y) in pairwise(points):
        if y == to_y and abs(to_x - x) >= 40:
            lines = wrap(text, max(abs(to_x - x) - 12, 60) / SIZE, 2)
            return label(lines, min(x, to_x) + 8, y - 6 - len(lines) * LEADING / 2, anchor="start", halo=True)
        if x == to_x and abs(to_y - y) >= 60:
            return label(wrap(text, 8, 2), x + 7, (y + to_y) / 2, anchor="start", halo=True)
    return label(wrap(text, 8, 2), *points[len(points) // 2], halo=True)


def badge(text: str, x: float, y: float, color: str) -> str:
    """Draw a pill with white text centred on (x, y)."""
    half = max(10.0, width(text) * 11 / 2 + 6)
    box = Box(x - half, y - 9.5, half * 2, 19)
    return (
        rectangle(box, radius=9.5, fill=color, stroke=PAPER, thick=1.5)
        + f'<text x="{number(x)}" y="{number(y + 4)}" text-anchor="middle" fill="#ffffff" font-size="11"'
        f' font-weight="700">{escape(text)}</text>'
    )


def heading(text: str, box: Box) -> str:
    """Draw the name of a lane or pool upwards along its left edge."""
    x, y = box.x + 17, box.middle[1]
    lines = wrap(text, max(4.0, (box.h - 12) / SIZE), 2)
    strip = f'<path d="M{number(box.x + 34)} {number(box.y)}v{number(box.h)}" stroke="{LINE}" stroke-width="1"/>'
    turned = label(lines, x, y)
    return f'{strip}<g transform="rotate(-90 {number(x)} {number(y)})">{turned}</g>'
