"""XML from outside, held at arm's length: bounded, without entities, and with the line of every complaint."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from lxml import etree

from honrai.engines.decision import model as m
from honrai.engines.decision.errors import DecisionError

MAX_BYTES = 16 * 1024 * 1024
MAX_TAGS = 1_000_000

Parts = dict[str, list["etree._Element"]]

_WORDS = """
definitions import itemDefinition itemComponent allowedValues typeConstraint functionItem parameters inputData
decision businessKnowledgeModel decisionService knowledgeSource informationRequirement knowledgeRequirement
authorityRequirement requiredInput requiredDecision requiredKnowledge requiredAuthority encapsulatedLogic
formalParameter outputDecision encapsulatedDecision inputDecision contextEntry column row binding parameter input
inputExpression inputValues output outputValues defaultOutputEntry rule inputEntry outputEntry annotation
annotationEntry if then else in match return satisfies
literalExpression context list relation invocation functionDefinition conditional filter for some every decisionTable
description question allowedAnswers typeRef text variable importedValues importedElement
extensionElements performanceIndicator organizationUnit elementCollection group textAnnotation association type
usingProcess usingTask impactedPerformanceIndicator impactingDecision decisionMaker decisionOwner drgElement
supportedObjective owner businessContextElement decisionMade decisionOwned sourceRef targetRef
"""
_KNOWN = frozenset(_WORDS.split())


def parse_xml(data: bytes, file: str) -> etree._Element:
    """Parse bytes from outside: no DOCTYPE, no entities, no network, bounded size and depth.

    Raises:
        DecisionError: with the line the parser stopped at.
    """
    if len(data) > MAX_BYTES or data.count(b"<") > MAX_TAGS:
        raise DecisionError(
            f"ファイルが大きすぎます（{len(data):,} バイト）。",
            f"{MAX_BYTES // 1024 // 1024} MiB・タグ {MAX_TAGS:,} 個以内に分けてください。",
            file=file,
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = int((getattr(error, "position", None) or (0, 0))[0])
        reason = _plain(str(error))
        raise DecisionError(reason, "XML を書き出し直してください。", file=file, line=line) from None
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise DecisionError(
            "DOCTYPE（実体宣言や外部参照）は受け付けません。",
            "<!DOCTYPE ...> の行を取り除いてください。",
            file=file,
            line=1,
            element="<!DOCTYPE>",
        )
    return root


def _plain(reason: str) -> str:
    if "amplification" in reason or "entity" in reason.lower():
        return "XML の実体（entity）を使っているか、文字化けした & があります。"
    if "depth" in reason.lower():
        return "XML の入れ子が深すぎます（256 段まで）。"
    return "XML として読めません（" + re.sub(r"\s*\(<string>.*\)$", "", reason) + "）。"


class Source:
    """Reads elements of one DMN namespace: names, texts, references, and errors with their place."""

    def __init__(self, namespace: str, file: str) -> None:
        self.namespace, self.file = namespace, file
        self.prefix = "{" + namespace + "}"

    def fail(self, element: etree._Element, problem: str, remedy: str) -> NoReturn:
        """Raise an error that points at `element`."""
        name = element.get("name") or element.get("id")
        label = etree.QName(element).localname + (f"「{name}」" if name else "")
        raise DecisionError(problem, remedy, file=self.file, line=line_of(element), element=label)

    def parts(self, element: etree._Element) -> Parts:
        """Group the children of this namespace by local name, refusing unknown ones."""
        found: Parts = {}
        prefix, size = self.prefix, len(self.prefix)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            if tag.startswith(prefix):
                local = tag[size:]
                if local not in _KNOWN:
                    self.fail(
                        child, f"DMN に「{local}」という要素はありません。", "綴りを確かめるか、取り除いてください。"
                    )
                found.setdefault(local, []).append(child)
            elif etree.QName(child).namespace in m.MODEL_NS:
                self.fail(child, "一つのファイルに DMN の版が混ざっています。", "同じ版で保存し直してください。")
        return found

    def base(self, element: etree._Element, parts: Parts) -> dict[str, Any]:
        """Return the id, label, description and line every part has."""
        return {
            "id": element.get("id"),
            "label": element.get("label"),
            "description": text_of(parts, "description"),
            "line": line_of(element),
        }

    def named(self, element: etree._Element) -> str:
        """Return the required name, white space folded."""
        name = element.get("name")
        if name is None or not name.strip():
            self.fail(element, "名前（name）がありません。", "name 属性を書いてください。")
        return " ".join(name.split())

    def href(self, element: etree._Element) -> str:
        """Return the required reference."""
        href = element.get("href")
        if not href:
            self.fail(element, "参照先（href）がありません。", "href 属性に #id の形で書いてください。")
        return href

    def variable(self, element: etree._Element) -> m.Variable:
        """Return a variable, parameter or column."""
        base = self.base(element, self.parts(element))
        return m.Variable(**base, name=self.named(element), type_ref=element.get("typeRef"))

    def optional_variable(self, parts: Parts) -> m.Variable | None:
        """Return the child `variable`, None without one."""
        found = parts.get("variable")
        return self.variable(found[0]) if found else None

    def tests(self, parts: Parts, name: str) -> m.UnaryTests | None:
        """Return the unary tests of the child `name`, None without one."""
        found = parts.get(name)
        return self.unary(found[0]) if found else None

    def unary(self, element: etree._Element) -> m.UnaryTests:
        """Return unary tests."""
        parts = self.parts(element)
        text = text_of(parts, "text") or ""
        base = self.base(element, parts)
        return m.UnaryTests(**base, text=text, language=element.get("expressionLanguage"))


def text_of(parts: Parts, name: str) -> str | None:
    """Return the text of the first child `name`, None where there is none."""
    found = parts.get(name)
    return None if not found else "".join(map(str, found[0].itertext())).strip()


def line_of(element: etree._Element) -> int:
    """Return the line an element starts on, 0 where it was not parsed."""
    line: Any = element.sourceline
    return int(line or 0)
