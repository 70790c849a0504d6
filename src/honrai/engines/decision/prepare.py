"""Join a model with its imports, put its graph in order, compile its logic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from honrai.engines.decision import model as m
from honrai.engines.decision.kinds import ANYTHING, ContextKind, Kind, result_of
from honrai.engines.decision.logic import Compiler
from honrai.engines.decision.program import PARAMETERS, Key, Program, Unit, key_of
from honrai.engines.decision.validate import fail


def prepare(model: m.Model, imports: Iterable[m.Model] = ()) -> Program:
    """Make a model ready to run.

    Args:
        model: the main model.
        imports: the models it imports, directly or through others, in any order.

    Raises:
        DecisionError: an import is missing, or an arrow points to nothing.
    """
    given = {each.namespace: each for each in imports} | {model.namespace: model}
    models = _reached(model, given)
    compilers = {namespace: Compiler(each) for namespace, each in models.items()}
    for namespace, each in models.items():
        compilers[namespace].link([(i.name, compilers[i.namespace].kinds) for i in _model_imports(each)])
    units = {unit.key: unit for each in models.values() for unit in _units(each, compilers[each.namespace])}
    finder = _Finder(models, units)
    for unit in units.values():
        _connect(unit, finder)
    for unit in units.values():
        _compile(unit, units, compilers[unit.model.namespace])
    return Program(model, units, compilers)


def _model_imports(model: m.Model) -> list[m.Import]:
    """Return the imports of DMN models; a model that imports itself imports nothing."""
    return [each for each in model.imports if each.import_type in m.MODEL_NS and each.namespace != model.namespace]


def _reached(model: m.Model, given: Mapping[str, m.Model]) -> dict[str, m.Model]:
    """Return the models used, by namespace: the main one and all it imports, each once."""
    models = {model.namespace: model}
    waiting = [model]
    while waiting:
        current = waiting.pop()
        for each in _model_imports(current):
            if each.namespace not in given:
                problem = f"取り込むモデル「{each.namespace}」がありません。"
                fail(current, each, problem, "そのモデルも渡してください。")
            if each.namespace not in models:
                models[each.namespace] = given[each.namespace]
                waiting.append(given[each.namespace])
    return models


class _Finder:
    """Finds elements by href, also those of imports without a name, which count as the model's own."""

    def __init__(self, models: Mapping[str, m.Model], units: Mapping[Key, Unit]) -> None:
        self.models, self.units = models, units

    def key(self, model: m.Model, href: str) -> Key | None:
        """Return the key of the element an href of `model` means, None where there is none."""
        namespace, target = key_of(model, href)
        return next((key for each in self._merged(namespace) if (key := (each, target)) in self.units), None)

    def alias(self, model: m.Model, key: Key) -> str:
        """Return the import name under which `model` sees an element, empty for its own."""
        if key[0] in self._merged(model.namespace):
            return ""
        named = [each for each in _model_imports(model) if each.name and key[0] in self._merged(each.namespace)]
        return named[0].name if named else ""

    def _merged(self, namespace: str) -> list[str]:
        """Return a namespace and those its imports without a name add to it, nearest first."""
        found = [namespace] if namespace in self.models else []
        for each in found:
            inner = (i.namespace for i in _model_imports(self.models[each]) if not i.name)
            found.extend(other for other in inner if other not in found)
        return found


def _units(model: m.Model, compiler: Compiler) -> Iterator[Unit]:
    for element in model.elements:
        if isinstance(element, m.KnowledgeSource):
            continue
        compiler.element = element.name
        variable = element.variable
        name = variable.name if variable else element.name
        kind = compiler.kind(variable.type_ref if variable else None, element)
        yield Unit((model.namespace, element.id or f"name:{element.name}"), element, name, kind, model)


def _connect(unit: Unit, finder: _Finder) -> None:
    def key(href: str, node: m.Node) -> Key:
        found = finder.key(unit.model, href)
        if found is None:
            problem = f"「{unit.name}」の参照先「{href}」がありません。"
            fail(unit.model, node, problem, "href を直すか、その要素を足してください。")
        return found

    keys = [key(each.href, each) for each in unit.element.requires if each.kind != "authority"]
    unit.needs = tuple((each, finder.alias(unit.model, each)) for each in keys)
    if isinstance(unit.element, m.DecisionService):
        hrefs = (*unit.element.input_data, *unit.element.input_decisions)
        unit.given = tuple(key(each, unit.element) for each in hrefs)
        unit.gives = tuple(key(each, unit.element) for each in unit.element.outputs)
    unit.names = _names(unit, finder.units)


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
        result = result_of(unit.kind) if unit.kind is not result_of(unit.kind) else ANYTHING
        unit.function = compiler.function(function, unit.name, {**names, unit.name: ANYTHING}, result)
