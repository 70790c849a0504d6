"""Constraints on events: which kinds may stand where, and what an executable one must say."""

from collections.abc import Iterator

from .grammar import MODEL, name_of
from .model import Element, Model, broken, executable, kid, kids, parent, yes
from .violation import Violation

_THROWING = ("endEvent", "intermediateThrowEvent", "implicitThrowEvent")
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
# Where an event stands -> (constraint, kinds allowed there, whether an event of no kind is allowed).
_ALLOWED: dict[str, tuple[str, frozenset[str], bool]] = {
    "process start": ("EXT.098", frozenset({"message", "timer", "conditional", "signal"}), True),
    "sub-process start": ("EXT.099", frozenset(), True),
    "event sub-process start": (
        "EXT.100",
        frozenset({"message", "timer", "escalation", "error", "compensate", "conditional", "signal"}),
        False,
    ),
    "endEvent": (
        "EXT.106",
        frozenset({"message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}),
        True,
    ),
    "boundaryEvent": (
        "EXT.110",
        frozenset({"message", "timer", "escalation", "error", "cancel", "compensate", "conditional", "signal"}),
        False,
    ),
    "intermediateCatchEvent": ("EXT.148", frozenset({"message", "timer", "conditional", "link", "signal"}), False),
    "intermediateThrowEvent": ("EXT.149", frozenset({"message", "escalation", "compensate", "link", "signal"}), True),
}


def _place(event: Element) -> str:
    kind, holder = name_of(event), parent(event)
    if kind != "startEvent":
        return kind
    if name_of(holder) in ("process", "choreography", "globalChoreographyTask", "subChoreography"):
        return "process start"
    return "event sub-process start" if yes(holder, "triggeredByEvent") else "sub-process start"


def allowed_kinds(model: Model) -> Iterator[Violation]:
    """EXT.098 to 100, 106, 110, 148, 149: the kinds of event that may stand in each place."""
    names = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
    for event in model.elements(*names):
        constraint, allowed, none = _ALLOWED[_place(event)]
        triggers = model.triggers(event)
        if not triggers and not kids(event, "eventDefinitionRef") and not none:
            yield broken(
                constraint, event, "何を待つイベントかが書かれていません。", "イベントの種類を加えてください。"
            )
        for trigger in sorted(set(triggers) - allowed):
            message = f"{trigger} のイベントはここに置けません。"
            yield broken(constraint, event, message, "置ける種類のイベントに変えてください。")


def start_events(model: Model) -> Iterator[Violation]:
    """EXT.096, 101: flows of a start event; 102, 103: its messages."""
    for event in model.elements("startEvent"):
        if model.incoming(event):
            yield broken("EXT.096", event, "開始イベントに入るフローがあります。", "そのフローを取り除いてください。")
        if not kids(event, "outgoing"):
            yield broken("EXT.101", event, "開始イベントから出るフローがありません。", "最初の作業へつないでください。")
    for flow in model.elements("messageFlow"):
        source, target = model.refer_attribute(flow, "sourceRef"), model.refer_attribute(flow, "targetRef")
        if source is not None and name_of(source) == "startEvent":
            message = f"開始イベント「{source.get('id')}」からメッセージは出せません。"
            yield broken("EXT.102", flow, message, "送信タスクなど、送る要素からつないでください。")
        if target is not None and name_of(target) == "startEvent" and "message" not in model.triggers(target):
            message = f"メッセージが届く開始イベント「{target.get('id')}」がメッセージの開始イベントではありません。"
            yield broken("EXT.103", flow, message, "開始イベントに messageEventDefinition を加えてください。")


def end_events(model: Model) -> Iterator[Violation]:
    """EXT.104: no flow leaves an end event; 107, 108: its messages; 109: cancel ends a transaction."""
    for event in model.elements("endEvent"):
        if model.outgoing(event):
            yield broken("EXT.104", event, "終了イベントから出るフローがあります。", "そのフローを取り除いてください。")
        if "cancel" in model.triggers(event) and name_of(parent(event)) != "transaction":
            message = "取消の終了イベントはトランザクションの中だけに置けます。"
            yield broken("EXT.109", event, message, "別の種類の終了イベントにしてください。")
    for flow in model.elements("messageFlow"):
        source, target = model.refer_attribute(flow, "sourceRef"), model.refer_attribute(flow, "targetRef")
        if target is not None and name_of(target) == "endEvent":
            message = f"終了イベント「{target.get('id')}」はメッセージを受け取れません。"
            yield broken("EXT.107", flow, message, "受信タスクなど、受け取る要素へつないでください。")
        if source is not None and name_of(source) == "endEvent" and "message" not in model.triggers(source):
            message = f"メッセージを送る終了イベント「{source.get('id')}」がメッセージの終了イベントではありません。"
            yield broken("EXT.108", flow, message, "終了イベントに messageEventDefinition を加えてください。")


def boundary_events(model: Model) -> Iterator[Violation]:
    """EXT.111 to 114: an event on the edge of an activity."""
    for event in model.elements("boundaryEvent"):
        triggers, host = model.triggers(event), model.refer_attribute(event, "attachedToRef")
        if "cancel" in triggers and host is not None and name_of(host) != "transaction":
            message = "取消の境界イベントはトランザクションだけに付けられます。"
            yield broken("EXT.111", event, message, "トランザクションに付けるか、別の種類にしてください。")
        if model.incoming(event):
            yield broken("EXT.112", event, "境界イベントに入るフローがあります。", "そのフローを取り除いてください。")
        if "compensate" in triggers:
            if model.outgoing(event):
                message = "補償の境界イベントから出るシーケンスフローがあります。"
                yield broken("EXT.114", event, message, "補償の作業へ関連(association)でつないでください。")
        elif not model.outgoing(event):
            yield broken("EXT.113", event, "境界イベントから出るフローがありません。", "次の作業へつないでください。")
        always = {"error", "cancel", "compensate"} & set(triggers)
        if always and len(triggers) == 1 and not yes(event, "cancelActivity", True) and "compensate" not in always:
            message = f"{triggers[0]} の境界イベントは必ず作業を中断します。"
            yield broken("EXT.115", event, message, "cancelActivity を true にしてください。")


def links(model: Model) -> Iterator[Violation]:
    """EXT.117: flows of link events; 118: sources and target of a link name each other."""
    for event in model.elements("intermediateCatchEvent"):
        if "link" in model.triggers(event) and model.incoming(event):
            message = "リンクの受け側に入るシーケンスフローがあります。"
            yield broken("EXT.117", event, message, "フローを取り除き、リンクの送り側でつないでください。")
    for event in model.elements("intermediateThrowEvent"):
        if "link" in model.triggers(event) and model.outgoing(event):
            message = "リンクの送り側から出るシーケンスフローがあります。"
            yield broken("EXT.117", event, message, "フローを取り除き、リンクの受け側からつないでください。")
    for link in model.elements("linkEventDefinition"):
        yield from _answered(model, link, "target", "source")
        yield from _answered(model, link, "source", "target")


def _answered(model: Model, link: Element, here: str, there: str) -> Iterator[Violation]:
    identity = link.get("id") or ""
    for reference in kids(link, here):
        other = model.refer(link, reference.text)
        back = [] if other is None else [(ref.text or "").strip().rpartition(":")[2] for ref in kids(other, there)]
        if identity not in back:
            message = f"リンクの {here} の先「{(reference.text or '').strip()}」が、このリンクを指し返していません。"
            yield broken("EXT.118", link, message, f"相手の {there} に「{identity}」を書いてください。")


def definition_references(model: Model) -> Iterator[Violation]:
    """EXT.095: a shared event definition stands at the top of the file."""
    for reference in model.elements("eventDefinitionRef"):
        found = model.refer(reference, reference.text)
        if found is not None and name_of(parent(found)) != "definitions":
            message = f"eventDefinitionRef が、ほかのイベントの中の定義「{found.get('id')}」を指しています。"
            yield broken("EXT.095", parent(reference), message, "定義を definitions の直下に移してください。")


def definitions(model: Model) -> Iterator[Violation]:
    """EXT.010, 011: codes of thrown errors and escalations; 122: compensation; 123: conditions; 128: operations."""
    for event in model.derived("tEvent"):
        for definition in model.event_definitions(event):
            kind = name_of(definition).removesuffix("EventDefinition")
            if kind == "compensate":
                yield from _compensation(event)
            if executable(event):
                yield from _executable(model, event, definition, kind)


def _compensation(event: Element) -> Iterator[Violation]:
    if name_of(event) == "intermediateCatchEvent":
        message = "補償は、境界イベントかイベントサブプロセスの開始だけで受け取れます。"
        yield broken("EXT.122", event, message, "補償の境界イベントに変えてください。")


def _text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _executable(model: Model, event: Element, definition: Element, kind: str) -> Iterator[Violation]:
    if kind in ("error", "escalation") and name_of(event) in _THROWING:
        constraint = "EXT.010" if kind == "error" else "EXT.011"
        found = model.refer_attribute(definition, f"{kind}Ref")
        if found is None or not found.get(f"{kind}Code"):
            message = f"投げる {kind} のコードが決まっていません。"
            yield broken(constraint, event, message, f"{kind}Ref で {kind}Code のある {kind} を指してください。")
    if kind == "conditional":
        condition = kid(definition, "condition")
        formal = condition is not None and (condition.get(_XSI_TYPE) or "").endswith("tFormalExpression")
        if condition is None or not formal or not _text(condition):
            message = "実行するプロセスの条件が、評価できる式(tFormalExpression)ではありません。"
            yield broken(
                "EXT.123", event, message, 'condition に xsi:type="tFormalExpression" を付け、式を書いてください。'
            )
    if kind == "message" and definition.get("messageRef") and definition.find(f"{{{MODEL}}}operationRef") is None:
        message = "実行するプロセスのメッセージイベントに operationRef がありません。"
        yield broken("EXT.128", event, message, "messageEventDefinition に operationRef を加えてください。")


RULES = (
    allowed_kinds,
    start_events,
    end_events,
    boundary_events,
    links,
    definition_references,
    definitions,
)
