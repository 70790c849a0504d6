"""Which incoming flows of an inclusive gateway a token elsewhere in the scope could still reach.

Source: BPMN 2.0.2, 13.4.3: the gateway waits while a token upstream can still arrive on an incoming flow that has
none, unless the same token can also arrive on one that has. "Upstream" follows sequence flows, links, and the way
from an activity out through its boundary events.
"""

from collections.abc import Iterable, Mapping

from honrai.engines.flow.program import Join, Step


def joins_of(steps: Mapping[str, Step]) -> list[Join]:
    """Return the inclusive gateways of a scope that have several incoming flows, with what can reach them."""
    gateways = [step for step in steps.values() if step.kind == "inclusiveGateway" and len(step.incoming) > 1]
    if not gateways:
        return []
    back, sources = _backwards(steps.values())
    return [Join(gateway, _reaching(gateway, back, sources)) for gateway in gateways]


def _backwards(steps: Iterable[Step]) -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return from where each node is reached directly, and the node each sequence flow leaves."""
    back: dict[str, set[str]] = {}
    sources: dict[str, str] = {}
    for step in steps:
        for arrow in (*step.arrows, *([step.default] if step.default else [])):
            back.setdefault(arrow.target.id, set()).add(step.id)
            sources[arrow.id] = step.id
        for onward in (*step.boundaries, *([step.link] if step.link else [])):
            back.setdefault(onward.id, set()).add(step.id)
    return back, sources


def _reaching(gateway: Step, back: Mapping[str, set[str]], sources: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return, for each node from which the gateway can be reached, the incoming flows reached without crossing it."""
    found: dict[str, set[str]] = {}
    by_source: dict[str, set[str]] = {}
    for flow in gateway.incoming:
        by_source.setdefault(sources[flow], set()).add(flow)
    for source, flows in by_source.items():
        seen: set[str] = set()
        stack = [source]
        while stack:
            node = stack.pop()
            if node not in seen and node != gateway.id:
                seen.add(node)
                stack.extend(back.get(node, ()))
        for node in seen:
            found.setdefault(node, set()).update(flows)
    return {node: frozenset(flows) for node, flows in found.items()}
