"""Read the boxed expressions and decision tables of a DMN file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from lxml import etree

from honrai.engines.decision import model as m
from honrai.engines.decision.source import Parts, Source, text_of

MAX_NESTING = 100


class LogicReader(Source):
    """Turns expression elements into model parts."""

    def __init__(self, namespace: str, file: str) -> None:
        super().__init__(namespace, file)
        self.depth = 0
        self.expressions: dict[str, Callable[[etree._Element], m.Expression]] = {
            "literalExpression": self.literal,
            "context": self.context,
            "list": self.list,
            "relation": self.relation,
            "invocation": self.invocation,
            "functionDefinition": self.function,
            "conditional": self.conditional,
            "filter": self.filter,
            "for": self.iterator,
            "some": self.iterator,
            "every": self.iterator,
            "decisionTable": self.table,
        }

    def optional(self, element: etree._Element, parts: Parts) -> m.Expression | None:
        """Return the one expression among the children, or None."""
        found = [
            (self.expressions[local], kid) for local, kids in parts.items() if local in self.expressions for kid in kids
        ]
        if not found:
            return None
        if len(found) > 1:
            self.fail(found[1][1], "式が二つ以上あります。", "一つだけ残してください。")
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail(element, f"式の入れ子が {MAX_NESTING} 段を超えています。", "判断を分けてください。")
        result = found[0][0](found[0][1])
        self.depth -= 1
        return result

    def required(self, element: etree._Element, parts: Parts, local: str) -> m.Expression:
        """Return the expression inside the child `local`."""
        found = parts.get(local)
        inner = self.optional(found[0], self.parts(found[0])) if found else None
        if inner is None:
            self.fail(element, f"「{local}」の式がありません。", f"{local} に式を書いてください。")
        return inner

    def expression(self, element: etree._Element, parts: Parts) -> dict[str, Any]:
        """Return what every expression has."""
        return {**self.base(element, parts), "type_ref": element.get("typeRef")}

    def literal(self, element: etree._Element) -> m.LiteralExpression:
        """Return FEEL text."""
        parts = self.parts(element)
        return m.LiteralExpression(
            **self.expression(element, parts),
            text=text_of(parts, "text"),
            language=element.get("expressionLanguage"),
        )

    def context(self, element: etree._Element) -> m.Context:
        """Return a context."""
        parts = self.parts(element)
        entries = tuple(map(self.entry, parts.get("contextEntry", ())))
        return m.Context(**self.expression(element, parts), entries=entries)

    def entry(self, element: etree._Element) -> m.ContextEntry:
        """Return a context entry."""
        parts = self.parts(element)
        return m.ContextEntry(
            **self.base(element, parts),
            variable=self.optional_variable(parts),
            value=self.optional(element, parts),
        )

    def cells(self, element: etree._Element) -> tuple[m.Expression, ...]:
        """Return the child expressions in document order."""
        self.parts(element)
        size = len(self.prefix)
        kids = [kid for kid in element if isinstance(kid.tag, str) and kid.tag.startswith(self.prefix)]
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail(element, f"式の入れ子が {MAX_NESTING} 段を超えています。", "判断を分けてください。")
        found = tuple(self.expressions[k.tag[size:]](k) for k in kids if k.tag[size:] in self.expressions)
        self.depth -= 1
        return found

    def list(self, element: etree._Element) -> m.ListExpression:
        """Return a list."""
        parts = self.parts(element)
        return m.ListExpression(**self.expression(element, parts), items=self.cells(element))

    def relation(self, element: etree._Element) -> m.Relation:
        """Return a relation."""
        parts = self.parts(element)
        rows = tuple(m.Row(**self.base(row, self.parts(row)), cells=self.cells(row)) for row in parts.get("row", ()))
        columns = tuple(map(self.variable, parts.get("column", ())))
        return m.Relation(**self.expression(element, parts), columns=columns, rows=rows)

    def invocation(self, element: etree._Element) -> m.Invocation:
        """Return an invocation."""
        parts = self.parts(element)
        return m.Invocation(
            **self.expression(element, parts),
            called=self.optional(element, parts),
            bindings=tuple(map(self.binding, parts.get("binding", ()))),
        )

    def binding(self, element: etree._Element) -> m.Binding:
        """Return an argument."""
        parts = self.parts(element)
        parameter = parts.get("parameter")
        if not parameter:
            self.fail(element, "引数の名前（parameter）がありません。", "parameter を書いてください。")
        value = self.optional(element, parts)
        return m.Binding(**self.base(element, parts), parameter=self.variable(parameter[0]), value=value)

    def function(self, element: etree._Element) -> m.FunctionDefinition:
        """Return a function definition or encapsulated logic."""
        parts = self.parts(element)
        kind = element.get("kind") or "FEEL"
        if kind not in ("FEEL", "Java", "PMML"):
            self.fail(
                element, f"関数の種類「{kind}」は DMN にありません。", "FEEL・Java・PMML のいずれかにしてください。"
            )
        return m.FunctionDefinition(
            **self.expression(element, parts),
            kind=kind,
            parameters=tuple(map(self.variable, parts.get("formalParameter", ()))),
            body=self.optional(element, parts),
        )

    def conditional(self, element: etree._Element) -> m.Conditional:
        """Return if, then, else."""
        parts = self.parts(element)
        return m.Conditional(
            **self.expression(element, parts),
            test=self.required(element, parts, "if"),
            then=self.required(element, parts, "then"),
            otherwise=self.required(element, parts, "else"),
        )

    def filter(self, element: etree._Element) -> m.Filter:
        """Return a filter."""
        parts = self.parts(element)
        return m.Filter(
            **self.expression(element, parts),
            source=self.required(element, parts, "in"),
            match=self.required(element, parts, "match"),
        )

    def iterator(self, element: etree._Element) -> m.Iterator:
        """Return for, some or every."""
        parts = self.parts(element)
        kind = etree.QName(element).localname
        variable = element.get("iteratorVariable")
        if not variable:
            self.fail(element, "繰り返しの変数名がありません。", "iteratorVariable 属性を書いてください。")
        return m.Iterator(
            **self.expression(element, parts),
            kind=cast(Any, kind),
            variable=variable,
            source=self.required(element, parts, "in"),
            body=self.required(element, parts, "return" if kind == "for" else "satisfies"),
        )

    def table(self, element: etree._Element) -> m.DecisionTable:
        """Return a decision table."""
        parts = self.parts(element)
        policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation")
        if policy not in get_args(m.HitPolicy):
            self.fail(element, f"ヒットポリシー「{policy}」は DMN にありません。", "UNIQUE などに直してください。")
        if aggregation is not None and aggregation not in get_args(m.Aggregation):
            self.fail(element, f"集計「{aggregation}」は DMN にありません。", "SUM・COUNT・MIN・MAX にしてください。")
        return m.DecisionTable(
            **self.expression(element, parts),
            inputs=tuple(map(self.input_clause, parts.get("input", ()))),
            outputs=tuple(map(self.output_clause, parts.get("output", ()))),
            annotations=tuple(each.get("name") or "" for each in parts.get("annotation", ())),
            rules=tuple(map(self.rule, parts.get("rule", ()))),
            hit_policy=cast(m.HitPolicy, policy),
            aggregation=cast(m.Aggregation | None, aggregation),
            orientation=element.get("preferredOrientation"),
            output_label=element.get("outputLabel"),
        )

    def input_clause(self, element: etree._Element) -> m.InputClause:
        """Return a column of conditions."""
        parts = self.parts(element)
        expression = parts.get("inputExpression")
        if not expression:
            self.fail(element, "条件の列に式（inputExpression）がありません。", "調べる項目を書いてください。")
        literal, values = self.literal(expression[0]), self.tests(parts, "inputValues")
        return m.InputClause(**self.base(element, parts), expression=literal, values=values)

    def output_clause(self, element: etree._Element) -> m.OutputClause:
        """Return a column of results."""
        parts = self.parts(element)
        default = parts.get("defaultOutputEntry")
        return m.OutputClause(
            **self.base(element, parts),
            name=element.get("name"),
            type_ref=element.get("typeRef"),
            values=self.tests(parts, "outputValues"),
            default=self.literal(default[0]) if default else None,
        )

    def rule(self, element: etree._Element) -> m.Rule:
        """Return a row."""
        parts = self.parts(element)
        return m.Rule(
            **self.base(element, parts),
            inputs=tuple(map(self.unary, parts.get("inputEntry", ()))),
            outputs=tuple(map(self.literal, parts.get("outputEntry", ()))),
            annotations=tuple(text_of(self.parts(each), "text") or "" for each in parts.get("annotationEntry", ())),
        )
