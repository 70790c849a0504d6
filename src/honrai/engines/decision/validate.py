"""What must hold inside one model before anything runs: ids, references, names, no circles, tables of equal width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import NoReturn

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError

_LABELS = {
    m.InputData: "inputData",
    m.Decision: "decision",
    m.BusinessKnowledge: "businessKnowledgeModel",
    m.DecisionService: "decisionService",
    m.KnowledgeSource: "knowledgeSource",
    m.DecisionTable: "decisionTable",
    m.Rule: "rule",
    m.ItemDefinition: "itemDefinition",
    m.Import: "import",
    m.Requirement: "requirement",
}


def validate(model: m.Model) -> None:
    """Refuse a model that contradicts itself.

    Raises:
        DecisionError: duplicate id or name, dangling or circular requirement, a row of the wrong width.
    """
    nodes = list(walk(model))
    _ids(model, nodes)
    _names(model)
    _references(model)
    _circles(model)
    _types(model)
    for node in nodes:
        if isinstance(node, m.DecisionTable):
            _table(model, node)
        elif isinstance(node, m.Relation):
            _relation(model, node)


def walk(node: m.Node) -> Iterator[m.Node]:
    """Yield a node and every node inside it, in document order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        names = _PARTS.get(type(current)) or _parts_of(type(current))
        if names is not _NONE:
            waiting.extend(reversed(_inside(current, names)))


def _inside(node: m.Node, names: tuple[str, ...]) -> list[m.Node]:
    found: list[m.Node] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(value)
        elif value is not None:
            found.append(value)
    return found


_NONE = ("",)
_PARTS: dict[type, tuple[str, ...]] = {}


def _parts_of(kind: type[m.Node]) -> tuple[str, ...]:
    """Return the fields of a class that hold other parts, going by their annotations."""
    parts = {name for name, each in vars(m).items() if isinstance(each, type) and issubclass(each, m.Node)}
    names = tuple(f.name for f in fields(kind) if parts & set(re.findall(r"\w+", str(f.type))))
    _PARTS[kind] = names or _NONE
    return _PARTS[kind]


def fail(model: m.Model, node: m.Node, problem: str, remedy: str) -> NoReturn:
    """Raise an error that points at `node`."""
    name = getattr(node, "name", None) or node.label or node.id
    kind = _LABELS.get(type(node), type(node).__name__)
    element = f"{kind}「{name}」" if name else kind
    raise DecisionError(problem, remedy, file=model.file, line=node.line, element=element)


def _ids(model: m.Model, nodes: list[m.Node]) -> None:
    seen: dict[str, int] = {}
    for node in nodes:
        if node.id is None:
            continue
        if node.id in seen and node is not model:
            first = f"{seen[node.id]}行目" if seen[node.id] else "ほかの要素"
            fail(model, node, f"id「{node.id}」が {first} と重複しています。", "どちらかの id を変えてください。")
        if node is not model:
            seen[node.id] = node.line


def _names(model: m.Model) -> None:
    named = tuple(each for each in model.imports if each.name)
    for group in (model.items, named, (*model.inputs, *model.decisions, *model.knowledge, *model.services)):
        seen: set[str] = set()
        for node in group:
            if node.name in seen:
                fail(model, node, f"名前「{node.name}」が二つあります。", "どちらかの名前を変えてください。")
            seen.add(node.name)


def _references(model: m.Model) -> None:
    if any(not each.name for each in model.imports):
        return  # The elements of imports without a name count as this model's own; `prepare` looks for them.
    known = {each.id for each in model.elements}
    for element in model.elements:
        for href in hrefs(element):
            target = local_id(model, href)
            if target is not None and target not in known:
                fail(model, element, f"参照先「{href}」がありません。", "href を直すか、要素を足してください。")


def hrefs(element: m.Element) -> tuple[str, ...]:
    """Return what an element needs in order to run."""
    arrows = tuple(each.href for each in element.requires if each.kind != "authority")
    if isinstance(element, m.DecisionService):
        return (*arrows, *element.outputs, *element.encapsulated, *element.input_decisions, *element.input_data)
    return arrows


def _types(model: m.Model) -> None:
    """Refuse types that are nothing but each other's names."""
    named = {each.name: each for each in model.items if not each.components and not each.function}
    for item in model.items:
        seen: list[str] = []
        name: str | None = item.name
        while name in named:
            if name in seen:
                fail(
                    model,
                    item,
                    f"型の定義が循環しています（{' → '.join([*seen, name])}）。",
                    "typeRef を直してください。",
                )
            seen.append(name)
            name = named[name].type_ref


def local_id(model: m.Model, href: str) -> str | None:
    """Return the id an href names in this model, None when it points into another one."""
    namespace, _, target = href.rpartition("#")
    if namespace and namespace != model.namespace:
        return None
    return target


def _circles(model: m.Model) -> None:
    """Refuse circular requirements; a service needs its outputs, never the decisions given to it from outside."""
    by_id = {each.id: each for each in model.elements if each.id}
    state: dict[str, int] = {}
    for start in by_id:
        path: list[tuple[str, Iterator[str]]] = []
        _enter(model, by_id, start, state, path)
        while path:
            target = next(path[-1][1], None)
            if target is None:
                state[path.pop()[0]] = 2
            elif state.get(target) == 1:
                names = [by_id[each].name for each, _ in path]
                circle = " → ".join([*names[[each for each, _ in path].index(target) :], by_id[target].name])
                fail(model, by_id[target], f"関係が循環しています（{circle}）。", "矢印を一つ外してください。")
            else:
                _enter(model, by_id, target, state, path)


def _enter(
    model: m.Model,
    by_id: dict[str, m.Element],
    target: str,
    state: dict[str, int],
    path: list[tuple[str, Iterator[str]]],
) -> None:
    if target in state or target not in by_id:
        return
    state[target] = 1
    element = by_id[target]
    needed = element.outputs if isinstance(element, m.DecisionService) else hrefs(element)
    inner = [each for each in (local_id(model, href) for href in needed) if each is not None]
    path.append((target, iter(inner)))


def _table(model: m.Model, table: m.DecisionTable) -> None:
    if not table.outputs:
        fail(model, table, "結果の列がありません。", "output を一つ以上書いてください。")
    if table.aggregation and table.hit_policy != "COLLECT":
        fail(model, table, "集計は COLLECT のときだけ使えます。", "hitPolicy を COLLECT にするか集計を外してください。")
    if len(table.outputs) > 1:
        names = [each.name for each in table.outputs]
        if not all(names) or len(set(names)) < len(names):
            fail(model, table, "結果の列の名前がないか、重複しています。", "列ごとに違う name を付けてください。")
    for rule in table.rules:
        given, wanted = (len(rule.inputs), len(rule.outputs)), (len(table.inputs), len(table.outputs))
        if given != wanted:
            problem = f"条件・結果の数（{given[0]}・{given[1]}）が列の数（{wanted[0]}・{wanted[1]}）と合いません。"
            fail(model, rule, problem, "列と同じ数にしてください（何でもよい条件は - と書きます）。")


def _relation(model: m.Model, relation: m.Relation) -> None:
    for row in relation.rows:
        if len(row.cells) != len(relation.columns):
            fail(model, row, "行のセルの数が列の数と合いません。", "列と同じ数にしてください。")
