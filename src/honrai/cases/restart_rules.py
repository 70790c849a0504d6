"""Where a closed case may begin again, and the flow state it begins with."""

from typing import Any

from honrai.engines.flow import api as flow_engine

#: Gateways that split a case into several paths at once; where there are any, a case begins again from the start only.
_SPLITTING = frozenset({"parallelGateway", "inclusiveGateway"})

REOPENED, CORRECTED, REVOKED = "再開", "訂正", "取消し"
CAUSES = (REOPENED, CORRECTED, REVOKED)


def points(flow: flow_engine.Flow) -> list[tuple[str, str]]:
    """Return the steps of officials at which a case may begin again besides the start: (id, title), in the order of the flow.

    A single token is put there, so the flow must have no paths that run side by side, and the step nothing that watches it.
    """
    nodes = flow.process.body.nodes
    if any(node.kind in _SPLITTING for node in nodes.values()):
        return []
    found = []
    for identity, node in nodes.items():
        step, said = flow.steps.get(identity), node.honrai
        if step is None or node.kind != "userTask" or step.boundaries or step.rounds is not None or step.hooked:
            continue
        if said.get("delegable") != "yes" and said.get("act", "factual") in {"factual", "assisting"}:
            found.append((identity, node.name or identity))
    return found


def state_at(flow: flow_engine.Flow, node: str) -> tuple[dict[str, Any], tuple[flow_engine.Effect, ...]]:
    """Return the state of a case that begins at one step, and what to do: open that step.

    Raises:
        ValueError: not one of `points`.
    """
    if node not in {identity for identity, _ in points(flow)}:
        raise ValueError(f"a case cannot begin at {node}")
    state = {"next": 2, "open": {"0": {"at": flow.process.id}, "1": {"at": node, "in": "0"}}}
    return state, (flow_engine.OpenTask("1", node, "userTask"),)


def ended(state: dict[str, Any], how: str) -> dict[str, Any]:
    """Return the state of a case that was ended from outside its flow."""
    return {"next": state.get("next", 1), "open": {}, "end": how}
