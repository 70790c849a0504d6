"""What may be laid over a drawing: counts, ages, a path, a difference between two versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from honrai.engines.flow.model import Model, Node, SequenceFlow

Mark = Literal["added", "changed", "removed"]
WORDS: dict[Mark, str] = {"added": "追加", "changed": "変更", "removed": "削除"}


@dataclass(frozen=True, slots=True)
class Overlay:
    """Things to show on elements, by id; ids that are not in the drawing are left out.

    Attributes:
        counts: number of cases that are there now.
        ages: days the oldest of them has been there.
        old_after: days from which an age is shown as old.
        path: ids of nodes and flows passed, in order, as a proof gives its counter-example.
        faults: ids where a fault shows.
        marks: difference between versions, see `difference`.
        boxes: lanes shown as one box, by id, with its words: what happens inside is left out. Counts and ages may then stand
            under the id of the lane.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    ages: Mapping[str, float] = field(default_factory=dict)
    old_after: float = 14
    path: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    boxes: Mapping[str, str] = field(default_factory=dict)


def difference(old: Model, new: Model) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """Return the marks to lay over the old and over the new drawing.

    A node is changed when its name, kind, lane, events, repetition or `honrai:` attributes differ; a flow when its
    ends, name or condition do.
    """
    before, after = _parts(old), _parts(new)
    changed: dict[str, Mark] = {key: "changed" for key in before.keys() & after.keys() if before[key] != after[key]}
    gone: dict[str, Mark] = dict.fromkeys(before.keys() - after.keys(), "removed")
    come: dict[str, Mark] = dict.fromkeys(after.keys() - before.keys(), "added")
    return {**gone, **changed}, {**come, **changed}


def _parts(model: Model) -> dict[str, object]:
    found: dict[str, object] = {node.id: _node(node) for node in model.nodes()}
    for process in model.processes.values():
        found.update({flow.id: _flow(flow) for flow in process.body.all_flows()})
    return found


def _node(node: Node) -> object:
    events = [(e.kind, e.name, e.timer, e.expression.text if e.expression else "", e.business) for e in node.events]
    loop = node.loop and (node.loop.kind, node.loop.sequential, node.loop.maximum)
    own = (
        node.name,
        node.kind,
        node.lane,
        node.attached_to,
        node.interrupting,
        node.called,
        node.message,
        node.default,
    )
    return own, events, loop, dict(node.honrai)


def _flow(flow: SequenceFlow) -> object:
    return flow.name, flow.source, flow.target, flow.condition.text if flow.condition else ""
