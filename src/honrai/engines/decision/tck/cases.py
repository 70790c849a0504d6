"""Reads the kit's test case files.

Source: `testCases.xsd` of the kit, namespace http://www.omg.org/spec/DMN/20160719/testcase.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from honrai.engines.decision.source import parse_xml
from honrai.engines.feel.temporal import parse_temporal

NAMESPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long", "short", "byte"})
_TEMPORAL = frozenset({"date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration"})


@dataclass(frozen=True, slots=True)
class Expected:
    """One result to find: the element's name and its value."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: what is given, what is asked, what is expected."""

    __test__ = False
    id: str
    invocable: str | None
    inputs: dict[object, object]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class TestFile:
    """One file of tests of one model."""

    __test__ = False
    model: str
    cases: tuple[TestCase, ...]


def read_tests(data: bytes, file: str) -> TestFile:
    """Return the tests written in `data`.

    Raises:
        DecisionError: the file is not XML.
    """
    root = parse_xml(data, file)
    model = root.findtext(NAMESPACE + "modelName") or ""
    return TestFile(model.strip(), tuple(map(_case, root.findall(NAMESPACE + "testCase"))))


def _case(element: etree._Element) -> TestCase:
    inputs: dict[object, object] = {}
    for node in element.findall(NAMESPACE + "inputNode"):
        name, namespace = node.get("name") or "", node.get("namespace")
        inputs[(namespace, name) if namespace else name] = _value(node)
    expected = tuple(
        Expected(
            node.get("name") or "", _value(inner) if (inner := node.find(NAMESPACE + "expected")) is not None else None
        )
        for node in element.findall(NAMESPACE + "resultNode")
    )
    return TestCase(element.get("id") or "", element.get("invocableName"), inputs, expected)


def _value(parent: etree._Element) -> object:
    """Return the value inside an element: a simple value, a list, or a context of components."""
    if parent.get(_XSI + "nil") in ("true", "1"):
        return None
    components = parent.findall(NAMESPACE + "component")
    if components:
        return {each.get("name") or "": _value(each) for each in components}
    items = parent.find(NAMESPACE + "list")
    if items is not None:
        return (
            None if items.get(_XSI + "nil") == "true" else [_value(each) for each in items.findall(NAMESPACE + "item")]
        )
    value = parent.find(NAMESPACE + "value")
    return None if value is None else _simple(value)


def _simple(element: etree._Element) -> object:
    if element.get(_XSI + "nil") in ("true", "1"):
        return None
    text = element.text or ""
    kind = (element.get(_XSI + "type") or "").rpartition(":")[2]
    if kind in _NUMBERS:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in _TEMPORAL:
        return parse_temporal(text.strip())
    return text if kind else _untyped(text)


def _untyped(text: str) -> object:
    """Return a value written without a type as what it looks like; an empty one is null."""
    if not text.strip():
        return None
    if text in ("true", "false"):
        return text == "true"
    try:
        return Decimal(text)
    except InvalidOperation:
        moment = parse_temporal(text) if text[:1].isdigit() else None
        return text if moment is None else moment
