"""Constraints on data: items, inputs and outputs, their sets, and what a called element takes and gives."""

from collections.abc import Iterator

from .grammar import name_of
from .model import Element, Model, broken, kid, kids, yes
from .violation import Violation


def _item(model: Model, element: Element | None) -> Element | None:
    """Return the item definition of a data element, message, signal, error or escalation."""
    if element is None:
        return None
    if name_of(element) == "dataObjectReference":
        return _item(model, model.refer_attribute(element, "dataObjectRef"))
    if name_of(element) == "dataStoreReference":
        return _item(model, model.refer_attribute(element, "dataStoreRef"))
    attribute = {"message": "itemRef", "signal": "structureRef", "error": "structureRef", "escalation": "structureRef"}
    return model.refer_attribute(element, attribute.get(name_of(element), "itemSubjectRef"))


def _same(one: Element | None, other: Element | None) -> bool:
    """Say whether two items are equal: the same definition, or definitions of the same structure."""
    if one is None or other is None:
        return one is other
    structures = one.get("structureRef"), other.get("structureRef")
    alike = structures[0] is not None and structures[0] == structures[1]
    return one is other or (alike and yes(one, "isCollection") == yes(other, "isCollection"))


def collections(model: Model) -> Iterator[Violation]:
    """EXT.020: a data element is a collection exactly when its item definition is."""
    for element in model.elements("dataInput", "dataOutput", "dataObject"):
        item = _item(model, element)
        if item is not None and yes(item, "isCollection") != yes(element, "isCollection"):
            message = f"isCollection が itemDefinition「{item.get('id')}」と違います。"
            yield broken("EXT.020", element, message, "どちらかに合わせてください。")


def sets(model: Model) -> Iterator[Violation]:
    """EXT.087, 088: every input and output is in a set; 085, 089: optional ones are also listed as members."""
    for spec in [*model.elements("ioSpecification"), *model.derived("tCatchEvent"), *model.derived("tThrowEvent")]:
        for constraint, one, many in (("EXT.087", "dataInput", "inputSet"), ("EXT.088", "dataOutput", "outputSet")):
            listed = {(ref.text or "").strip() for group in kids(spec, many) for ref in kids(group, f"{one}Refs")}
            for element in kids(spec, one):
                if element.get("id") not in listed:
                    message = f"どの {many} にも入っていません。"
                    yield broken(constraint, element, message, f"{many} に {one}Refs を加えてください。")
    for constraint, many, word in (("EXT.085", "inputSet", "Input"), ("EXT.089", "outputSet", "Output")):
        for group in model.elements(many):
            members = {(ref.text or "").strip() for ref in kids(group, f"data{word}Refs")}
            for ref in kids(group, f"optional{word}Refs", f"whileExecuting{word}Refs"):
                if (ref.text or "").strip() not in members:
                    message = f"{name_of(ref)} の「{(ref.text or '').strip()}」が data{word}Refs にありません。"
                    yield broken(constraint, group, message, f"data{word}Refs にも書いてください。")


def associations(model: Model) -> Iterator[Violation]:
    """EXT.091: data flows between equal items, or through a transformation."""
    for element in model.elements("dataInputAssociation", "dataOutputAssociation"):
        if kid(element, "transformation") is not None or kids(element, "assignment"):
            continue
        sources = kids(element, "sourceRef")
        if len(sources) > 1:
            message = "送り元が二つ以上ありますが、変換(transformation)がありません。"
            yield broken("EXT.090", element, message, "transformation を加えるか、送り元を一つにしてください。")
        target_ref = kid(element, "targetRef")
        target = _item(model, model.refer(element, target_ref.text if target_ref is not None else None))
        for ref in sources[:1]:
            source = _item(model, model.refer(element, ref.text))
            if source is not None and target is not None and not _same(source, target):
                message = "送り元と送り先のデータの型が違います。"
                yield broken("EXT.091", element, message, "型をそろえるか、transformation を加えてください。")


def operations(model: Model) -> Iterator[Violation]:
    """EXT.040 to 052: data of service, send and receive tasks fits their operation or message."""
    for task in model.elements("serviceTask"):
        operation = model.refer_attribute(task, "operationRef")
        if operation is None:
            continue
        incoming, outgoing = kid(operation, "inMessageRef"), kid(operation, "outMessageRef")
        yield from _fits(model, task, "Input", ("EXT.041", "EXT.042", "EXT.045"), incoming)
        yield from _fits(model, task, "Output", ("EXT.043", "EXT.044", "EXT.046"), outgoing)
    for task in model.elements("sendTask"):
        yield from _carries(model, task, "Input", ("EXT.046", "EXT.047", "EXT.048"))
    for task in model.elements("receiveTask"):
        yield from _carries(model, task, "Output", ("EXT.050", "EXT.051", "EXT.052"))


def _fits(
    model: Model, task: Element, word: str, constraints: tuple[str, str, str], message: Element | None
) -> Iterator[Violation]:
    if message is not None:
        yield from _single(model, task, word, constraints, model.refer(message, message.text))


def _carries(model: Model, task: Element, word: str, constraints: tuple[str, str, str]) -> Iterator[Violation]:
    message = model.refer_attribute(task, "messageRef")
    if message is not None:
        yield from _single(model, task, word, constraints, message)


def _single(
    model: Model, task: Element, word: str, constraints: tuple[str, str, str], payload: Element | None
) -> Iterator[Violation]:
    spec = kid(task, "ioSpecification")
    if spec is None:
        return
    data = kids(spec, f"data{word}")
    if len(kids(spec, f"{word.lower()}Set")) > 1:
        message = f"{word.lower()}Set が二つ以上あります。"
        yield broken(constraints[0], task, message, "一つにしてください。")
    elif len(data) > 1:
        yield broken(constraints[1], task, f"data{word} が二つ以上あります。", "メッセージと同じ一つにしてください。")
    elif data and payload is not None and not _same(_item(model, data[0]), _item(model, payload)):
        message = f"data{word}「{data[0].get('id')}」の型がメッセージ「{payload.get('id')}」と違います。"
        yield broken(constraints[2], task, message, "itemSubjectRef をメッセージの itemRef に合わせてください。")


def event_data(model: Model) -> Iterator[Violation]:
    """EXT.094: the data of an event fits what its definitions carry."""
    for event in model.derived("tEvent"):
        payloads = [
            found for definition in model.event_definitions(event) if (found := _payload(model, definition)) is not None
        ]
        items = [item for payload in payloads if (item := _item(model, payload)) is not None]
        data = kids(event, "dataInput", "dataOutput")
        if not data or not items:
            continue
        own = [item for element in data if (item := _item(model, element)) is not None]
        unmatched = [item for item in items if not any(_same(item, one) for one in own)]
        unmatched += [one for one in own if not any(_same(item, one) for item in items)]
        if unmatched:
            message = f"イベントのデータの型「{unmatched[0].get('id')}」が、運ばれる内容と違います。"
            yield broken("EXT.094", event, message, "itemSubjectRef を運ばれる内容の型に合わせてください。")


def _payload(model: Model, definition: Element) -> Element | None:
    kind = name_of(definition).removesuffix("EventDefinition")
    return model.refer_attribute(definition, f"{kind}Ref")


def calls(model: Model) -> Iterator[Violation]:
    """EXT.063: a call passes exactly the data that the called element takes; 064: an offered service is bound."""
    for call in model.elements("callActivity"):
        called = model.refer_attribute(call, "calledElement")
        if called is None:
            continue
        own, other = kid(call, "ioSpecification"), kid(called, "ioSpecification")
        for word in ("dataInput", "dataOutput"):
            mine = [_item(model, e) for e in ([] if own is None else kids(own, word))]
            theirs = [_item(model, e) for e in ([] if other is None else kids(other, word))]
            if not _matched(mine, theirs):
                message = f"{word} が、呼び出す「{called.get('id')}」の {word} と合いません。"
                yield broken("EXT.063", call, message, "数と型を呼び出す先に合わせてください。")
    for element in model.derived("tCallableElement"):
        if kids(element, "supportedInterfaceRef") and not kids(element, "ioBinding"):
            message = "提供するインターフェースに、入出力の対応がありません。"
            yield broken("EXT.064", element, message, "ioBinding を加えてください。")


def _matched(mine: list[Element | None], theirs: list[Element | None]) -> bool:
    left = list(theirs)
    for item in mine:
        found = next((other for other in left if _same(item, other)), ...)
        if found is ...:
            return False
        left.remove(found)
    return not left


def loops(model: Model) -> Iterator[Violation]:
    """EXT.067: a multi-instance loop knows how many; 068, 069: its items are single members of the collection."""
    for loop in model.elements("multiInstanceLoopCharacteristics"):
        if kid(loop, "loopCardinality") is None and kid(loop, "loopDataInputRef") is None:
            message = "何回繰り返すかが決まっていません。"
            yield broken("EXT.067", loop, message, "loopCardinality か loopDataInputRef を書いてください。")
        for constraint, word in (("EXT.068", "Input"), ("EXT.069", "Output")):
            ref, member = kid(loop, f"loopData{word}Ref"), kid(loop, f"{word.lower()}DataItem")
            if ref is None or member is None:
                continue
            whole, single = _item(model, model.refer(loop, ref.text)), _item(model, member)
            if whole is None or single is None:
                continue
            if yes(single, "isCollection") or whole.get("structureRef") != single.get("structureRef"):
                message = (
                    f"{word.lower()}DataItem の型が、集まり「{(ref.text or '').strip()}」の一つ分の型ではありません。"
                )
                yield broken(
                    constraint, loop, message, "同じ structureRef で isCollection が false の型にしてください。"
                )


RULES = (collections, sets, associations, operations, event_data, calls, loops)
