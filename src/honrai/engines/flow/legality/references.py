"""Do references lead to an element, and to one of the right kind?"""

from collections.abc import Iterator

from .grammar import MODEL, grammar, name_of
from .model import Element, Model, broken
from .violation import Violation

# Reference (attribute, or child element holding a QName) -> the types it may lead to.
# Left out: names that lie outside BPMN (structures, implementations, partners' interfaces).
TARGETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("sequenceFlow", "sourceRef"): ("tFlowNode",),
    ("sequenceFlow", "targetRef"): ("tFlowNode",),
    ("boundaryEvent", "attachedToRef"): ("tActivity",),
    ("callActivity", "calledElement"): ("tCallableElement",),
    ("participant", "processRef"): ("tProcess",),
    ("messageFlow", "sourceRef"): ("tParticipant", "tActivity", "tEvent", "tConversationNode", "tChoreographyActivity"),
    ("messageFlow", "targetRef"): ("tParticipant", "tActivity", "tEvent", "tConversationNode", "tChoreographyActivity"),
    ("messageFlow", "messageRef"): ("tMessage",),
    ("association", "sourceRef"): ("tBaseElement",),
    ("association", "targetRef"): ("tBaseElement",),
    ("group", "categoryValueRef"): ("tCategoryValue",),
    ("dataObjectReference", "dataObjectRef"): ("tDataObject",),
    ("dataStoreReference", "dataStoreRef"): ("tDataStore",),
    ("ioBinding", "inputDataRef"): ("tDataInput",),
    ("ioBinding", "outputDataRef"): ("tDataOutput",),
    ("conversationLink", "sourceRef"): ("tParticipant", "tActivity", "tEvent", "tConversationNode"),
    ("conversationLink", "targetRef"): ("tParticipant", "tActivity", "tEvent", "tConversationNode"),
}
ANYWHERE: dict[str, tuple[str, ...]] = {
    "default": ("tSequenceFlow",),
    "messageRef": ("tMessage",),
    "signalRef": ("tSignal",),
    "errorRef": ("tError",),
    "escalationRef": ("tEscalation",),
    "activityRef": ("tActivity",),
    "itemSubjectRef": ("tItemDefinition",),
    "itemRef": ("tItemDefinition",),
    "calledChoreographyRef": ("tChoreography",),
    "calledCollaborationRef": ("tCollaboration",),
    "initiatingParticipantRef": ("tParticipant",),
}
CHILDREN: dict[str, tuple[str, ...]] = {
    "incoming": ("tSequenceFlow",),
    "outgoing": ("tSequenceFlow",),
    "flowNodeRef": ("tFlowNode",),
    "dataInputRefs": ("tDataInput",),
    "optionalInputRefs": ("tDataInput",),
    "whileExecutingInputRefs": ("tDataInput",),
    "dataOutputRefs": ("tDataOutput",),
    "optionalOutputRefs": ("tDataOutput",),
    "whileExecutingOutputRefs": ("tDataOutput",),
    "outputSetRefs": ("tOutputSet",),
    "inputSetRefs": ("tInputSet",),
    "eventDefinitionRef": ("tEventDefinition",),
    "participantRef": ("tParticipant",),
    "messageFlowRef": ("tMessageFlow",),
    "inMessageRef": ("tMessage",),
    "outMessageRef": ("tMessage",),
    "choreographyRef": ("tChoreography",),
    "correlationPropertyRef": ("tCorrelationProperty",),
    "loopDataInputRef": ("tBaseElement",),
    "loopDataOutputRef": ("tBaseElement",),
}


def check_references(model: Model) -> Iterator[Violation]:
    """Yield each reference that leads nowhere or to an element of the wrong kind."""
    for element in model.main.root.iter(f"{{{MODEL}}}*"):
        kind = name_of(element)
        for attribute, text in element.attrib.items():
            name = str(attribute)
            wanted = TARGETS.get((kind, name)) or ANYWHERE.get(name)
            if wanted and grammar().elements.get(kind):
                yield from _follow(model, element, name, str(text), wanted)
        if kind in CHILDREN:
            yield from _follow(model, element, kind, element.text or "", CHILDREN[kind])


def _follow(model: Model, element: Element, name: str, text: str, wanted: tuple[str, ...]) -> Iterator[Violation]:
    found = model.refer(element, text)
    names = "・".join(kind[1].lower() + kind[2:] for kind in wanted)
    if found is None:
        message = f"{name} が指す「{text.strip()}」がありません。"
        yield broken("REF", element, message, f"ある {names} の id にしてください。", unseen=not model.complete)
    elif not any(grammar().is_a(name_of(found), kind) or _local(found, kind) for kind in wanted):
        message = f"{name} が指す「{text.strip()}」は {name_of(found)} です。"
        yield broken("REF", element, message, f"{names} を指してください。")


def _local(found: Element, kind: str) -> bool:
    """Say whether a locally declared element (a multi-instance item) has the wanted type."""
    local = {"inputDataItem": "tDataInput", "outputDataItem": "tDataOutput"}
    return kind == "tBaseElement" or local.get(name_of(found)) == kind
