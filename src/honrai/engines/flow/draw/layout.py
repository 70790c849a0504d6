"""Places a flow that has no diagram: left to right in columns, one band per lane, rows inside a band.

Longest-path columns; a flow that runs over several columns holds a free row in each, so that lines do not cross
boxes; flows back run in a channel below. Boundary events sit on the lower edge and lead to the row below.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from honrai.engines.flow.model import Model, Node, Process, Scope
from honrai.engines.flow.names import ACTIVITIES, GATEWAYS

from .scene import Box, Scene

GAP_X, GAP_Y, MARGIN, HEAD = 56.0, 44.0, 28.0, 34.0
TASK, GATEWAY, EVENT = (120.0, 76.0), (48.0, 48.0), (36.0, 36.0)
STEP, ROOM, STRIP = 12.0, 30.0, 100.0
MOST_CELLS = 20_000


@dataclass(slots=True)
class _Cell:
    """A node or, with `flow`, the place a long flow holds in a column it only passes."""

    key: str
    column: int
    band: int
    size: tuple[float, float]
    flow: str = ""
    row: int = 0
    before: list[str] = field(default_factory=list)
    lower: bool = False


def size_of(node: Node, inner: Scene | None) -> tuple[float, float]:
    """Return the width and height of a node's box."""
    if inner is not None:
        extent = inner.extent()
        return max(TASK[0], extent.w + 2 * MARGIN), max(TASK[1], extent.h + 2 * MARGIN + 18)
    if node.kind in ACTIVITIES:
        return TASK
    return GATEWAY if node.kind in GATEWAYS else EVENT


class _Layout:
    def __init__(self, scope: Scope, bands: dict[str, int]) -> None:
        self.scope = scope
        self.bands = bands
        self.inner = {n.id: lay_out(n.body, {}) for n in scope.nodes.values() if n.body is not None and n.body.nodes}
        self.nodes = [n for n in scope.nodes.values() if n.kind != "boundaryEvent" and not n.triggered_by_event]
        self.asides = [n for n in scope.nodes.values() if n.triggered_by_event]
        self.cells: dict[str, _Cell] = {}
        self.chains: dict[str, list[str]] = {}
        self.scene = Scene()
        self.lefts: dict[str, float] = {}
        self.rights: dict[str, float] = {}

    def run(self) -> Scene:
        edges = self._edges()
        back = _back_edges([node.id for node in self.nodes], edges)
        columns = _columns([node.id for node in self.nodes], [one for one in edges if one[0] not in back])
        for node in self.nodes:
            size = size_of(node, self.inner.get(node.id))
            self.cells[node.id] = _Cell(node.id, columns[node.id], self.bands.get(node.lane, 0), size)
        for flow, source, target in edges:
            if flow not in back:
                self._chain(flow, source, target)
        self._rows()
        self._coordinates()
        self._boundaries()
        self._lines(edges, back)
        self._asides()
        self._open()
        return self.scene

    def _host(self, node: str) -> str:
        found = self.scope.nodes[node]
        return found.attached_to if found.kind == "boundaryEvent" else node

    def _edges(self) -> list[tuple[str, str, str]]:
        known = {node.id for node in self.nodes}
        found = []
        for flow in self.scope.flows.values():
            if flow.source in self.scope.nodes and flow.target in known and self._host(flow.source) in known:
                found.append((flow.id, self._host(flow.source), flow.target))
        return found

    def _chain(self, flow: str, source: str, target: str) -> None:
        """Join two cells, holding a place in every column between (not any more in a huge drawing)."""
        first, last = self.cells[source], self.cells[target]
        previous, chain = source, []
        passed = range(first.column + 1, last.column)
        for column in passed if len(self.cells) + len(passed) < MOST_CELLS else ():
            key = f"{flow}@{column}"
            self.cells[key] = _Cell(key, column, last.band, (0.0, 20.0), flow, before=[previous])
            chain.append(key)
            previous = key
        last.before.append(previous)
        if self.scope.flows[flow].source != source:
            (self.cells[chain[0]] if chain else last).lower = True
        self.chains[flow] = chain

    def _rows(self) -> None:
        """Give each cell a row of its band: near its predecessors, branches below one another."""
        taken: set[tuple[int, int, int]] = set()
        tried: dict[tuple[int, int, int], int] = {}
        for cell in sorted(self.cells.values(), key=lambda one: (one.column, bool(one.flow))):
            rows = sorted(self.cells[key].row for key in cell.before if self.cells[key].band == cell.band)
            wish = rows[(len(rows) - 1) // 2] if rows else 0
            if cell.lower and rows:
                wish += 1
            start = tried.get((cell.column, cell.band, wish), 0)
            places = (
                (far, row) for far in range(start, len(self.cells) + 1) for row in (wish + far, wish - far) if row >= 0
            )
            far, cell.row = next(one for one in places if (cell.column, cell.band, one[1]) not in taken)
            tried[cell.column, cell.band, wish] = far
            taken.add((cell.column, cell.band, cell.row))

    def _coordinates(self) -> None:
        cells = self.cells.values()
        widths: dict[int, float] = {}
        heights: dict[tuple[int, int], float] = {}
        rooms: dict[tuple[int, int], float] = {}
        for cell in cells:
            widths[cell.column] = max(widths.get(cell.column, 0), cell.size[0])
            place = (cell.band, cell.row)
            heights[place] = max(heights.get(place, 0), cell.size[1])
            rooms[place] = max(rooms.get(place, 0), ROOM if self.scope.boundaries.get(cell.key) else 0)
        x, lefts = 0.0, {}
        for column in sorted(widths):
            lefts[column] = x
            x += widths[column] + GAP_X
        y, tops, last = 0.0, {}, None
        for place in sorted(heights):
            y += GAP_Y if last is not None and last != place[0] else 0
            tops[place], last = y, place[0]
            y += heights[place] + rooms[place] + GAP_Y
        for cell in cells:
            self.lefts[cell.key] = lefts[cell.column]
            self.rights[cell.key] = lefts[cell.column] + widths[cell.column]
            place = (cell.band, cell.row)
            left = lefts[cell.column] + (widths[cell.column] - cell.size[0]) / 2
            top = tops[place] + (heights[place] - cell.size[1]) / 2
            box = Box(left, top, *cell.size) if not cell.flow else Box(lefts[cell.column], top, widths[cell.column], 20)
            self.scene.boxes[cell.key] = box

    def _boundaries(self) -> None:
        for host, events in self.scope.boundaries.items():
            box = self.scene.boxes.get(host)
            for place, event in enumerate(events) if box is not None else ():
                assert box is not None
                x = box.x + 12 + place * min(46, (box.w - 36) / max(1, len(events)))
                self.scene.boxes[event] = Box(x, box.y + box.h - EVENT[1] / 2, *EVENT)

    def _asides(self) -> None:
        """Put event sub-processes in a row below everything."""
        extent = self.scene.extent()
        x, y = extent.x, extent.y + extent.h + (GAP_Y if self.scene.boxes else 0)
        for node in self.asides:
            size = size_of(node, self.inner.get(node.id))
            self.scene.boxes[node.id] = Box(x, y, *size)
            x += size[0] + GAP_X

    def _lines(self, edges: list[tuple[str, str, str]], back: set[str]) -> None:
        router = _Router(self.scene, self.scope, self.lefts, self.rights)
        for flow, _, target in edges:
            source = self.scope.flows[flow].source
            if flow in back:
                self.scene.lines[flow] = router.backwards(source, target)
            else:
                self.scene.lines[flow] = router.forwards(source, target, self.chains[flow])
        for key in [key for key, cell in self.cells.items() if cell.flow]:
            del self.scene.boxes[key]

    def _open(self) -> None:
        """Put what is inside sub-processes into them."""
        for node, inner in self.inner.items():
            box = self.scene.boxes[node]
            extent = inner.extent()
            shift(inner, box.x + (box.w - extent.w) / 2 - extent.x, box.y + MARGIN + 14 - extent.y)
            merge(self.scene, inner)


class _Router:
    """Draws orthogonal lines between placed boxes; `lefts` and `rights` are the edges of each box's column."""

    def __init__(self, scene: Scene, scope: Scope, lefts: dict[str, float], rights: dict[str, float]) -> None:
        self.scene, self.scope, self.lefts, self.rights = scene, scope, lefts, rights
        self.solid = [box for key, box in scene.boxes.items() if key in scope.nodes]
        self.standing: dict[int, list[Box]] = {}
        for box in scene.boxes.values():
            for strip in range(int((box.x - 4) // STRIP), int((box.x + box.w + 4) // STRIP) + 1):
                self.standing.setdefault(strip, []).append(box)
        self.gutters: dict[int, int] = {}
        self.channels = 0

    def _gutter(self, x: float) -> float:
        """Return a free vertical track in the gap left of x."""
        key = round(x)
        used = self.gutters.get(key, 0)
        self.gutters[key] = used + 1
        return x - GAP_X / 2 + (0.0, -11.0, 11.0)[used % 3]

    def forwards(self, source: str, target: str, chain: list[str]) -> list[tuple[float, float]]:
        first, last = self.scene.boxes[source], self.scene.boxes[target]
        stops = [(key, self.scene.boxes[key]) for key in (*chain, target)]
        node, goal = self.scope.nodes[source], self.scope.nodes[target]
        next_y = stops[0][1].middle[1]
        if node.kind == "boundaryEvent":
            points = self._down(first, next_y, self.rights[node.attached_to])
        elif node.kind in GATEWAYS and self._straight(first, next_y):
            edge = first.y + first.h if next_y > first.middle[1] else first.y
            points = [(first.middle[0], edge), (first.middle[0], next_y)]
        else:
            points = [(first.x + first.w, first.middle[1])]
        for key, stop in stops:
            y = points[-1][1]
            if stop is last and goal.kind in GATEWAYS and self._straight(stop, y):
                edge = stop.y + stop.h if y > stop.middle[1] else stop.y
                return tidy([*points, (stop.middle[0], y), (stop.middle[0], edge)])
            if abs(y - stop.middle[1]) > 0.5:
                track = self._gutter(self.lefts[key])
                points += [(track, y), (track, stop.middle[1])]
            points.append((stop.x, stop.middle[1]))
        return tidy(points)

    def _down(self, event: Box, y: float, right: float) -> list[tuple[float, float]]:
        """Begin a line at a boundary event: straight down where it is free, else beside the column."""
        x, bottom = event.middle[0], event.y + event.h
        if y > bottom and self._free(x, bottom + 3, y, event):
            return [(x, bottom), (x, y)]
        return [(x, bottom), (x, bottom + 12), (right + 14, bottom + 12), (right + 14, y)]

    def _straight(self, box: Box, y: float) -> bool:
        """Say whether a line can run from the middle of a gateway straight up or down to a height beyond it."""
        return abs(y - box.middle[1]) > box.h / 2 and self._free(box.middle[0], box.middle[1], y, box)

    def _free(self, x: float, y: float, to_y: float, own: Box) -> bool:
        """Say whether a vertical line meets no box but its own."""
        low, high = min(y, to_y), max(y, to_y)
        others = (box for box in self.standing.get(int(x // STRIP), ()) if box is not own)
        return not any(b.x - 4 < x < b.x + b.w + 4 and b.y - 2 < high and b.y + b.h + 2 > low for b in others)

    def backwards(self, source: str, target: str) -> list[tuple[float, float]]:
        """Return a line back through a channel below everything between, leaving and arriving where it is free."""
        first, last = self.scene.boxes[source], self.scene.boxes[target]
        left, right = min(first.x, last.x), max(first.x + first.w, last.x + last.w)
        between = [b for b in self.solid if b.x < right + GAP_X and b.x + b.w > left - GAP_X]
        up = self._free(first.middle[0], min(b.y for b in between), first.y, first)
        up = up and self._free(last.middle[0], min(b.y for b in between), last.y, last)
        down = self._free(first.middle[0], max(b.y + b.h for b in between), first.y, first)
        self.channels += 1
        if up and not down:
            y = min(b.y for b in between) - 26 - STEP * self.channels
            return [(first.middle[0], first.y), (first.middle[0], y), (last.middle[0], y), (last.middle[0], last.y)]
        y = max(b.y + b.h for b in between) + 10 + STEP * self.channels
        points = [(first.middle[0], first.y + first.h), (first.middle[0], y)]
        if not down:
            x = self.rights.get(source, first.x + first.w) + GAP_X / 2 - 6
            points = [(first.x + first.w, first.middle[1]), (x, first.middle[1]), (x, y)]
        if self._free(last.middle[0], last.y + last.h, y, last):
            return tidy([*points, (last.middle[0], y), (last.middle[0], last.y + last.h)])
        x = self.lefts[target] - GAP_X / 2 + 6
        return tidy([*points, (x, y), (x, last.middle[1]), (last.x, last.middle[1])])


def tidy(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line without points that lie between their neighbours."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return kept


def _back_edges(nodes: list[str], edges: list[tuple[str, str, str]]) -> set[str]:
    """Return the flows that close a circle, seen from the nodes in document order."""
    outs: dict[str, list[tuple[str, str]]] = {}
    targets = {target for _, _, target in edges}
    for flow, source, target in edges:
        outs.setdefault(source, []).append((flow, target))
    back: set[str] = set()
    state: dict[str, int] = {}
    for root in [*(n for n in nodes if n not in targets), *nodes]:
        stack = [(root, iter(outs.get(root, ())))] if root not in state else []
        state.setdefault(root, 1)
        while stack:
            here, ways = stack[-1]
            for flow, target in ways:
                if state.get(target) == 1:
                    back.add(flow)
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(outs.get(target, ()))))
                    break
            else:
                state[here] = 2
                stack.pop()
    return back


def _columns(nodes: list[str], edges: list[tuple[str, str, str]]) -> dict[str, int]:
    """Return each node's column: one more than the furthest of its predecessors."""
    columns = dict.fromkeys(nodes, 0)
    waiting = dict.fromkeys(nodes, 0)
    outs: dict[str, list[str]] = {}
    for _, source, target in edges:
        waiting[target] += 1
        outs.setdefault(source, []).append(target)
    ready = [node for node in nodes if not waiting[node]]
    while ready:
        here = ready.pop()
        for target in outs.get(here, ()):
            columns[target] = max(columns[target], columns[here] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return columns


def shift(scene: Scene, dx: float, dy: float) -> None:
    """Move a whole scene."""
    scene.boxes = {key: box.moved(dx, dy) for key, box in scene.boxes.items()}
    scene.labels = {key: box.moved(dx, dy) for key, box in scene.labels.items()}
    scene.lines = {key: [(x + dx, y + dy) for x, y in line] for key, line in scene.lines.items()}


def merge(scene: Scene, other: Scene) -> None:
    """Add what another scene holds."""
    scene.boxes.update(other.boxes)
    scene.lines.update(other.lines)
    scene.labels.update(other.labels)


def lay_out(scope: Scope, bands: dict[str, int]) -> Scene:
    """Place the inside of one process or sub-process; `bands` gives each lane its number from the top."""
    return _Layout(scope, bands).run()


def lay_out_all(model: Model, processes: Iterable[Process]) -> Scene:
    """Place processes one below the other, with their lanes and pools."""
    scene, top = Scene(), 0.0
    for process in processes:
        leaves = [lane for lane in process.lanes if not any(other.parent == lane.id for other in process.lanes)]
        bands = {lane.id: place for place, lane in enumerate(leaves)}
        one = lay_out(process.body, bands)
        _frame(one, model, process, bands)
        extent = one.extent()
        shift(one, -extent.x, top - extent.y)
        top += extent.h + GAP_Y
        merge(scene, one)
    return scene


def _frame(scene: Scene, model: Model, process: Process, bands: dict[str, int]) -> None:
    """Draw the lanes around their nodes and the pool around the lanes."""
    extent = scene.extent()
    left, right = extent.x - MARGIN - HEAD, extent.x + extent.w + MARGIN
    lane_of = {node.id: node.lane for node in process.body.nodes.values()}
    spans: dict[str, list[float]] = {}
    for key, box in scene.boxes.items():
        if lane_of.get(key) in bands:
            spans.setdefault(lane_of[key], []).extend([box.y, box.y + box.h])
    used = sorted((lane for lane in bands if lane in spans), key=lambda lane: bands[lane])
    edges = [extent.y - MARGIN]
    for upper, lower in pairwise(used):
        edges.append((max(spans[upper]) + min(spans[lower])) / 2 + 6)
    edges.append(extent.y + extent.h + MARGIN)
    for place, lane in enumerate(used):
        scene.boxes[lane] = Box(left, edges[place], right - left, edges[place + 1] - edges[place])
    pool = next((pool for pool in model.pools if pool.process == process.id), None)
    if pool is not None:
        shift_x = HEAD if used else 0
        scene.boxes[pool.id] = Box(left - shift_x, edges[0], right - left + shift_x, edges[-1] - edges[0])
