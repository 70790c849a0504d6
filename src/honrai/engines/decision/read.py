"""Read DMN 1.3, 1.4 and 1.5 XML into a `Model`.

No entities, no network, no schema files. Limits: 16 MiB, a million tags, 100 levels of nested boxed expressions. What
the DMN namespaces do not know is refused; other namespaces (diagrams of tools, extensions) are left in the source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from lxml import etree

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.read_logic import LogicReader
from honrai.engines.decision.source import Parts, line_of, parse_xml, text_of
from honrai.engines.decision.validate import validate

_ARROWS = (
    ("requiredInput", "input"),
    ("requiredDecision", "decision"),
    ("requiredKnowledge", "knowledge"),
    ("requiredAuthority", "authority"),
)


def read(data: bytes, file: str = "<memory>") -> m.Model:
    """Return the model written in `data`.

    Args:
        data: DMN XML, UTF-8 or UTF-16, at most 16 MiB.
        file: name to show in errors.

    Raises:
        DecisionError: not XML, not DMN 1.3-1.5, too large, unsafe (DOCTYPE), or contradicting itself (duplicate ids,
            dangling or cyclic requirements, wrong numbers of entries); it names file, line, element and remedy.
    """
    root = parse_xml(data, file)
    namespace = etree.QName(root).namespace or ""
    if namespace not in m.MODEL_NS or etree.QName(root).localname != "definitions":
        raise DecisionError(
            f"名前空間「{namespace}」は DMN 1.3・1.4・1.5 の定義ではありません。",
            "DMN 1.3 以降の形式で保存し直してください。",
            file=file,
            line=line_of(root),
            element=etree.QName(root).localname,
        )
    result = _ModelReader(namespace, file).definitions(root, data)
    validate(result)
    return result


class _ModelReader(LogicReader):
    """Turns `definitions` and the boxes of the requirements graph into model parts."""

    def definitions(self, root: etree._Element, data: bytes) -> m.Model:
        """Return the whole file."""
        parts = self.parts(root)
        namespace = root.get("namespace")
        if not namespace:
            self.fail(
                root, "モデルの名前空間（namespace）がありません。", "definitions に namespace 属性を書いてください。"
            )
        return m.Model(
            **self.base(root, parts),
            name=root.get("name") or "",
            namespace=namespace,
            version=m.MODEL_NS[self.namespace],
            file=self.file,
            imports=tuple(map(self.imported, parts.get("import", ()))),
            items=tuple(map(self.item, parts.get("itemDefinition", ()))),
            inputs=tuple(map(self.input_data, parts.get("inputData", ()))),
            decisions=tuple(map(self.decision, parts.get("decision", ()))),
            knowledge=tuple(map(self.knowledge, parts.get("businessKnowledgeModel", ()))),
            services=tuple(map(self.service, parts.get("decisionService", ()))),
            sources=tuple(map(self.knowledge_source, parts.get("knowledgeSource", ()))),
            source=data,
        )

    def imported(self, element: etree._Element) -> m.Import:
        """Return an import."""
        base = self.base(element, self.parts(element))
        namespace = element.get("namespace")
        if not namespace:
            self.fail(element, "取り込むモデルの名前空間がありません。", "namespace 属性を書いてください。")
        return m.Import(
            **base,
            name=" ".join((element.get("name") or "").split()),
            namespace=namespace,
            import_type=element.get("importType") or "",
            location=element.get("locationURI"),
        )

    def item(self, element: etree._Element) -> m.ItemDefinition:
        """Return an item definition or component."""
        parts = self.parts(element)
        function = parts.get("functionItem")
        return m.ItemDefinition(
            **self.base(element, parts),
            name=self.named(element),
            type_ref=text_of(parts, "typeRef"),
            is_collection=element.get("isCollection") in ("true", "1"),
            components=tuple(map(self.item, parts.get("itemComponent", ()))),
            allowed=self.tests(parts, "allowedValues"),
            constraint=self.tests(parts, "typeConstraint"),
            function=self.function_item(function[0]) if function else None,
        )

    def function_item(self, element: etree._Element) -> m.FunctionItem:
        """Return a function type."""
        parts = self.parts(element)
        return m.FunctionItem(
            **self.base(element, parts),
            output=element.get("outputTypeRef"),
            parameters=tuple(map(self.variable, parts.get("parameters", ()))),
        )

    def element(self, element: etree._Element, parts: Parts) -> dict[str, Any]:
        """Return what every box of the graph has."""
        return {
            **self.base(element, parts),
            "name": self.named(element),
            "variable": self.optional_variable(parts),
            "requires": tuple(self.requirements(parts)),
        }

    def requirements(self, parts: Parts) -> Iterable[m.Requirement]:
        """Yield the arrows into an element."""
        for group in ("informationRequirement", "knowledgeRequirement", "authorityRequirement"):
            for arrow in parts.get(group, ()):
                inner = self.parts(arrow)
                for local, kind in _ARROWS:
                    for target in inner.get(local, ()):
                        kind = "authority" if group == "authorityRequirement" else kind
                        yield m.Requirement(
                            **self.base(arrow, inner),
                            kind=cast(Any, kind),
                            href=self.href(target),
                        )

    def input_data(self, element: etree._Element) -> m.InputData:
        """Return an input data element."""
        return m.InputData(**self.element(element, self.parts(element)))

    def decision(self, element: etree._Element) -> m.Decision:
        """Return a decision."""
        parts = self.parts(element)
        return m.Decision(
            **self.element(element, parts),
            question=text_of(parts, "question"),
            allowed_answers=text_of(parts, "allowedAnswers"),
            basis=element.get("{" + m.HONRAI_NS + "}basis"),
            logic=self.optional(element, parts),
        )

    def knowledge(self, element: etree._Element) -> m.BusinessKnowledge:
        """Return a business knowledge model."""
        parts = self.parts(element)
        logic = parts.get("encapsulatedLogic")
        return m.BusinessKnowledge(
            **self.element(element, parts),
            function=self.function(logic[0]) if logic else None,
        )

    def service(self, element: etree._Element) -> m.DecisionService:
        """Return a decision service."""
        parts = self.parts(element)

        def hrefs(local: str) -> tuple[str, ...]:
            return tuple(map(self.href, parts.get(local, ())))

        return m.DecisionService(
            **self.element(element, parts),
            outputs=hrefs("outputDecision"),
            encapsulated=hrefs("encapsulatedDecision"),
            input_decisions=hrefs("inputDecision"),
            input_data=hrefs("inputData"),
        )

    def knowledge_source(self, element: etree._Element) -> m.KnowledgeSource:
        """Return a knowledge source."""
        parts = self.parts(element)
        return m.KnowledgeSource(**self.element(element, parts), location=element.get("locationURI"))
