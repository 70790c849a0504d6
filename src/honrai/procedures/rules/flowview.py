"""A pack's flow as the gate and the cases look at it: tasks with their lane, organisation and `honrai:` attributes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from honrai.engines.flow.api import Model, Node, read
from honrai.engines.flow.names import TASKS

#: Acts in law (procedure-pack: `honrai:act`), and those only an official may do.
ACTS: Mapping[str, str] = {
    "factual": "事実上の行為",
    "assisting": "補助的行為",
    "certifying": "公証・公印",
    "bound-decision": "決定(羈束)",
    "discretionary-decision": "決定(裁量)",
    "coercive": "強制・質問検査",
}
OFFICIAL_ACTS = frozenset({"certifying", "bound-decision", "discretionary-decision", "coercive"})
CHECKS = ("", "none", "second", "blind")
#: Who works in a lane, by a word of its name; everything else is the city's.
_ORGANISATIONS = (("受託者", "contractor"), ("システム", "system"), ("申請者", "applicant"), ("届出者", "applicant"))
_APPLICANTS = ("保護者", "本人", "金融機関", "学校")
ACTIVITIES = TASKS | {"subProcess", "callActivity"}


@dataclass(frozen=True)
class Task:
    """One activity of the flow.

    Attributes:
        id, name, kind: as in the file; kind is the BPMN element.
        lane: the words on the lane.
        organisation: contractor, system, applicant or city.
        attributes: the `honrai:` attributes by local name.
        node: the element itself.
    """

    id: str
    name: str
    kind: str
    lane: str
    organisation: str
    attributes: Mapping[str, str]
    node: Node

    @property
    def act(self) -> str:
        """What the task is in law."""
        return self.attributes.get("act", "")

    @property
    def by_hand(self) -> bool:
        """Whether a person does it."""
        return self.kind in ("userTask", "manualTask", "task")


@lru_cache(maxsize=64)
def model_of(flow: bytes) -> Model:
    """Return the model in flow.bpmn.

    Raises:
        BadModel: the file is no BPMN that can be read.
    """
    return read(flow, file="flow.bpmn")


def organisation(lane: str) -> str:
    """Return who works in a lane of this name."""
    for word, who in _ORGANISATIONS:
        if word in lane:
            return who
    return "applicant" if lane.startswith(_APPLICANTS) else "city"


def tasks_of(model: Model) -> tuple[Task, ...]:
    """Return every activity of the model, outer before inner; one in a sub-process has the lane of the sub-process."""
    found = []
    for process in model.processes.values():
        lanes = {member: lane.name for lane in process.lanes for member in lane.members}
        outer: dict[str, str] = {}
        for node in process.body.walk():
            lane = lanes.get(node.id) or outer.get(node.scope, "")
            outer[node.id] = lane
            if node.kind in ACTIVITIES:
                found.append(Task(node.id, node.name, node.kind, lane, organisation(lane), node.honrai, node))
    return tuple(found)


def nodes_of(model: Model) -> dict[str, Node]:
    """Return every node of the model by id."""
    return {node.id: node for process in model.processes.values() for node in process.body.walk()}


def next_nodes(model: Model) -> dict[str, tuple[str, ...]]:
    """Return node id -> ids of the nodes its sequence flows lead to; a boundary event follows its activity."""
    found: dict[str, list[str]] = {name: [] for name in nodes_of(model)}
    for process in model.processes.values():
        for arrow in process.body.all_flows():
            found[arrow.source].append(arrow.target)
    for node in nodes_of(model).values():
        if node.attached_to:
            found[node.attached_to].append(node.id)
    return {name: tuple(targets) for name, targets in found.items()}


def starts_of(model: Model) -> tuple[str, ...]:
    """Return the ids of the start events."""
    return tuple(name for name, node in nodes_of(model).items() if node.kind == "startEvent")


def reachable(following: Mapping[str, Iterable[str]], sources: Iterable[str], without: str = "") -> frozenset[str]:
    """Return what can be reached from the sources, the sources included, on ways that avoid one node."""
    seen: set[str] = set()
    waiting = [source for source in sources if source != without]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(target for target in following.get(name, ()) if target != without)
    return frozenset(seen)
