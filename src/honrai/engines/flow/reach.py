"""Which incoming flows of an inclusive gateway a token elsewhere in the scope could still reach.

Source: BPMN 2.0.2, 13.4.3: the gateway waits while a token upstream can still arrive on an incoming flow that has
none, unless the same token can also arrive on one that has. "Upstream" follows sequence flows, links, and the way
from an activity out through its boundary events.
"""

from collections.abc import Mapping

from honrai.engines.flow.program import Step


def reaching(gateway: Step, steps: Mapping[str, Step]) -> dict[str, frozenset[str]]:
    """Return, for each node from which the gateway can be reached, the incoming flows reached without crossing it."""
    back: dict[str, set[str]] = {}
    sources: dict[str, str] = {}
    for step in steps.values():
        arrows = (*step.arrows, step.default) if step.default is not None else step.arrows
        for arrow in arrows:
            back.setdefault(arrow.target.id, set()).add(step.id)
            sources[arrow.id] = step.id
        for border in step.boundaries:
            back.setdefault(border.id, set()).add(step.id)
        if step.link is not None:
            back.setdefault(step.link.id, set()).add(step.id)
    found: dict[str, set[str]] = {}
    for flow in gateway.incoming:
        seen: set[str] = set()
        stack = [sources[flow]]
        while stack:
            node = stack.pop()
            if node not in seen and node != gateway.id:
                seen.add(node)
                stack.extend(back.get(node, ()))
        for node in seen:
            found.setdefault(node, set()).add(flow)
    return {node: frozenset(flows) for node, flows in found.items()}
