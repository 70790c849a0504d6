"""Model parts as DMN elements: only what the model says, no diagram, no extensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from honrai.engines.decision import model as m


class Renderer:
    """Builds elements in the namespace of one DMN version."""

    def __init__(self, version: m.Version) -> None:
        self.namespace = m.NS_OF[version]
        self.expressions: dict[type, Callable[..., etree._Element]] = {
            m.LiteralExpression: self.literal,
            m.Context: self.context,
            m.ListExpression: self.list,
            m.Relation: self.relation,
            m.Invocation: self.invocation,
            m.FunctionDefinition: self.function,
            m.Conditional: self.conditional,
            m.Filter: self.filter,
            m.Iterator: self.iterator,
            m.DecisionTable: self.table,
        }
        self.boxes: dict[type, Callable[..., etree._Element]] = {
            m.Import: self.imported,
            m.ItemDefinition: self.item,
            m.InputData: self.input_data,
            m.Decision: self.decision,
            m.BusinessKnowledge: self.knowledge,
            m.DecisionService: self.service,
            m.KnowledgeSource: self.source,
        }

    def box(self, part: m.Node) -> etree._Element:
        """Return the element of a child of `definitions`."""
        return self.boxes[type(part)](part)

    def make(
        self,
        tag: str,
        attributes: dict[str, str | None] | None = None,
        children: Iterable[etree._Element | None] = (),
        text: str | None = None,
    ) -> etree._Element:
        """Return an element without the attributes and children that are None."""
        element = etree.Element("{" + self.namespace + "}" + tag, nsmap={None: self.namespace})  # type: ignore[dict-item]
        for name, value in (attributes or {}).items():
            if value is not None:
                element.set(name, value)
        element.extend([child for child in children if child is not None])
        element.text = text
        return element

    def text(self, tag: str, text: str | None) -> etree._Element | None:
        """Return `<tag>text</tag>`, None for None."""
        return None if text is None else self.make(tag, text=text)

    def part(
        self, tag: str, node: m.Node, attributes: dict[str, str | None], children: Iterable[etree._Element | None] = ()
    ) -> etree._Element:
        """Return an element with the id, label and description that every part has."""
        common: dict[str, str | None] = {"id": node.id, "label": node.label}
        return self.make(tag, common | attributes, (self.text("description", node.description), *children))

    def variable(self, node: m.Variable | None, tag: str = "variable") -> etree._Element | None:
        """Return a variable, parameter or column."""
        return None if node is None else self.part(tag, node, {"name": node.name, "typeRef": node.type_ref})

    def tests(self, node: m.UnaryTests | None, tag: str) -> etree._Element | None:
        """Return unary tests."""
        if node is None:
            return None
        return self.part(tag, node, {"expressionLanguage": node.language}, (self.make("text", text=node.text),))

    def imported(self, node: m.Import) -> etree._Element:
        """Return an import."""
        return self.part(
            "import",
            node,
            {
                "name": node.name,
                "namespace": node.namespace,
                "importType": node.import_type,
                "locationURI": node.location,
            },
        )

    def item(self, node: m.ItemDefinition, tag: str = "itemDefinition") -> etree._Element:
        """Return an item definition or component."""
        function = node.function
        return self.part(
            tag,
            node,
            {"name": node.name, "isCollection": "true" if node.is_collection else None},
            (
                self.text("typeRef", node.type_ref),
                self.tests(node.allowed, "allowedValues"),
                self.tests(node.constraint, "typeConstraint"),
                *(self.item(each, "itemComponent") for each in node.components),
                self.part(
                    "functionItem",
                    function,
                    {"outputTypeRef": function.output},
                    (self.variable(each, "parameters") for each in function.parameters),
                )
                if function
                else None,
            ),
        )

    def _element(
        self, tag: str, node: m.Element, children: Iterable[etree._Element | None] = (), **attributes: str | None
    ) -> etree._Element:
        return self.part(tag, node, {"name": node.name, **attributes}, children)

    def _requirements(self, node: m.Element) -> Iterable[etree._Element]:
        for each in node.requires:
            group = {"input": "information", "decision": "information"}.get(each.kind, each.kind) + "Requirement"
            inner = "required" + each.kind.capitalize()
            yield self.part(group, each, {}, (self.make(inner, {"href": each.href}),))

    def input_data(self, node: m.InputData) -> etree._Element:
        """Return an input data element."""
        return self._element("inputData", node, (self.variable(node.variable),))

    def decision(self, node: m.Decision) -> etree._Element:
        """Return a decision with its logic."""
        children = (
            self.text("question", node.question),
            self.text("allowedAnswers", node.allowed_answers),
            self.variable(node.variable),
            *self._requirements(node),
            self.expression(node.logic),
        )
        return self._element("decision", node, children, **{"{" + m.HONRAI_NS + "}basis": node.basis})

    def knowledge(self, node: m.BusinessKnowledge) -> etree._Element:
        """Return a business knowledge model."""
        logic = self.function(node.function, "encapsulatedLogic") if node.function else None
        return self._element(
            "businessKnowledgeModel", node, (self.variable(node.variable), logic, *self._requirements(node))
        )

    def service(self, node: m.DecisionService) -> etree._Element:
        """Return a decision service."""
        groups = (
            ("outputDecision", node.outputs),
            ("encapsulatedDecision", node.encapsulated),
            ("inputDecision", node.input_decisions),
            ("inputData", node.input_data),
        )
        references = (self.make(tag, {"href": href}) for tag, hrefs in groups for href in hrefs)
        return self._element("decisionService", node, (self.variable(node.variable), *references))

    def source(self, node: m.KnowledgeSource) -> etree._Element:
        """Return a knowledge source."""
        return self._element("knowledgeSource", node, self._requirements(node), locationURI=node.location)

    def expression(self, node: m.Expression | None, tag: str | None = None) -> etree._Element | None:
        """Return any boxed expression, wrapped in `tag` where the standard asks for a wrapper."""
        if node is None:
            return None
        inner = self.expressions[type(node)](node)
        return self.make(tag, children=(inner,)) if tag else inner

    def _expression(
        self,
        tag: str,
        node: m.Expression,
        children: Iterable[etree._Element | None],
        attributes: dict[str, str | None] | None = None,
    ) -> etree._Element:
        return self.part(tag, node, {"typeRef": node.type_ref} | (attributes or {}), children)

    def literal(self, node: m.LiteralExpression, tag: str = "literalExpression") -> etree._Element:
        """Return FEEL text."""
        return self._expression(tag, node, (self.text("text", node.text),), {"expressionLanguage": node.language})

    def context(self, node: m.Context) -> etree._Element:
        """Return a context."""
        entries = (
            self.part("contextEntry", each, {}, (self.variable(each.variable), self.expression(each.value)))
            for each in node.entries
        )
        return self._expression("context", node, entries)

    def list(self, node: m.ListExpression) -> etree._Element:
        """Return a list."""
        return self._expression("list", node, map(self.expression, node.items))

    def relation(self, node: m.Relation) -> etree._Element:
        """Return a relation."""
        columns = (self.variable(each, "column") for each in node.columns)
        rows = (self.part("row", each, {}, map(self.expression, each.cells)) for each in node.rows)
        return self._expression("relation", node, (*columns, *rows))

    def invocation(self, node: m.Invocation) -> etree._Element:
        """Return an invocation."""
        bindings = (
            self.part("binding", each, {}, (self.variable(each.parameter, "parameter"), self.expression(each.value)))
            for each in node.bindings
        )
        return self._expression("invocation", node, (self.expression(node.called), *bindings))

    def function(self, node: m.FunctionDefinition, tag: str = "functionDefinition") -> etree._Element:
        """Return a function definition."""
        parameters = (self.variable(each, "formalParameter") for each in node.parameters)
        kind = None if node.kind == "FEEL" else node.kind
        return self._expression(tag, node, (*parameters, self.expression(node.body)), {"kind": kind})

    def conditional(self, node: m.Conditional) -> etree._Element:
        """Return if, then, else."""
        parts = (("if", node.test), ("then", node.then), ("else", node.otherwise))
        return self._expression("conditional", node, (self.expression(each, tag) for tag, each in parts))

    def filter(self, node: m.Filter) -> etree._Element:
        """Return a filter."""
        parts = (("in", node.source), ("match", node.match))
        return self._expression("filter", node, (self.expression(each, tag) for tag, each in parts))

    def iterator(self, node: m.Iterator) -> etree._Element:
        """Return for, some or every."""
        parts = (("in", node.source), ("return" if node.kind == "for" else "satisfies", node.body))
        children = (self.expression(each, tag) for tag, each in parts)
        return self._expression(node.kind, node, children, {"iteratorVariable": node.variable})

    def table(self, node: m.DecisionTable) -> etree._Element:
        """Return a decision table."""
        children = (
            *map(self._input, node.inputs),
            *map(self._output, node.outputs),
            *(self.make("annotation", {"name": each or None}) for each in node.annotations),
            *map(self._rule, node.rules),
        )
        return self._expression(
            "decisionTable",
            node,
            children,
            {
                "hitPolicy": None if node.hit_policy == "UNIQUE" else node.hit_policy,
                "aggregation": node.aggregation,
                "preferredOrientation": node.orientation,
                "outputLabel": node.output_label,
            },
        )

    def _input(self, node: m.InputClause) -> etree._Element:
        expression = self.literal(node.expression, "inputExpression")
        return self.part("input", node, {}, (expression, self.tests(node.values, "inputValues")))

    def _output(self, node: m.OutputClause) -> etree._Element:
        default = self.literal(node.default, "defaultOutputEntry") if node.default else None
        children = (self.tests(node.values, "outputValues"), default)
        return self.part("output", node, {"name": node.name, "typeRef": node.type_ref}, children)

    def _rule(self, node: m.Rule) -> etree._Element:
        children = (
            *(self.tests(each, "inputEntry") for each in node.inputs),
            *(self.literal(each, "outputEntry") for each in node.outputs),
            *(self.make("annotationEntry", children=(self.make("text", text=each),)) for each in node.annotations),
        )
        return self.part("rule", node, {}, children)
