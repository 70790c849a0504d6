"""Where everything stands: boxes and lines by element id, from the model's own diagram or from the layout."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from honrai.engines.flow.model import Model, Process, Scope
from honrai.engines.flow.names import BPMNDI, DC, DI
from honrai.engines.flow.xml import Element

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page: left, top, width, height, in pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> Point:
        """Return the centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """Return the same box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)


@dataclass(slots=True)
class Scene:
    """A drawing without ink: boxes of nodes, lanes and pools, lines of flows, label places that the diagram fixes.

    `closed` holds sub-processes that the diagram shows collapsed; what is inside them is not in the scene.
    """

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def extent(self) -> Box:
        """Return the box around everything."""
        xs = [x for b in self.boxes.values() for x in (b.x, b.x + b.w)]
        ys = [y for b in self.boxes.values() for y in (b.y, b.y + b.h)]
        for line in self.lines.values():
            xs += [x for x, _ in line]
            ys += [y for _, y in line]
        for label in self.labels.values():
            xs += [label.x, label.x + label.w]
            ys += [label.y, label.y + label.h]
        if not xs:
            return Box(0, 0, 0, 0)
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def from_diagram(model: Model, processes: Iterable[Process]) -> Scene | None:
    """Return the scene that the file's own diagram describes, None where it does not show all of the processes."""
    scene = Scene()
    wanted = {lane.id for one in processes for lane in one.lanes} | {pool.id for pool in model.pools}
    for one in processes:
        wanted |= {node.id for node in one.body.walk()} | {flow.id for flow in one.body.all_flows()}
    wanted |= {flow.id for flow in model.message_flows}
    for element in model.document.root.walk():
        if element.tag in (f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
            identity = element.get("bpmnElement").rpartition(":")[2]
            if identity in wanted:
                _place(scene, element, identity)
    missing = any(not _shown(scene, one.body) for one in processes)
    return None if missing else scene


def _place(scene: Scene, element: Element, identity: str) -> None:
    label = element.find(f"{{{BPMNDI}}}BPMNLabel")
    bounds = _bounds(label) if label is not None else None
    if bounds is not None:
        scene.labels[identity] = bounds
    if element.local == "BPMNEdge":
        points = [(_number(one, "x"), _number(one, "y")) for one in element.find_all(f"{{{DI}}}waypoint")]
        if len(points) > 1:
            scene.lines[identity] = points
        return
    box = _bounds(element)
    if box is not None:
        scene.boxes[identity] = box
        if element.get("isExpanded") == "false":
            scene.closed.add(identity)


def _bounds(element: Element) -> Box | None:
    found = element.find(f"{{{DC}}}Bounds")
    if found is None:
        return None
    box = Box(_number(found, "x"), _number(found, "y"), _number(found, "width"), _number(found, "height"))
    return box if box.w > 0 and box.h > 0 else None


def _number(element: Element, name: str) -> float:
    try:
        value = float(element.get(name) or "0")
    except ValueError:
        return 0.0
    return value if abs(value) < 1e6 else 0.0


def _shown(scene: Scene, scope: Scope) -> bool:
    """Say whether every node of a scope has a box and every flow a line; closed sub-processes may hide theirs."""
    for node in scope.nodes.values():
        if node.id not in scene.boxes:
            return False
        if node.body is not None and node.id not in scene.closed and not _shown(scene, node.body):
            if any(inner.id in scene.boxes for inner in node.body.nodes.values()):
                return False
            scene.closed.add(node.id)
    return all(flow.id in scene.lines for flow in scope.flows.values())
