"""Boxed expressions as Python closures: compiled once for a model, run once for a case.

A closure takes the names it may see (`scope`) and the `Run`. Whatever cannot be worked out is null with a notice, as the
standard asks; what cannot even be read is listed as a `Problem` when the model is prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from honrai.engines.decision import model as m
from honrai.engines.decision.formula import Cell, Formula, cell_of, formula_of
from honrai.engines.decision.kinds import ANYTHING, MISFIT, Kind, Kinds, Names, fit
from honrai.engines.decision.run import Code, Run, Scope
from honrai.engines.decision.static import Text
from honrai.engines.decision.tables import Table, compile_table, nothing
from honrai.engines.feel.errors import FeelError
from honrai.engines.feel.external import external_function
from honrai.engines.feel.runtime import Invalid, Runtime
from honrai.engines.feel.types import Type
from honrai.engines.feel.values import Function

FEEL_LANGUAGES = ("feel", "/FEEL/", "/spec/FEEL")


@dataclass(frozen=True, slots=True)
class Problem:
    """A part that can never be worked out: where it is, what is wrong, how to mend it (Japanese)."""

    element: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.element}（{self.line}行目）: {self.what} {self.remedy}"


class Compiler:
    """Compiles the expressions of one model.

    Attributes:
        kinds: the types of the model.
        problems: what could not be read.
        tables: the compiled decision tables, each with the name of its element.
        texts: the FEEL texts, each with what it may see.
    """

    def __init__(self, model: m.Model) -> None:
        self.model = model
        self.problems: list[Problem] = []
        self.tables: list[tuple[str, Table]] = []
        self.texts: list[Text] = []
        self.element = ""
        self.types: dict[str, Type] = {}
        self.kinds = Kinds(model, lambda tests: self.cell(tests, {}))
        self._compile: dict[type, Callable[..., Code]] = {
            m.LiteralExpression: self._literal,
            m.Context: self._context,
            m.ListExpression: self._list,
            m.Relation: self._relation,
            m.Invocation: self._invocation,
            m.FunctionDefinition: self._function,
            m.Conditional: self._conditional,
            m.Filter: self._filter,
            m.Iterator: self._iterator,
            m.DecisionTable: self._table,
        }

    def link(self, imported: list[tuple[str, Kinds]]) -> None:
        """Let the model see the types of its imports, by import name."""
        self.kinds.imported = imported
        self.types = self.kinds.feel_types()

    def expression(self, node: m.Expression | None, names: Names) -> Code:
        """Return the code of an expression that sees `names`; its value is brought into its declared type."""
        if node is None:
            return nothing
        code = self._compile[type(node)](node, names)
        if isinstance(node, m.DecisionTable):
            return code
        return self.typed(code, self.kind(node.type_ref, node), node.line)

    def kind(self, name: str | None, node: m.Node) -> Kind:
        """Return a declared type; an unknown name is a problem."""
        before = len(self.kinds.unknown)
        kind = self.kinds.find(name)
        if len(self.kinds.unknown) > before:
            self._problem(
                node.line, f"型「{name}」は定義されていません。", "itemDefinition を足すか、型の名前を直してください。"
            )
        return kind

    def typed(self, code: Code, kind: Kind, line: int) -> Code:
        """Return code whose value is brought into `kind`, null where it does not fit."""
        if kind is ANYTHING:
            return code

        def run_typed(scope: Scope, run: Run) -> object:
            value = fit(kind, code(scope, run), run)
            if value is MISFIT:
                run.note(line, f"値が型「{kind.feel}」または許される値に合いません。")
                return None
            return value

        return run_typed

    def formula(self, node: m.LiteralExpression, names: Names) -> Formula | None:
        """Return the FEEL formula of a literal expression, None for one without text or that cannot be read."""
        if not node.text:
            return None
        if node.language and not any(part in node.language for part in FEEL_LANGUAGES):
            self._problem(node.line, f"式の言語「{node.language}」には対応していません。", "FEEL で書いてください。")
            return None
        try:
            formula = formula_of(node.text, names, self.types, node.line)
        except FeelError as error:
            self._problem(node.line + error.line - 1, error.what, error.remedy)
            return None
        self.texts.append(Text(self.element, node.line, formula.expression, names))
        return formula

    def cell(self, node: m.UnaryTests, names: Names, tested: Kind | None = None) -> Cell:
        """Return the unary tests of a table cell for values of type `tested`; what cannot be read never holds."""
        try:
            cell = cell_of(node.text, names, self.types, node.line)
        except FeelError as error:
            self._problem(node.line + error.line - 1, error.what, error.remedy)
            return Cell.never(node.line)
        if tested is not None:
            self.texts.append(Text(self.element, node.line, cell.tests, names, tested))
        return cell

    def function(
        self, node: m.FunctionDefinition, name: str, names: Names, given: Kind = ANYTHING
    ) -> Callable[[Scope, Run], Function]:
        """Return code that makes the function value of a definition; `given` is a declared result type from outside it."""
        parameters = tuple(each.name for each in node.parameters)
        kinds = tuple(self.kind(each.type_ref, each) for each in node.parameters)
        if node.kind == "FEEL":
            body = self.expression(node.body, {**names, **dict(zip(parameters, kinds, strict=True))})
        elif node.kind == "Java":
            body = self._external(node, parameters, names)
        else:
            self._problem(node.line, f"{node.kind} の関数は実行できません。", "FEEL の関数に書き換えてください。")
            body = nothing
        result = self.kind(node.type_ref, node)
        checked = self.typed(self.typed(body, result, node.line), given, node.line)
        return _function_maker(name, parameters, kinds, checked, node.line)

    def _problem(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.element, line, what, remedy))

    def _literal(self, node: m.LiteralExpression, names: Names) -> Code:
        formula = self.formula(node, names)
        return formula.value if formula else nothing

    def _context(self, node: m.Context, names: Names) -> Code:
        entries: list[tuple[str | None, Code]] = []
        for each in node.entries:
            if isinstance(each.value, m.FunctionDefinition) and each.variable:
                # A function may call itself by the name of its entry.
                names = {**names, each.variable.name: ANYTHING}
                code: Code = self.function(each.value, each.variable.name, names)
            else:
                code = self.expression(each.value, names)
            if each.variable is not None:
                kind = self.kind(each.variable.type_ref, each.variable)
                code = self.typed(code, kind, each.line)
                names = {**names, each.variable.name: kind}
            entries.append((each.variable.name if each.variable else None, code))

        def run_context(scope: Scope, run: Run) -> object:
            scope, made = dict(scope), {}
            for name, code in entries:
                if name is None:
                    return code(scope, run)
                made[name] = scope[name] = code(scope, run)
            return made

        return run_context

    def _list(self, node: m.ListExpression, names: Names) -> Code:
        codes = [self.expression(each, names) for each in node.items]
        return lambda scope, run: [code(scope, run) for code in codes]

    def _relation(self, node: m.Relation, names: Names) -> Code:
        rows = [self._row(node.columns, row.cells, names) for row in node.rows]
        return lambda scope, run: [{name: code(scope, run) for name, code in row} for row in rows]

    def _row(
        self, columns: Iterable[m.Variable], cells: Iterable[m.Expression], names: Names
    ) -> list[tuple[str, Code]]:
        return [
            (column.name, self.typed(self.expression(cell, names), self.kind(column.type_ref, column), cell.line))
            for column, cell in zip(columns, cells, strict=True)
        ]

    def _invocation(self, node: m.Invocation, names: Names) -> Code:
        called = self.expression(node.called, names)
        bindings = [
            (
                each.parameter.name,
                self.typed(
                    self.expression(each.value, names), self.kind(each.parameter.type_ref, each.parameter), each.line
                ),
            )
            for each in node.bindings
        ]

        def run_invocation(scope: Scope, run: Run) -> object:
            function = called(scope, run)
            if not isinstance(function, Function):
                run.note(node.line, "呼び出す関数がありません。")
                return None
            return run.call(function, {name: code(scope, run) for name, code in bindings}, node.line)

        return run_invocation

    def _function(self, node: m.FunctionDefinition, names: Names) -> Code:
        return self.function(node, "function", names)

    def _external(self, node: m.FunctionDefinition, parameters: tuple[str, ...], names: Names) -> Code:
        body = self.expression(node.body, names)

        def run_external(scope: Scope, run: Run) -> object:
            where = body(scope, run)
            try:
                found = external_function(run.runtime, {"java": where}, parameters, ())
            except Invalid as error:
                run.note(node.line, str(error))
                return None
            return run.call(found, {name: scope[name] for name in parameters}, node.line)

        return run_external

    def _conditional(self, node: m.Conditional, names: Names) -> Code:
        test, then, otherwise = (self.expression(each, names) for each in (node.test, node.then, node.otherwise))

        def run_conditional(scope: Scope, run: Run) -> object:
            found = test(scope, run)
            if found is not None and not isinstance(found, bool):
                run.note(node.test.line, "条件が真偽値ではありません。")
                return None
            return then(scope, run) if found else otherwise(scope, run)

        return run_conditional

    def _filter(self, node: m.Filter, names: Names) -> Code:
        source = self.expression(node.source, names)
        match = self.expression(node.match, {**names, "item": ANYTHING})

        def run_filter(scope: Scope, run: Run) -> object:
            items = source(scope, run)
            if items is None:
                return []
            items = items if isinstance(items, list) else [items]
            kept = []
            for item in items:
                run.charge()
                inner = {**scope, **(item if isinstance(item, dict) else {}), "item": item}
                found = match(inner, run)
                if found is not None and not isinstance(found, bool):
                    run.note(node.match.line, "絞り込みの条件が真偽値ではありません。")
                    return None
                if found:
                    kept.append(item)
            return kept

        return run_filter

    def _iterator(self, node: m.Iterator, names: Names) -> Code:
        source = self.expression(node.source, names)
        body = self.expression(node.body, {**names, node.variable: ANYTHING, "partial": ANYTHING})
        finish = _QUANTIFIERS.get(node.kind)

        def run_iterator(scope: Scope, run: Run) -> object:
            items = run.items(source(scope, run))
            if items is None:
                run.note(node.line, "繰り返す相手がリストではありません。")
                return None
            results: list[object] = []
            for item in items:
                run.charge()
                results.append(body({**scope, node.variable: item, "partial": results}, run))
            return finish(results) if finish else results

        return run_iterator

    def _table(self, node: m.DecisionTable, names: Names) -> Code:
        table = compile_table(self, node, names)
        self.tables.append((self.element, table))
        return self.typed(table.decide, self.kind(node.type_ref, node), node.line)


def _some(results: list[object]) -> bool | None:
    """True when one holds, false when all fail, null otherwise (three-valued or)."""
    if any(each is True for each in results):
        return True
    return False if all(each is False for each in results) else None


def _every(results: list[object]) -> bool | None:
    """False when one fails, true when all hold, null otherwise (three-valued and)."""
    if any(each is False for each in results):
        return False
    return True if all(each is True for each in results) else None


_QUANTIFIERS: dict[str, Callable[[list[object]], bool | None]] = {"some": _some, "every": _every}


def _function_maker(
    name: str, parameters: tuple[str, ...], kinds: tuple[Kind, ...], body: Code, line: int
) -> Callable[[Scope, Run], Function]:
    def make(scope: Scope, run: Run) -> Function:
        def call(runtime: Runtime, values: list[object]) -> object:
            inner = dict(scope)
            for parameter, kind, value in zip(parameters, kinds, values, strict=True):
                inner[parameter] = fitted = fit(kind, value, run)
                if fitted is MISFIT:
                    run.note(line, f"「{name}」の引数「{parameter}」が型「{kind.feel}」に合いません。")
                    return None
            runtime.enter()
            run.element, before = name, run.element
            try:
                return body(inner, run)
            finally:
                runtime.calls -= 1
                run.element = before

        return Function(name, parameters, call, types=tuple(each.feel for each in kinds))

    return make
