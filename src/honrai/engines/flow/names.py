"""Names of the standards a flow file mixes: namespaces, element kinds, attribute spellings.

Source: OMG BPMN 2.0.2 (formal/2013-12-09), chapters 8, 10 and 13.
"""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
HONRAI = "https://honrai.dev/bpmn/1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

#: Expression languages that mean FEEL; an expression that names none is FEEL too.
FEEL_LANGUAGES = frozenset(
    {
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
    }
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"},
)
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "implicitThrowEvent"})
EVENTS = CATCHING | THROWING
CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS | CHOREOGRAPHY

#: `timerEventDefinition` -> `timer`, and so on for every event definition of the standard.
EVENT_DEFINITIONS = {
    f"{kind}EventDefinition": kind
    for kind in (
        "cancel",
        "compensate",
        "conditional",
        "error",
        "escalation",
        "link",
        "message",
        "signal",
        "terminate",
        "timer",
    )
}

TIMER_PARTS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def bpmn(local: str) -> str:
    """Return the expanded name of a BPMN element, e.g. `{...MODEL}task`."""
    return f"{{{BPMN}}}{local}"


def honrai(local: str) -> str:
    """Return the expanded name of a `honrai:` attribute, e.g. `{https://honrai.dev/bpmn/1}act`."""
    return f"{{{HONRAI}}}{local}"
