"""Cells of a table in words a clerk reads: `[18..65)` is 18以上65未満, `p.上限` is its amount on the day asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.formula import Cell, Formula, constant
from honrai.engines.decision.program import Program
from honrai.engines.decision.run import Run
from honrai.engines.decision.tables import Table
from honrai.engines.feel import nodes as n
from honrai.engines.feel import values as fv
from honrai.engines.feel.builtins import BUILTINS
from honrai.engines.feel.nodes import names_used

ANY = "―"
ANY_MEANING = "問わない"
_OPERATORS = {"<": "未満", "<=": "以下", ">": "超", ">=": "以上", "=": "", "!=": "以外"}
POLICIES = {
    "UNIQUE": "当てはまる行はいつも一つだけです。",
    "FIRST": "上から順に見て、最初に当てはまる行を使います。",
    "PRIORITY": "当てはまる行のうち、結果の優先順位が最も高いものを使います。",
    "ANY": "複数の行が当てはまっても、結果は同じです。",
    "COLLECT": "当てはまる行の結果をすべて集めます。",
    "RULE ORDER": "当てはまる行の結果を、行の順にすべて並べます。",
    "OUTPUT ORDER": "当てはまる行の結果を、優先順位の順にすべて並べます。",
}
AGGREGATIONS = {
    "SUM": "当てはまる行の結果を合計します。",
    "COUNT": "当てはまる行を数えます。",
    "MIN": "当てはまる行の結果のうち最小のものを使います。",
    "MAX": "当てはまる行の結果のうち最大のものを使います。",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row in words."""

    number: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A table in words, ready to be set.

    Attributes:
        title: the name of the decision.
        question: the question it answers, empty without one.
        policy: how rows are chosen.
        conditions: headings of the condition columns.
        results: headings of the result columns.
        notes: headings of the note columns.
        rows: the rows.
        default: the results when no row fits, empty without one.
        parameters: the parameters used and their values on the day asked for.
        sources: the laws and guides the decision rests on.
    """

    title: str
    question: str
    policy: str
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    default: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def page(program: Program, name: str, parameters: Mapping[str, object] | None) -> list[Page]:
    """Return the tables of a decision or knowledge model in words.

    Raises:
        DecisionError: there is no such element, or it has no table.
    """
    unit = program.unit(name)
    compiler = program.compilers[program.model.namespace]
    tables = [table for owner, table in compiler.tables if owner in (unit.name, unit.element.name)]
    if not tables:
        raise DecisionError(
            f"「{unit.name}」には表がありません。", "表を持つ判断の名前を指定してください。", file=program.model.file
        )
    words = _Words(parameters)
    wanted = {each.href.rpartition("#")[2] for each in unit.element.requires if each.kind == "authority"}
    sources = tuple(each.name for each in program.model.sources if each.id in wanted)
    question = getattr(unit.element, "question", None) or ""
    return [_page(table, unit.element.name, question, sources, words) for table in tables]


def _page(table: Table, title: str, question: str, sources: tuple[str, ...], words: _Words) -> Page:
    node = table.node
    words.used.clear()
    rows = tuple(_row(table, number, words) for number in range(len(node.rules)))
    default = tuple(words.formula(each) if each else "" for each in table.default_formulas) if table.default else ()
    fallback = node.output_label or title
    return Page(
        title,
        question,
        AGGREGATIONS[node.aggregation] if node.aggregation else POLICIES[node.hit_policy],
        tuple(each.label or words.heading(each.expression.text or "") for each in node.inputs),
        tuple(each.label or each.name or fallback for each in node.outputs),
        tuple(node.annotations) or (("理由",) if any(each.notes for each in rows) else ()),
        rows,
        default,
        tuple((key, value) for key, value in words.used.items()),
        sources,
    )


def _row(table: Table, number: int, words: _Words) -> Row:
    line, rule = table.lines[number], table.node.rules[number]
    cells = dict(line.cells)
    conditions = tuple(words.cell(cells[column]) if column in cells else ANY for column in range(len(rule.inputs)))
    results = tuple(words.formula(each) if each else "" for each in line.formulas)
    return Row(number + 1, conditions, results, rule.annotations)


class _Words:
    """Puts cells into words; parameters become their values and are remembered in `used`."""

    def __init__(self, parameters: Mapping[str, object] | None) -> None:
        self.scope: dict[str, object] = {} if parameters is None else {"p": fv.to_feel(dict(parameters))}
        self.run = Run.start()
        self.used: dict[str, str] = {}

    def heading(self, text: str) -> str:
        """Return an input expression as a heading."""
        return " の ".join(text.split(".")) if text.replace(".", "").replace(" ", "").isalnum() else text

    def cell(self, cell: Cell) -> str:
        """Return unary tests in words."""
        parts = [self._test(test) for test in cell.ast.tests]
        if any(part is None for part in parts):
            return self._plain(cell.text, cell.ast)
        text = " または ".join(part for part in parts if part)
        return f"{text} 以外" if cell.ast.negated else text

    def formula(self, formula: Formula) -> str:
        """Return a result in words: a constant as its value, anything else as written."""
        value = self._value(formula.ast)
        return value if value is not None else self._plain(formula.text, formula.ast)

    def _plain(self, text: str, node: n.Node) -> str:
        """Return a text as written, and remember the values of the parameters in it."""
        for each in n.walk(node):
            if isinstance(each, n.Path):
                self._value(each)
        return " ".join(text.split())

    def _test(self, test: n.Node) -> str | None:
        if isinstance(test, n.Comparison):
            value = self._value(test.value)
            return None if value is None else value + _OPERATORS[test.op]
        if isinstance(test, n.RangeLiteral):
            low, high = self._value(test.start), self._value(test.end)
            if low is None or high is None:
                return None
            return f"{low}{'以上' if test.start_included else '超'}{high}{'以下' if test.end_included else '未満'}"
        return None if "?" in names_used(test) else self._value(test)

    def _value(self, node: n.Node) -> str | None:
        """Return a constant in words, None for what is not constant or whose parameters are not given."""
        names = names_used(node)
        if names & {"?", "now", "today"} or names - BUILTINS.keys() - self.scope.keys():
            return None
        value = constant(node, self.scope, self.run)
        if value is None and not (isinstance(node, n.Literal) and node.value is None):
            return None
        shown = show(value)
        if "p" in names:
            for each in n.walk(node):
                if isinstance(each, n.Path):
                    self._remember(each)
        return shown

    def _remember(self, node: n.Path) -> None:
        base: n.Node = node
        parts: list[str] = []
        while isinstance(base, n.Path):
            parts.insert(0, base.name)
            base = base.base
        if isinstance(base, n.Name) and base.name == "p" and self.scope:
            self.used[".".join(parts)] = show(constant(node, self.scope, self.run))


def show(value: object) -> str:
    """Return a value as it stands in a manual."""
    if value is None:
        return "不明（未入力）"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, fv.Date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, fv.MonthsDuration):
        years, months = divmod(value.months, 12)
        return (f"{years}年" if years else "") + (f"{months}か月" if months or not years else "")
    if isinstance(value, list):
        return "・".join(map(show, value))
    if isinstance(value, dict):
        return "、".join(f"{name}: {show(each)}" for name, each in value.items())
    return str(value)
