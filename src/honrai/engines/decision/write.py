"""Write a `Model` as DMN XML without losing what the model does not describe.

A model that was read and not changed is written back byte for byte. Where it was changed, only the changed elements are
rebuilt, and within them vendor attributes, extension elements, comments and everything unknown stay where they were.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from lxml import etree

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.read import read
from honrai.engines.decision.render import Renderer
from honrai.engines.decision.source import parse_xml
from honrai.engines.decision.validate import validate

_UNMODELLED_WORDS = """
extensionElements performanceIndicator organizationUnit elementCollection group textAnnotation association type
usingProcess usingTask impactedPerformanceIndicator impactingDecision decisionMaker decisionOwner
supportedObjective owner businessContextElement importedValues
"""
_UNMODELLED = frozenset(_UNMODELLED_WORDS.split())


def write(model: m.Model) -> bytes:
    """Return the model as UTF-8 XML of its DMN version.

    Raises:
        DecisionError: the model contradicts itself, or its version differs from that of the file it was read from.
    """
    validate(model)
    if model.source is None:
        return _new(model)
    before = read(model.source, model.file)
    if before == model:
        return model.source
    if before.version != model.version:
        raise DecisionError(
            f"DMN {before.version} のファイルを {model.version} として書くことはできません。",
            "読み込んだときの版のまま書くか、source を外して新しく書いてください。",
            file=model.file,
        )
    root = parse_xml(model.source, model.file)
    _update(root, before, model)
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def _parts(model: m.Model) -> tuple[m.Node, ...]:
    return (*model.imports, *model.items, *model.elements)


def _key(part: m.Node) -> tuple[type, str]:
    return type(part), part.id or str(getattr(part, "name", ""))


def _head(renderer: Renderer, model: m.Model) -> etree._Element:
    return renderer.part("definitions", model, {"name": model.name, "namespace": model.namespace})


def _new(model: m.Model) -> bytes:
    renderer = Renderer(model.version)
    head = _head(renderer, model)
    names: Any = {None: renderer.namespace, "honrai": m.HONRAI_NS}
    attributes = {str(name): str(value) for name, value in head.attrib.items()}
    root = etree.Element(head.tag, attributes, nsmap=names)
    root.extend([*head, *map(renderer.box, _parts(model))])
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _update(root: etree._Element, before: m.Model, after: m.Model) -> None:
    """Rebuild in `root` what differs between the two models."""
    renderer = Renderer(after.version)
    _merge(root, _head(renderer, before), _head(renderer, after), renderer.namespace, children=False)
    old: dict[tuple[type, str], m.Node] = {_key(part): part for part in _parts(before)}
    places = _places(root, renderer.namespace)
    wanted = {_key(part) for part in _parts(after)}
    for part in _parts(after):
        was = old.get(_key(part))
        if was is None:
            _append(root, renderer.box(part))
        elif was != part:
            _merge(places[_key(was)], renderer.box(was), renderer.box(part), renderer.namespace)
    gone = [key for key in old if key not in wanted]
    for key in gone:
        root.remove(places[key])
    _forget_shapes(root, {key[1] for key in gone})


def _places(root: etree._Element, namespace: str) -> dict[tuple[type, str], etree._Element]:
    kinds = {
        "import": m.Import,
        "itemDefinition": m.ItemDefinition,
        "inputData": m.InputData,
        "decision": m.Decision,
        "businessKnowledgeModel": m.BusinessKnowledge,
        "decisionService": m.DecisionService,
        "knowledgeSource": m.KnowledgeSource,
    }
    found: dict[tuple[type, str], etree._Element] = {}
    for local, kind in kinds.items():
        for element in root.findall("{" + namespace + "}" + local):
            found[kind, element.get("id") or " ".join((element.get("name") or "").split())] = element
    return found


def _append(root: etree._Element, element: etree._Element) -> None:
    """Add a new element before the diagrams, which the standard wants last."""
    etree.indent(element, level=1)
    element.tail = "\n  "
    last = next((each for each in root if isinstance(each.tag, str) and each.tag.endswith("}DMNDI")), None)
    if last is None:
        root.append(element)
    else:
        last.addprevious(element)


def _forget_shapes(root: etree._Element, ids: set[str]) -> None:
    """Drop the drawings of removed elements; a shape without its element would make the diagram invalid."""
    for shape in [each for each in root.iter() if each.get("dmnElementRef") in ids]:
        parent = shape.getparent()
        if parent is not None:
            parent.remove(shape)


def _merge(
    place: etree._Element, was: etree._Element, now: etree._Element, namespace: str, *, children: bool = True
) -> None:
    """Make `place` say `now` where it said `was`, and keep everything neither of them knows."""
    for name in was.attrib:
        if name not in now.attrib and name in place.attrib:
            del place.attrib[name]
    for name, value in now.attrib.items():
        if was.get(name) != value:
            place.set(name, value)
    if (was.text or "").strip() != (now.text or "").strip():
        place.text = now.text
    if children:
        _merge_children(place, list(was), list(now), namespace)


def _merge_children(
    place: etree._Element, was: list[etree._Element], now: list[etree._Element], namespace: str
) -> None:
    modelled = [each for each in place if _modelled(each, namespace)]
    pairs = dict(zip(_keys(modelled), zip(modelled, _matching(modelled, was), strict=True), strict=True))
    result: list[etree._Element] = []
    for key, new in zip(_keys(now), now, strict=True):
        known = pairs.pop(key, None)
        if known is None:
            etree.indent(new)
            result.append(new)
        else:
            _merge(known[0], known[1], new, namespace)
            result.append(known[0])
    previous: etree._Element | None = None
    for each in list(place):
        if not _modelled(each, namespace):
            result.insert(result.index(previous) + 1 if previous is not None else 0, each)
        if each in result:
            previous = each
    if result != list(place):
        place[:] = result


def _modelled(element: etree._Element, namespace: str) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith("{" + namespace + "}"):
        return False
    return tag.rpartition("}")[2] not in _UNMODELLED


def _keys(elements: Iterable[etree._Element]) -> list[tuple[str, str]]:
    """Name each element among its brothers: by id, else by its turn among those of the same tag."""
    counts: dict[str, int] = {}
    keys = []
    for each in elements:
        tag = str(each.tag)
        counts[tag] = counts.get(tag, 0) + 1
        keys.append((tag, each.get("id") or f"#{counts[tag]}"))
    return keys


def _matching(elements: list[etree._Element], rendered: list[etree._Element]) -> list[etree._Element]:
    """Return for each element its rendering from the old model; itself without children where there is none."""
    by_key = dict(zip(_keys(rendered), rendered, strict=True))
    found = []
    for key, each in zip(_keys(elements), elements, strict=True):
        match = by_key.get(key)
        found.append(match if match is not None else copy.copy(each))
    return found
