"""Draws a flow as SVG: from the model's own diagram, or laid out when it has none.

The picture carries a title and a description for those who do not see it, uses no script and no style sheet, and
never tells anything by colour alone.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from honrai.engines.flow.model import Model, Node, Process, Scope, SequenceFlow
from honrai.engines.flow.names import ACTIVITIES, GATEWAYS

from . import shapes
from .layout import lay_out_all
from .overlay import WORDS, Mark, Overlay, difference
from .scene import Box, Scene, from_diagram

__all__ = ["Box", "Mark", "Overlay", "Scene", "difference", "draw", "scene_of"]

_PAD = 26.0


def scene_of(model: Model, process: str | None = None, *, automatic: bool = False) -> Scene:
    """Return where everything stands.

    Args:
        model: as read.
        process: id of the one process to show; all by default.
        automatic: lay out even where the model has a diagram.
    """
    chosen = _chosen(model, process)
    found = None if automatic else from_diagram(model, chosen)
    return found if found is not None else lay_out_all(model, chosen)


def _chosen(model: Model, process: str | None) -> list[Process]:
    return [one for one in model.processes.values() if process in (None, one.id) and one.body.nodes]


def draw(
    model: Model,
    process: str | None = None,
    *,
    overlay: Overlay | None = None,
    title: str = "",
    key: str = "flow",
    automatic: bool = False,
) -> str:
    """Draw a flow.

    Args:
        model: as read.
        process: id of the one process to show; all by default.
        overlay: what to lay over it.
        title: what the picture is; the name of the process by default.
        key: begins the ids used inside the SVG, so that several pictures can share a page.
        automatic: lay out even where the model has a diagram.

    Returns:
        SVG text, sized in pixels, that scales with its surroundings.
    """
    chosen = _chosen(model, process)
    painter = _Painter(model, scene_of(model, process, automatic=automatic), overlay or Overlay())
    body = "".join(painter.all(chosen))
    title = title or "・".join(one.name or one.id for one in chosen) or "流れ図"
    extent = painter.scene.extent()
    left, top = extent.x - _PAD, extent.y - _PAD
    w, h = extent.w + 2 * _PAD, extent.h + 2 * _PAD + painter.below
    view = f"{shapes.number(left)} {shapes.number(top)} {shapes.number(w)} {shapes.number(h)}"
    names = quoteattr(f"{key}-title {key}-desc")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby={names} viewBox="{view}"'
        f' width="{shapes.number(w)}" height="{shapes.number(h)}" font-family="{escape(shapes.FONT)}">'
        f"<title id={quoteattr(key + '-title')}>{escape(title)}</title>"
        f"<desc id={quoteattr(key + '-desc')}>{escape(painter.description(chosen))}</desc>"
        f'<rect x="{shapes.number(left)}" y="{shapes.number(top)}" width="{shapes.number(w)}"'
        f' height="{shapes.number(h)}" fill="{shapes.PAPER}"/>{body}</svg>'
    )


class _Painter:
    def __init__(self, model: Model, scene: Scene, overlay: Overlay) -> None:
        self.model, self.scene, self.over = model, scene, overlay
        self.on_path = set(overlay.path)
        self.hidden = {node.id for node in model.nodes() if node.lane in overlay.boxes}
        self.names = {node.id: node.name or node.id for node in model.nodes()}
        steps = dict.fromkeys(one for one in overlay.path if one in self.names)
        self.steps = {one: place for place, one in enumerate(steps, 1)}
        self.defaults = {node.default for node in model.nodes() if node.default and len(node.outgoing) > 1}
        arrows = [flow for one in model.processes.values() for flow in one.body.all_flows()]
        self.ends = {flow.id: (flow.source, flow.target) for flow in arrows}
        self.below = 26.0 if any(node.kind.endswith("Event") and node.name for node in model.nodes()) else 0.0

    def all(self, processes: list[Process]) -> Iterator[str]:
        """Yield everything, lowest layer first."""
        for pool in self.model.pools:
            yield from self._frame(pool.id, pool.name, shapes.PAPER)
        for process in processes:
            parents = {lane.parent for lane in process.lanes}
            for place, lane in enumerate(process.lanes):
                fill = shapes.SOFT if place % 2 and lane.id not in parents else shapes.PAPER
                yield from self._frame(lane.id, lane.name, fill)
        for process in processes:
            yield from self._scope(process.body)
        yield from self._boxes()
        yield from self._words(processes)
        for process in processes:
            yield from self._badges(process.body)
        for one in self.over.boxes:
            if one in self.scene.boxes:
                hull = self._hull(one)
                yield from self._figures(one, Box(hull.x, hull.y, min(hull.w, 240), hull.h))

    def _words(self, processes: list[Process]) -> Iterator[str]:
        """Yield what sequence flows are called, and the message flows."""
        for process in processes:
            for flow in process.body.all_flows():
                if not {flow.source, flow.target} & self.hidden:
                    yield self._flow_name(flow)
        for message in self.model.message_flows:
            if message.id in self.scene.lines:
                yield shapes.line(self.scene.lines[message.id], color=shapes.LINE, dash="6 4", open_head=True)
                yield shapes.flow_label(message.name, self.scene.lines[message.id], self.scene.labels.get(message.id))

    def _frame(self, identity: str, name: str, fill: str) -> Iterator[str]:
        box = self.scene.boxes.get(identity)
        if box is not None:
            yield shapes.rectangle(box, radius=0, fill=fill, stroke=shapes.LINE, thick=1)
            yield shapes.heading(name, box)

    def _scope(self, scope: Scope) -> Iterator[str]:
        """Yield a scope: open sub-processes, then lines, then nodes, boundary events last."""
        opened = [node for node in scope.nodes.values() if node.body is not None and node.id not in self.scene.closed]
        for node in opened:
            yield self._node(node)
        for node in opened:
            assert node.body is not None
            yield from self._scope(node.body)
        order = sorted(scope.flows, key=lambda flow: flow in self.on_path)
        for flow in order:
            yield self._flow(flow)
        rest = [node for node in scope.nodes.values() if node not in opened]
        for node in sorted(rest, key=lambda one: one.kind == "boundaryEvent"):
            yield self._node(node)

    def _flow(self, identity: str) -> str:
        points = self.scene.lines.get(identity)
        if points is None or self._inside(identity):
            return ""
        mark = self.over.marks.get(identity)
        color, thick, dash = (shapes.MARKS[mark][0], 2.6, shapes.MARKS[mark][2]) if mark else (shapes.LINE, 1.5, "")
        if identity in self.on_path:
            color, thick = shapes.PATH, 3.6
        return shapes.line(points, color=color, thick=thick, dash=dash)

    def _flow_name(self, flow: SequenceFlow) -> str:
        """Draw what a flow is called; a default without a name is "その他" (otherwise)."""
        points = self.scene.lines.get(flow.id)
        if points is None:
            return ""
        text = flow.name or ("その他" if flow.id in self.defaults else "")
        return shapes.flow_label(text, points, self.scene.labels.get(flow.id))

    def _node(self, node: Node) -> str:
        box = self.scene.boxes.get(node.id)
        if box is None or node.id in self.hidden:
            return ""
        mark = self.over.marks.get(node.id)
        stroke, fill, dash = shapes.MARKS[mark] if mark else (shapes.INK, shapes.PAPER, "")
        if node.id in self.over.faults:
            stroke = shapes.FAULT
        closed = node.id in self.scene.closed or (node.body is not None and not node.body.nodes)
        parts = [f"<title>{escape(self._spoken(node))}</title>"]
        if node.id in self.on_path or node.id in self.over.faults:
            parts.append(_glow(box, shapes.FAULT if node.id in self.over.faults else shapes.PATH, node.kind))
        parts.append(shapes.node(node, box, stroke=stroke, fill=fill, dash=dash, closed=closed))
        parts.append(self._name(node, box, closed))
        return f"<g data-id={quoteattr(node.id)}>{''.join(parts)}</g>"

    def _name(self, node: Node, box: Box, closed: bool) -> str:
        if node.kind in ACTIVITIES:
            if node.body is not None and not closed:
                return shapes.name_on_top(node.name or node.id, box)
            return shapes.name_inside(node, box)
        return shapes.name_beside(node.name, box, self.scene.labels.get(node.id), above=node.kind in GATEWAYS)

    def _badges(self, scope: Scope) -> Iterator[str]:
        for node in scope.walk():
            box = self.scene.boxes.get(node.id)
            if box is None or node.id in self.hidden:
                continue
            left, right = box.x, box.x + box.w
            yield from self._figures(node.id, box)
            mark = self.over.marks.get(node.id)
            if mark:
                yield shapes.badge(WORDS[mark], box.middle[0], box.y, shapes.MARKS[mark][0])
            if node.id in self.steps:
                yield shapes.badge(str(self.steps[node.id]), left, box.y, shapes.PATH)
            if node.id in self.over.faults:
                yield shapes.badge("！", right, box.y, shapes.FAULT)

    def _figures(self, identity: str, box: Box) -> Iterator[str]:
        """Yield count and age of one element at the right of its box."""
        right = box.x + box.w - 4
        if identity in self.over.counts:
            yield shapes.badge(f"{self.over.counts[identity]}件", right, box.y, shapes.COUNT)
        if identity in self.over.ages:
            days = self.over.ages[identity]
            old = days >= self.over.old_after
            text = f"{days:.0f}日" + ("超過" if old else "")
            yield shapes.badge(text, right, box.y + box.h, shapes.OLD if old else shapes.AGE)

    def _boxes(self) -> Iterator[str]:
        """Yield the lanes that are shown as one box, laid over whatever leads into them."""
        for lane, words in self.over.boxes.items():
            if lane not in self.scene.boxes:
                continue
            hull = self._hull(lane)
            yield shapes.rectangle(hull, radius=10, fill=shapes.PAPER, stroke=shapes.INK)
            yield shapes.label([words], hull.x + 16, hull.middle[1], anchor="start")

    def _hull(self, lane: str) -> Box:
        """Return the box around everything in a lane, within the lane."""
        band = self.scene.boxes[lane]
        inside = [
            self.scene.boxes[node.id]
            for node in self.model.nodes()
            if node.lane == lane and node.id in self.scene.boxes
        ]
        left = min((box.x for box in inside), default=band.x + 50)
        right = max((box.x + box.w for box in inside), default=band.x + 250)
        return Box(left - 12, band.y + 12, right - left + 24, band.h - 24)

    def _inside(self, flow: str) -> bool:
        """Say whether a flow runs between two things of a lane that is shown as one box."""
        ends = self.ends.get(flow)
        return ends is not None and set(ends) <= self.hidden

    def _spoken(self, node: Node) -> str:
        """Return what a node is, in words."""
        parts = [node.name or node.id]
        if node.id in self.over.counts:
            parts.append(f"{self.over.counts[node.id]}件")
        if node.id in self.over.ages:
            parts.append(f"最長{self.over.ages[node.id]:.0f}日")
        if mark := self.over.marks.get(node.id):
            parts.append(WORDS[mark])
        return "、".join(parts)

    def _spoken_box(self, lane: str) -> str:
        """Return what a lane shown as one box is, in words."""
        parts = [self.over.boxes[lane]]
        if lane in self.over.counts:
            parts.append(f"{self.over.counts[lane]}件")
        if lane in self.over.ages:
            parts.append(f"最長{self.over.ages[lane]:.0f}日")
        return "、".join(parts) + "。"

    def description(self, processes: list[Process]) -> str:
        """Return the whole picture in words: who does what in order, then what is laid over it."""
        sentences = []
        for process in processes:
            lanes = {lane.id: lane.name for lane in process.lanes}
            groups: dict[str, list[str]] = {}
            for node in process.body.walk():
                if node.kind in ACTIVITIES and node.id not in self.hidden:
                    groups.setdefault(lanes.get(node.lane, ""), []).append(self._spoken(node))
            for lane, tasks in groups.items():
                sentences.append((f"{lane}: " if lane else "") + "、".join(tasks) + "。")
        sentences += [self._spoken_box(lane) for lane in self.over.boxes]
        if self.steps:
            sentences.append("道筋: " + " → ".join(self.names[one] for one in self.steps) + "。")
        faults = [self.names[one] for one in self.over.faults if one in self.names]
        if faults:
            sentences.append("問題のある所: " + "、".join(faults) + "。")
        for mark, word in WORDS.items():
            marked = [self.names[one] for one, what in self.over.marks.items() if what == mark and one in self.names]
            if marked:
                sentences.append(f"{word}: " + "、".join(marked) + "。")
        return " ".join(sentences)


def _glow(box: Box, color: str, kind: str) -> str:
    """Draw a wide soft edge around a shape."""
    if kind in ACTIVITIES:
        wide = Box(box.x - 4, box.y - 4, box.w + 8, box.h + 8)
        return shapes.rectangle(wide, radius=13, fill="none", stroke=color, thick=4)
    x, y = box.middle
    return (
        f'<circle cx="{shapes.number(x)}" cy="{shapes.number(y)}" r="{shapes.number(max(box.w, box.h) / 2 + 4)}"'
        f' fill="none" stroke="{color}" stroke-width="4"/>'
    )
