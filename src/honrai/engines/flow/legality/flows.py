"""Constraints on sequence flows, gateways and the shape of processes."""

from collections.abc import Iterator

from .grammar import grammar, name_of
from .model import Element, Model, broken, containers, executable, kid, kids, number, parent, yes
from .violation import Violation

_GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway")
_STARTS_ITSELF = ("receiveTask", "eventBasedGateway")


def listed_flows(model: Model) -> Iterator[Violation]:
    """EXT.023: a flow and the nodes at its ends name each other (`incoming`, `outgoing`)."""
    for node in model.derived("tFlowNode"):
        for side, flows in (("incoming", model.incoming(node)), ("outgoing", model.outgoing(node))):
            written = [(child.text or "").strip().rpartition(":")[2] for child in kids(node, side)]
            actual = [flow.get("id") or "" for flow in flows]
            for missing in sorted(set(actual) - set(written)):
                message = f"シーケンスフロー「{missing}」が {side} に書かれていません。"
                yield broken("EXT.023", node, message, f"<{side}>{missing}</{side}> を加えてください。")
            for extra in sorted(set(written) - set(actual)):
                message = f"{side} の「{extra}」は、この要素につながるシーケンスフローではありません。"
                yield broken("EXT.023", node, message, f"{side} から取り除くか、フローの両端を直してください。")


def flows_stay_inside(model: Model) -> Iterator[Violation]:
    """EXT.025: a sequence flow joins two nodes of the same process or sub-process."""
    for flow in model.elements("sequenceFlow"):
        ends = [model.refer_attribute(flow, side) for side in ("sourceRef", "targetRef")]
        if any(end is not None and parent(end) is not parent(flow) for end in ends):
            message = "シーケンスフローがプロセスまたはサブプロセスの境界をまたいでいます。"
            yield broken("EXT.025", flow, message, "同じ枠の中の要素どうしをつないでください。")


def conditions(model: Model) -> Iterator[Violation]:
    """EXT.026: conditions only leave tasks and deciding gateways; a default flow leaves its own node."""
    for flow in model.elements("sequenceFlow"):
        source = model.refer_attribute(flow, "sourceRef")
        if source is None or kid(flow, "conditionExpression") is None:
            continue
        if name_of(source) in ("parallelGateway", "eventBasedGateway") or grammar().is_a(name_of(source), "tEvent"):
            message = f"{name_of(source)} から出るシーケンスフローに条件は付けられません。"
            yield broken("EXT.026", flow, message, "条件を取り除くか、排他ゲートウェイを使ってください。")
        elif grammar().is_a(name_of(source), "tActivity") and len(model.outgoing(source)) == 1:
            message = "作業から出る条件付きのシーケンスフローが一本しかありません。"
            yield broken("EXT.026", flow, message, "条件に当てはまらない場合のフローを加えてください。")
    for node in model.derived("tFlowNode"):
        default = node.get("default")
        if default is not None and default not in [flow.get("id") for flow in model.outgoing(node)]:
            message = f"既定のフロー「{default}」は、この要素から出ていません。"
            yield broken("EXT.026", node, message, "この要素から出るフローの id にしてください。")


def gateway_direction(model: Model) -> Iterator[Violation]:
    """EXT.019: a gateway has the number of flows that its direction says."""
    for gateway in model.elements(*_GATEWAYS):
        direction = gateway.get("gatewayDirection", "Unspecified")
        come, go = len(model.incoming(gateway)), len(model.outgoing(gateway))
        wrong = {
            "Converging": go > 1,
            "Diverging": come > 1,
            "Mixed": come < 2 or go < 2,
        }.get(direction, False)
        if wrong:
            message = f"gatewayDirection が {direction} ですが、入るフローが{come}本、出るフローが{go}本です。"
            yield broken("EXT.019", gateway, message, "向きを直すか、Unspecified にしてください。")


def event_gateways(model: Model) -> Iterator[Violation]:
    """EXT.137 to 143: what an event-based gateway may lead to."""
    for gateway in model.elements("eventBasedGateway"):
        flows = model.outgoing(gateway)
        if len(flows) < 2:
            yield broken("EXT.137", gateway, "出るフローが二本未満です。", "待つ事象を二つ以上つないでください。")
        targets = [found for flow in flows if (found := model.refer_attribute(flow, "targetRef")) is not None]
        for target in targets:
            yield from _event_target(model, gateway, target)
        kinds = {name_of(target) for target in targets}
        if "receiveTask" in kinds and any("message" in model.triggers(t) for t in targets):
            message = "受信タスクとメッセージの中間イベントを混ぜて待っています。"
            yield broken("EXT.139", gateway, message, "どちらか一方にそろえてください。")
        yield from _instantiating(model, gateway)


def _event_target(model: Model, gateway: Element, target: Element) -> Iterator[Violation]:
    allowed = {"message", "signal", "timer", "conditional"}
    triggers = set(model.triggers(target))
    waits = name_of(target) == "intermediateCatchEvent" and triggers and triggers <= allowed
    if not waits and name_of(target) != "receiveTask":
        message = f"イベントゲートウェイの先の「{target.get('id')}」は待つ事象ではありません。"
        remedy = "メッセージ・シグナル・タイマー・条件の中間イベントか受信タスクをつないでください。"
        yield broken("EXT.138", gateway, message, remedy)
    if len(model.incoming(target)) > 1:
        message = f"イベントゲートウェイの先の「{target.get('id')}」に、ほかのフローも入っています。"
        yield broken("EXT.141", gateway, message, "ほかのフローを別の要素につないでください。")
    attached = [event for event in model.elements("boundaryEvent") if event.get("attachedToRef") == target.get("id")]
    if name_of(target) == "receiveTask" and attached:
        message = f"イベントゲートウェイの先の受信タスク「{target.get('id')}」に境界イベントがあります。"
        yield broken("EXT.140", gateway, message, "境界イベントを取り除いてください。")


def _instantiating(model: Model, gateway: Element) -> Iterator[Violation]:
    if not yes(gateway, "instantiate"):
        if gateway.get("eventGatewayType") == "Parallel":
            message = "eventGatewayType の Parallel は、プロセスを始めるゲートウェイだけに使えます。"
            yield broken("EXT.143", gateway, message, "Exclusive にするか、instantiate を true にしてください。")
        return
    if model.incoming(gateway):
        message = "プロセスを始めるイベントゲートウェイに、入るフローがあります。"
        yield broken("EXT.142", gateway, message, "入るフローを取り除くか、instantiate を false にしてください。")


def starts_and_ends(model: Model) -> Iterator[Violation]:
    """EXT.097, 105: start and end events are used together; 150, 151: then every node is joined up."""
    for container in containers(model):
        if name_of(container) == "adHocSubProcess":
            continue
        nodes = [node for node in container if isinstance(node.tag, str) and grammar().is_a(name_of(node), "tFlowNode")]
        starts = [node for node in nodes if name_of(node) == "startEvent"]
        ends = [node for node in nodes if name_of(node) == "endEvent"]
        if ends and not starts and not any(_starts_itself(model, node) for node in nodes):
            message = "終了イベントがありますが、開始イベントがありません。"
            yield broken("EXT.097", container, message, "開始イベントを加えてください。")
        if starts and not ends:
            message = "開始イベントがありますが、終了イベントがありません。"
            yield broken("EXT.105", container, message, "終了イベントを加えてください。")
        for node in nodes:
            yield from _joined(model, node, bool(starts), bool(ends))


def _starts_itself(model: Model, node: Element) -> bool:
    return name_of(node) in _STARTS_ITSELF and yes(node, "instantiate") and not model.incoming(node)


def _joined(model: Model, node: Element, starts: bool, ends: bool) -> Iterator[Violation]:
    kind, links = name_of(node), "link" in model.triggers(node)
    apart = (kind == "subProcess" and yes(node, "triggeredByEvent")) or yes(node, "isForCompensation")
    begins = kind in ("startEvent", "boundaryEvent") or (kind == "intermediateCatchEvent" and links)
    stops = kind == "endEvent" or (kind == "intermediateThrowEvent" and links)
    stops = stops or (kind == "boundaryEvent" and "compensate" in model.triggers(node))
    if starts and not apart and not begins and not model.incoming(node) and not _starts_itself(model, node):
        yield broken("EXT.150", node, "入るシーケンスフローがありません。", "前の要素からつないでください。")
    if ends and not apart and not stops and not model.outgoing(node):
        yield broken("EXT.151", node, "出るシーケンスフローがありません。", "次の要素へつないでください。")


def sub_processes(model: Model) -> Iterator[Violation]:
    """EXT.057, 058: event sub-processes stand apart and have one start; 061, 062: ad hoc ones hold work only."""
    for element in model.elements("subProcess"):
        if not yes(element, "triggeredByEvent"):
            continue
        if model.incoming(element) or model.outgoing(element):
            message = "イベントサブプロセスにシーケンスフローがつながっています。"
            yield broken("EXT.057", element, message, "フローを取り除くか、triggeredByEvent を false にしてください。")
        if len(kids(element, "startEvent")) != 1:
            message = "イベントサブプロセスの開始イベントが一つではありません。"
            yield broken("EXT.058", element, message, "開始イベントをちょうど一つ置いてください。")
    for element in model.elements("adHocSubProcess"):
        inside = [name_of(child) for child in element if isinstance(child.tag, str)]
        if not any(grammar().is_a(kind, "tActivity") for kind in inside):
            yield broken(
                "EXT.061", element, "アドホックサブプロセスに作業がありません。", "作業を一つ以上置いてください。"
            )
        for event in kids(element, "startEvent", "endEvent"):
            message = "アドホックサブプロセスの中に開始・終了イベントは置けません。"
            yield broken("EXT.062", event, message, "このイベントを取り除いてください。")


def activities(model: Model) -> Iterator[Violation]:
    """EXT.037, 038: token counts of an activity; EXT.036: a compensating activity has no sequence flow."""
    for element in model.derived("tActivity"):
        for constraint, attribute in (("EXT.037", "startQuantity"), ("EXT.038", "completionQuantity")):
            if number(element, attribute, 1) < 1:
                yield broken(constraint, element, f"{attribute} が1未満です。", "1以上にしてください。")
        if yes(element, "isForCompensation") and (model.incoming(element) or model.outgoing(element)):
            message = "補償のための作業にシーケンスフローがつながっています。"
            yield broken("EXT.036", element, message, "補償の境界イベントから関連(association)でつないでください。")


def processes(model: Model) -> Iterator[Violation]:
    """EXT.035: an executable process is not a public view; EXT.053: an executable script names its language."""
    for element in model.elements("process"):
        if yes(element, "isExecutable") and element.get("processType") == "Public":
            message = "公開用(Public)のプロセスを実行可能にしています。"
            yield broken("EXT.035", element, message, "processType を None か Private にしてください。")
    for element in model.elements("scriptTask"):
        if executable(element) and kid(element, "script") is not None and not element.get("scriptFormat"):
            yield broken("EXT.053", element, "スクリプトの言語がありません。", "scriptFormat を書いてください。")


RULES = (
    listed_flows,
    flows_stay_inside,
    conditions,
    gateway_direction,
    event_gateways,
    starts_and_ends,
    sub_processes,
    activities,
    processes,
)
