"""Where the tokens of a scope can wait."""

from honrai.engines.flow.model import Node, Scope
from honrai.engines.flow.names import ACTIVITIES
from honrai.engines.flow.prove.build import Surroundings, build, handlers
from honrai.engines.flow.prove.explore import markings
from honrai.engines.flow.prove.net import Net, TooWideError


def occupied(scope: Scope, around: Surroundings, limit: int) -> list[frozenset[str]] | None:
    """Return every set of places that can be occupied at once while a scope waits; None where there are too many.

    An event sub-process that interrupts is alone; one that does not may run beside any of the others and is listed
    alone, because it has no bearing on them.
    """
    try:
        net = build(scope, around)
    except TooWideError:
        return None
    found = markings(net, limit)
    if found is None:
        return None
    classes: dict[frozenset[str], None] = {}
    for marked in found:
        places = frozenset(_place(net, scope, arc) for arc in marked)
        if "" not in places:
            classes[places] = None
    for handler in handlers(scope):
        classes[frozenset([handler.id])] = None
    return list(classes)


def _place(net: Net, scope: Scope, arc: int) -> str:
    """Return where a token on an arc waits: a node, a flow before a join, or "" where it does not wait."""
    at = net.knots[net.arcs[arc].target].at
    node = scope.nodes.get(at)
    if node is None:
        return ""
    if len(node.incoming) > 1 and node.kind in ("parallelGateway", "inclusiveGateway"):
        return net.arcs[arc].way[0]
    return node.id if waits(node) else ""


def waits(node: Node) -> bool:
    """Say whether a token stays at a node until something happens."""
    if node.kind == "intermediateCatchEvent":
        return any(event.kind != "link" for event in node.events)
    return node.kind == "eventBasedGateway" or (node.kind in ACTIVITIES and node.kind != "sendTask")
