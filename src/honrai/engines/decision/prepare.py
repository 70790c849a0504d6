"""Join a model with its imports, put its graph in order, compile its logic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from honrai.engines.decision import model as m
from honrai.engines.decision.kinds import ANYTHING, ContextKind, Kind
from honrai.engines.decision.logic import Compiler
from honrai.engines.decision.program import PARAMETERS, Key, Program, Unit, key_of, service_needs
from honrai.engines.decision.validate import fail


def prepare(model: m.Model, imports: Iterable[m.Model] = ()) -> Program:
    """Make a model ready to run.

    Args:
        model: the main model.
        imports: the models it imports, directly or through others, in any order.

    Raises:
        DecisionError: an import is missing, imports form a circle, or an arrow points to nothing.
    """
    models = {each.namespace: each for each in imports} | {model.namespace: model}
    compilers: dict[str, Compiler] = {}
    for namespace in _import_order(model, models):
        each = models[namespace]
        imported = {i.name: compilers[i.namespace].kinds for i in each.imports if i.namespace in compilers}
        compilers[namespace] = Compiler(each, imported)
    used = {namespace: models[namespace] for namespace in compilers}
    units = {unit.key: unit for each in used.values() for unit in _units(each, compilers[each.namespace])}
    for unit in units.values():
        _connect(unit, units)
    for unit in units.values():
        _compile(unit, units, compilers[unit.model.namespace])
    return Program(model, units, compilers)


def _import_order(model: m.Model, models: Mapping[str, m.Model]) -> list[str]:
    """Return the namespaces used, imported ones before those that import them."""
    order: list[str] = []
    path: list[tuple[m.Model, Iterator[m.Import]]] = [(model, iter(model.imports))]
    while path:
        current, waiting = path[-1]
        following = next((i for i in waiting if i.import_type in m.MODEL_NS and i.namespace not in order), None)
        if following is None:
            order.append(current.namespace)
            path.pop()
            continue
        if following.namespace not in models:
            problem, remedy = f"取り込むモデル「{following.namespace}」がありません。", "そのモデルも渡してください。"
            fail(current, following, problem, remedy)
        if any(each.namespace == following.namespace for each, _ in path):
            fail(current, following, "モデルの取り込みが循環しています。", "取り込みを一つ外してください。")
        target = models[following.namespace]
        path.append((target, iter(target.imports)))
    return order


def _units(model: m.Model, compiler: Compiler) -> Iterator[Unit]:
    for element in model.elements:
        if isinstance(element, m.KnowledgeSource):
            continue
        compiler.element = element.name
        variable = element.variable
        name = variable.name if variable else element.name
        kind = compiler.kind(variable.type_ref if variable else None, element)
        if isinstance(element, m.BusinessKnowledge):
            kind = ANYTHING
        yield Unit((model.namespace, element.id or f"name:{element.name}"), element, name, kind, model)


def _connect(unit: Unit, units: Mapping[Key, Unit]) -> None:
    aliases = {each.namespace: each.name for each in unit.model.imports}
    needs = []
    for requirement in unit.element.requires:
        if requirement.kind == "authority":
            continue
        key = key_of(unit.model, requirement.href)
        if key not in units:
            problem = f"「{unit.name}」の参照先「{requirement.href}」がありません。"
            fail(unit.model, requirement, problem, "href を直すか、その要素を足してください。")
        needs.append((key, "" if key[0] == unit.model.namespace else aliases.get(key[0], "")))
    for key in service_needs(unit):
        if key not in units:
            problem = f"「{unit.name}」の参照先「{'#'.join(key)}」がありません。"
            fail(unit.model, unit.element, problem, "href を直すか、その要素を足してください。")
    unit.needs = tuple(needs)
    unit.names = _names(unit, units)


def _names(unit: Unit, units: Mapping[Key, Unit]) -> dict[str, Kind]:
    """Return the names the logic of a unit sees, with their types; those of an import are entries of its name."""
    names: dict[str, Kind] = {PARAMETERS: ANYTHING}
    imported: dict[str, dict[str, Kind]] = {}
    for key, alias in unit.needs:
        needed = units[key]
        if alias:
            imported.setdefault(alias, {})[needed.name] = needed.kind
        else:
            names[needed.name] = needed.kind
    return names | {alias: ContextKind(entries) for alias, entries in imported.items()}


def _compile(unit: Unit, units: Mapping[Key, Unit], compiler: Compiler) -> None:
    compiler.element = unit.name
    # Names with signs are also read after `import name.`, so FEEL must know those of imported elements too.
    names = {units[key].name: ANYTHING for key, alias in unit.needs if alias} | unit.names
    if isinstance(unit.element, m.Decision):
        unit.code = compiler.expression(unit.element.logic, names)
    elif isinstance(unit.element, m.BusinessKnowledge):
        function = unit.element.function or m.FunctionDefinition()
        unit.function = compiler.function(function, unit.name, {**names, unit.name: ANYTHING})
