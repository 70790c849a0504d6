"""Constraints between participants: pools, messages, choreographies, and ids across files."""

from collections.abc import Iterator

from .grammar import grammar, name_of
from .model import Element, Model, broken, kids, number, yes
from .violation import Violation


def multiplicity(model: Model) -> Iterator[Violation]:
    """EXT.029: how many of a participant there are."""
    for element in model.elements("participantMultiplicity"):
        least, most = number(element, "minimum", 0), number(element, "maximum", 1)
        if least < 0 or most < 1 or most < least:
            message = f"参加者の数が {least} から {most} になっています。"
            yield broken("EXT.029", element, message, "minimum は0以上、maximum は1以上で minimum 以上にしてください。")


def global_conversations(model: Model) -> Iterator[Violation]:
    """EXT.032: a global conversation holds no conversation nodes."""
    for element in model.elements("globalConversation"):
        for child in element:
            if isinstance(child.tag, str) and grammar().is_a(name_of(child), "tConversationNode"):
                message = "globalConversation の中に会話の要素は置けません。"
                yield broken("EXT.032", child, message, "collaboration の中に移してください。")


def closed_choreographies(model: Model) -> Iterator[Violation]:
    """EXT.033: beside a closed choreography there are no messages that it does not know."""
    for collaboration in model.elements("collaboration"):
        closed = [
            found for ref in kids(collaboration, "choreographyRef") if (found := model.refer(ref, ref.text)) is not None
        ]
        if not any(yes(found, "isClosed") for found in closed):
            continue
        known = {link.get("outerMessageFlowRef") for link in kids(collaboration, "messageFlowAssociation")}
        for flow in kids(collaboration, "messageFlow"):
            if flow.get("id") not in known:
                message = "閉じたコレオグラフィーにないメッセージのやり取りです。"
                yield broken("EXT.033", flow, message, "messageFlowAssociation で対応させるか、取り除いてください。")


def message_flows(model: Model) -> Iterator[Violation]:
    """EXT.030: a message flow joins two different participants."""
    owner = {
        element.get("processRef"): element for element in model.elements("participant") if element.get("processRef")
    }
    for flow in model.elements("messageFlow"):
        ends = [model.refer_attribute(flow, side) for side in ("sourceRef", "targetRef")]
        pools = [_pool(end, owner) for end in ends if end is not None]
        if len(pools) == 2 and pools[0] is not None and pools[0] is pools[1]:
            message = "メッセージフローの両端が同じ参加者の中にあります。"
            yield broken("EXT.030", flow, message, "シーケンスフローにするか、別の参加者へつないでください。")


def _pool(element: Element, owner: dict[str | None, Element]) -> Element | None:
    if name_of(element) == "participant":
        return element
    process = next((up for up in element.iterancestors() if name_of(up) == "process"), None)
    return None if process is None else owner.get(process.get("id"), process)


def ids_across_files(model: Model) -> Iterator[Violation]:
    """EXT.002: files of one namespace do not share ids."""
    for document in model.imports:
        if document.namespace != model.main.namespace:
            continue
        for identity in sorted(model.main.ids.keys() & document.ids.keys()):
            message = f"id「{identity}」が、取り込む「{document.name}」にもあります。"
            yield broken("EXT.002", model.main.ids[identity], message, "id を変えてください。")


RULES = (multiplicity, global_conversations, closed_choreographies, message_flows, ids_across_files)
