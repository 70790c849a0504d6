"""What this engine runs, as tables: every BPMN element and event position that is not here is refused by name.

Source: OMG BPMN 2.0.2; tables 10.84 to 10.93 for the positions events may take.
"""

RUN_TASKS = frozenset(
    {"userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "callActivity"}
)
RUN_GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
RUN_EVENTS = frozenset({"startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent"})
RUN_NODES = RUN_TASKS | RUN_GATEWAYS | RUN_EVENTS | {"subProcess"}

#: Elements that describe, draw or carry words; they change nothing in how a case runs.
SILENT = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "lane",
        "childLaneSet",
        "flowNodeRef",
        "incoming",
        "outgoing",
        "textAnnotation",
        "text",
        "group",
        "association",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataState",
        "auditing",
        "monitoring",
        "categoryValueRef",
    }
)

#: Parts of what is run.
PARTS = frozenset(
    {
        "sequenceFlow",
        "conditionExpression",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "loopCardinality",
        "loopCondition",
        "completionCondition",
        "condition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "eventDefinitionRef",
        "operationRef",
        "source",
        "target",
    }
)

#: Event kinds that may start a process, an event sub-process, and so on; "" is the none event.
ALLOWED_EVENTS = {
    "process start": frozenset({"", "message", "timer", "signal", "conditional"}),
    "sub-process start": frozenset({""}),
    "event sub-process start": frozenset({"message", "timer", "signal", "conditional", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"", "message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "conditional", "error", "escalation"}),
    "endEvent": frozenset({"", "message", "error", "escalation", "signal", "terminate"}),
}

#: Attributes whose other values ask for something that is not run: attribute -> the values that are.
ALLOWED_VALUES = {
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "isForCompensation": frozenset({"false", "0"}),
    "instantiate": frozenset({"false", "0"}),
    "parallelMultiple": frozenset({"false", "0"}),
    "behavior": frozenset({"All"}),
}

#: For elements often met that are not run: what to use instead.
INSTEAD = {
    "task": "give it a type: userTask, manualTask, serviceTask, businessRuleTask, sendTask or receiveTask",
    "scriptTask": "use a serviceTask, or a businessRuleTask with a decision",
    "complexGateway": "use an inclusive or parallel gateway",
    "transaction": "use a sub-process with boundary events",
    "adHocSubProcess": "use a sub-process with parallel or inclusive gateways",
    "compensateEventDefinition": "draw the undoing as ordinary tasks",
    "cancelEventDefinition": "use an error event",
    "ioSpecification": "facts of the case are seen by every task; remove it",
    "dataInputAssociation": "facts of the case are seen by every task; use an association",
    "dataOutputAssociation": "facts of the case are seen by every task; use an association",
    "property": "put it among the facts of the case; remove it",
    "loopDataInputRef": "use the attribute honrai:collection",
    "inputDataItem": "use the attribute honrai:item",
    "script": "use a serviceTask",
    "potentialOwner": "use a lane",
    "performer": "use a lane",
    "humanPerformer": "use a lane",
    "resourceRole": "use a lane",
}
