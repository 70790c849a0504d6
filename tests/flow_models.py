"""Small BPMN models from a line of text, for tests.

`bpmn("s>t1 t1>x1 x1>t2 x1>e")`: the first letter of an id says what it is (see `KINDS`). `inside` holds the flows
of sub-processes by id, `on` says what a boundary event (`b`, or `n` not interrupting) sits on, `events` gives events
their definition (default: a timer for `b`, `n` and `w`), `names` gives names. The condition of a flow is a fact of
the flow's own id, `f_x1_t1`; the last flow of an exclusive gateway is its default.
"""

from xml.sax.saxutils import quoteattr

KINDS = {
    "s": "startEvent",
    "e": "endEvent",
    "t": "userTask",
    "x": "exclusiveGateway",
    "a": "parallelGateway",
    "o": "inclusiveGateway",
    "v": "eventBasedGateway",
    "w": "intermediateCatchEvent",
    "i": "intermediateThrowEvent",
    "b": "boundaryEvent",
    "n": "boundaryEvent",
    "p": "subProcess",
    "h": "subProcess",
}
SHARED = (
    '<error id="E1" errorCode="E1"/><error id="E2" errorCode="E2"/><escalation id="C1" escalationCode="C1"/>'
    '<escalation id="C2" escalationCode="C2"/><message id="M1" name="M1"/><signal id="S1" name="S1"/>'
)
REFERENCES = {"error": "errorRef", "escalation": "escalationRef", "message": "messageRef", "signal": "signalRef"}


def definition(text: str) -> str:
    """Return an event definition: "timer", "terminate", "error:E1", "link:A" ..."""
    kind, _, code = text.partition(":")
    if kind == "timer":
        return "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    if kind == "conditional":
        return "<conditionalEventDefinition><condition>ok</condition></conditionalEventDefinition>"
    if kind == "link":
        return f'<linkEventDefinition name="{code}"/>'
    reference = f' {REFERENCES[kind]}="{code}"' if code else ""
    return f"<{kind}EventDefinition{reference}/>"


class _Writer:
    def __init__(self, inside: dict[str, str], on: dict[str, str], events: dict[str, str], names: dict[str, str]):
        self.inside, self.on, self.events, self.names = inside, on, events, names

    def scope(self, flows: str) -> str:
        pairs = [flow.split(">") for flow in flows.split()]
        ids = list(dict.fromkeys(one for pair in pairs for one in pair if one))
        pairs = [pair for pair in pairs if len(pair) == 2 and pair[1]]
        ids += [border for border, host in self.on.items() if host in ids and border not in ids]
        arcs = {f"f_{one}_{other}" + ("_" * pairs[:place].count([one, other])): (one, other)
                for place, (one, other) in enumerate(pairs)}  # fmt: skip
        nodes = "".join(self.node(node, arcs) for node in ids)
        return nodes + "".join(self.flow(flow, arcs) for flow in arcs)

    def flow(self, flow: str, arcs: dict[str, tuple[str, str]]) -> str:
        source, target = arcs[flow]
        siblings = [key for key, (one, _) in arcs.items() if one == source]
        asks = source[0] == "o" or (source[0] == "x" and flow != siblings[-1])
        condition = f"<conditionExpression>{flow}</conditionExpression>" if asks and len(siblings) > 1 else ""
        return f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'

    def node(self, node: str, arcs: dict[str, tuple[str, str]]) -> str:
        kind = KINDS[node[0]]
        leaving = [key for key, (one, _) in arcs.items() if one == node]
        extra = f" name={quoteattr(self.names[node])}" if node in self.names else ""
        if kind == "exclusiveGateway" and len(leaving) > 1:
            extra += f' default="{leaving[-1]}"'
        if node[0] in "bn":
            extra += f' attachedToRef="{self.on[node]}" cancelActivity="{str(node[0] == "b").lower()}"'
        if node[0] == "h":
            extra += ' triggeredByEvent="true"'
        if node.startswith("sn"):
            extra += ' isInterrupting="false"'
        ways = [f"<incoming>{key}</incoming>" for key, (_, other) in arcs.items() if other == node]
        ways += [f"<outgoing>{key}</outgoing>" for key in leaving]
        event = self.events.get(node, "timer" if node[0] in "bnw" else "")
        body = self.scope(self.inside[node]) if node in self.inside else ""
        return f'<{kind} id="{node}"{extra}>{"".join(ways)}{definition(event) if event else ""}{body}</{kind}>'


def bpmn(
    flows: str,
    *,
    inside: dict[str, str] | None = None,
    on: dict[str, str] | None = None,
    events: dict[str, str] | None = None,
    names: dict[str, str] | None = None,
) -> bytes:
    """Return the file."""
    body = _Writer(inside or {}, on or {}, events or {}, names or {}).scope(flows)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test" id="d">'
        f'{SHARED}<process id="P" isExecutable="true">{body}</process></definitions>'
    ).encode()
