"""Runs the literal expressions of the DMN conformance kit: enough of DMN to measure FEEL alone."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from honrai.engines.feel import FeelError, parse
from honrai.engines.feel.comparing import equal
from honrai.engines.feel.external import JAVA_LANG
from honrai.engines.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from honrai.engines.feel.values import Date, DateTime, Function, Time

NOW = DateTime(Date(2026, 4, 1), Time(0, 9 * 3600))
_READ = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
    "string": str,
    "boolean": lambda text: text == "true",
}


class Unsupported(Exception):
    """The case needs more of DMN than this helper knows."""


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: ET.Element, name: str) -> ET.Element | None:
    return next((child for child in element if _local(child) == name), None)


def value_of(element: ET.Element) -> Any:
    """Return the value an input or expected node of the kit holds."""
    if any(_local(child) == "component" for child in element):
        return {child.get("name"): value_of(child) for child in element if _local(child) == "component"}
    for child in element:
        if any(name.endswith("nil") and value == "true" for name, value in child.attrib.items()):
            return None
        if _local(child) == "list":
            return [value_of(item) for item in child]
        if _local(child) == "value":
            kind = next((value for name, value in child.attrib.items() if name.endswith("}type")), "xsd:string")
            read = _READ.get(kind.rpartition(":")[2], Decimal)
            return read(child.text or "")
    return None


class Model:
    """The decisions of one file that are literal expressions or contexts of them."""

    def __init__(self, path: Path) -> None:
        self.root = ET.parse(path).getroot()
        self.parts = {part.get("name", ""): part for part in self.root if part.get("name")}
        self.names = tuple(part.get("name", "") for part in self.root.iter() if part.get("name"))

    def evaluate(self, name: str, inputs: dict[str, Any]) -> Any:
        """Return the value of a decision, business knowledge model or input."""
        if name in inputs:
            return inputs[name]
        part = self.parts.get(name)
        if part is None or _local(part) == "inputData":
            return None
        scope = {other: self.evaluate(other, inputs) for other in self._required(part)}
        if _local(part) == "businessKnowledgeModel":
            return self._bkm(part, scope)
        logic = next((child for child in part if _local(child) in _LOGIC), None)
        if logic is None:
            raise Unsupported(name)
        return _LOGIC[_local(logic)](self, logic, scope)

    def _required(self, part: ET.Element) -> Iterator[str]:
        by_id = {other.get("id"): other.get("name", "") for other in self.root}
        for reference in part.iter():
            href = reference.get("href")
            if href:
                yield by_id[href.removeprefix("#")]

    def _bkm(self, part: ET.Element, scope: dict[str, Any]) -> Function:
        logic = _child(part, "encapsulatedLogic")
        assert logic is not None
        params = tuple(item.get("name", "") for item in logic if _local(item) == "formalParameter")
        body = next((child for child in logic if _local(child) in _LOGIC), None)
        if body is None or logic.get("kind", "FEEL") != "FEEL":
            raise Unsupported(part.get("name", ""))

        def call(rt: Any, args: list[Any]) -> Any:
            return _LOGIC[_local(body)](self, body, {**scope, **dict(zip(params, args, strict=True))})

        function = Function(part.get("name", ""), params, call)
        scope[function.name] = function
        return function

    def literal(self, logic: ET.Element, scope: dict[str, Any]) -> Any:
        """Return the value of a literal expression."""
        text = _child(logic, "text")
        assert text is not None
        try:
            made = parse(text.text or "", names=[*self.names, *scope])
        except FeelError:
            return None
        return made.evaluate(scope, now=NOW, externals=JAVA_LANG).value

    def context(self, logic: ET.Element, scope: dict[str, Any]) -> Any:
        """Return the value of a boxed context."""
        made: dict[str, Any] = {}
        for entry in logic:
            if _local(entry) != "contextEntry":
                continue
            variable = _child(entry, "variable")
            body = next((child for child in entry if _local(child) in _LOGIC), None)
            if body is None:
                raise Unsupported("context")
            value = _LOGIC[_local(body)](self, body, {**scope, **made})
            if variable is None:
                return value
            made[variable.get("name", "")] = value
        return made


_LOGIC = {"literalExpression": Model.literal, "context": Model.context}


def cases(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """Yield (name, value, expected) for each result in a folder that this helper can run."""
    models = list(folder.glob("*.dmn"))
    if len(models) != 1:
        return
    model = Model(models[0])
    for file in sorted(folder.glob("*test*.xml")):
        for case in ET.parse(file).getroot():
            if _local(case) != "testCase" or case.get("type", "decision") != "decision":
                continue
            inputs = {item.get("name", ""): value_of(item) for item in case if _local(item) == "inputNode"}
            for result in case:
                expected = _child(result, "expected")
                if _local(result) != "resultNode" or expected is None:
                    continue
                try:
                    value = model.evaluate(result.get("name", ""), inputs)
                except Unsupported:
                    continue
                yield f"{case.get('id')}/{result.get('name')}", value, value_of(expected)


def agrees(value: Any, expected: Any) -> bool:
    """Compare as the kit does: numbers to eight digits, null with null, the rest as FEEL."""
    if isinstance(value, Decimal) and isinstance(expected, Decimal):
        return abs(value - expected) < Decimal("1e-8")
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(agrees, value, expected))
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(agrees(value[key], expected[key]) for key in value)
    return equal(value, expected) is True
