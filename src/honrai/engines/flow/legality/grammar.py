"""Is the file well formed by the grammar of BPMN: known elements, in their place, with the right attributes?

The grammar is data (`grammar.txt`); this module reads it once and walks a tree by it. It answers like a validation by
the schemas of the standard, in words that name the element and the remedy, and needs no schema processor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from lxml import etree

from .violation import Violation

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NAMESPACES = {
    "": MODEL,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_NCNAME = re.compile(r"[^\W\d][\w.\-·]*")
_QNAME = re.compile(r"([^\W\d][\w.\-·]*:)?[^\W\d][\w.\-·]*")
_SIMPLE = {
    "boolean": re.compile(r"true|false|0|1"),
    "integer": re.compile(r"[+-]?\d+"),
    "int": re.compile(r"[+-]?\d+"),
    "double": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-?INF|NaN"),
    "ID": _NCNAME,
    "IDREF": _NCNAME,
    "QName": _QNAME,
}


@dataclass(frozen=True, slots=True)
class Particle:
    """One place in a content model: the names that fit it (to their types), and how many."""

    names: dict[str, str]
    least: int
    most: int | None
    any: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """One element type with everything its bases give it."""

    name: str
    bases: tuple[str, ...]
    abstract: bool
    mixed: bool
    other: bool
    particles: tuple[Particle, ...]
    attributes: dict[str, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The whole grammar: element name to type name, enumerations, types."""

    elements: dict[str, str]
    enums: dict[str, tuple[str, ...]]
    types: dict[str, Type]

    def is_a(self, kind: str, base: str) -> bool:
        """Say whether an element of this name has type `base` or one derived from it."""
        found = self.types.get(self.elements.get(kind, ""))
        return found is not None and base in found.bases


@cache
def grammar() -> Grammar:
    """Read the grammar of BPMN 2.0 (once)."""
    lines = (files(__package__) / "grammar.txt").read_text(encoding="utf-8").splitlines()
    rows: dict[str, list[str]] = {"element": [], "enum": [], "type": []}
    for line in lines:
        if line and not line.startswith("#"):
            keyword, rest = line.split(" ", 1)
            rows[keyword].append(rest)
    elements, groups = _elements(rows["element"])
    enums = {name: tuple(words.split()) for name, words in (row.split(" = ") for row in rows["enum"])}
    raw = {row.split(maxsplit=1)[0]: row for row in rows["type"]}
    types: dict[str, Type] = {}
    for name in raw:
        _build(name, raw, types, elements, groups)
    return Grammar(elements, enums, types)


def _elements(rows: list[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    elements: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for row in rows:
        name, rest = row.removesuffix(" abstract").split(" = ")
        kind, _, group = rest.partition(" < ")
        elements[name] = kind
        if group:
            groups.setdefault(group, []).append(name)
    return elements, groups


def _members(name: str, groups: dict[str, list[str]]) -> Iterator[str]:
    yield name
    for member in groups.get(name, ()):
        yield from _members(member, groups)


def _build(
    name: str, raw: dict[str, str], types: dict[str, Type], elements: dict[str, str], groups: dict[str, list[str]]
) -> Type:
    if name in types:
        return types[name]
    head, rest = raw[name].split(" | ", 1)
    children, attributes = rest.rsplit("|", 1)
    words = head.split()
    base = _build(words[2], raw, types, elements, groups) if len(words) > 2 and words[1] == ":" else None
    particles = tuple(_particle(word, elements, groups) for word in children.split())
    own = {a.split(":", 1)[0]: (a.split(":", 1)[1].rstrip("!"), a.endswith("!")) for a in attributes.split()}
    types[name] = Type(
        name,
        (name, *(base.bases if base else ())),
        "abstract" in words,
        "mixed" in words or bool(base and base.mixed),
        "other" in words or bool(base and base.other),
        (*(base.particles if base else ()), *particles),
        {**(base.attributes if base else {}), **own},
    )
    return types[name]


def _particle(word: str, elements: dict[str, str], groups: dict[str, list[str]]) -> Particle:
    match = re.fullmatch(r"(.*?)(\?|\*|\+|\{\d+,\d*\})?", word)
    assert match is not None
    body, times = match[1], match[2] or "{1,1}"
    bounds = {"?": "{0,1}", "*": "{0,}", "+": "{1,}"}.get(times, times)[1:-1].split(",")
    most = int(bounds[1]) if bounds[1] else None
    names: dict[str, str] = {}
    for option in body.strip("()").split("|"):
        name, _, kind = option.partition("=")
        if kind:
            names[name] = kind
        else:
            names.update({member: elements.get(member, "") for member in _members(name, groups)})
    return Particle(names, int(bounds[0]), most, body == "ANY")


def name_of(element: etree._Element) -> str:
    """Return the element's name as the grammar writes it (`task`, `bpmndi:BPMNShape`), or `{uri}name` if foreign."""
    return _name(str(element.tag))


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    uri, _, local = tag.removeprefix("{").rpartition("}")
    prefix = _PREFIXES.get(uri)
    if prefix is None:
        return tag
    return f"{prefix}:{local}" if prefix else local


def line_of(element: etree._Element) -> int:
    """Return the line on which the element begins, 0 where it was not read from a file."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def check_grammar(root: etree._Element) -> Iterator[Violation]:
    """Yield every place where the tree breaks the grammar, duplicate ids included.

    Args:
        root: the `definitions` element.
    """
    if name_of(root) != "definitions":
        yield _wrong(
            root, "ファイルの最上位が definitions ではありません。", "BPMN 2.0 の definitions で囲んでください。"
        )
        return
    pending = [(root, "tDefinitions")]
    while pending:
        element, kind = pending.pop()
        inner: list[tuple[etree._Element, str]] = []
        yield from _check(element, kind, inner)
        pending.extend(reversed(inner))
    yield from _duplicates(root)


def _duplicates(root: etree._Element) -> Iterator[Violation]:
    seen: dict[str, etree._Element] = {}
    for element in root.iter(*(f"{{{uri}}}*" for uri in NAMESPACES.values())):
        identity = element.get("id")
        if identity is None:
            continue
        if identity in seen:
            message = f"id「{identity}」は{seen[identity].sourceline}行でも使われています。"
            yield _wrong(element, message, "どちらかの id を、ファイルの中で一つだけの名前に変えてください。")
        seen.setdefault(identity, element)


def _check(element: etree._Element, kind: str, inner: list[tuple[etree._Element, str]]) -> Iterator[Violation]:
    known = grammar()
    override = element.get(_XSI_TYPE)
    if override:
        named = _type_named(element, override)
        if named not in known.types or kind not in known.types[named].bases:
            yield _wrong(
                element, f"xsi:type「{override}」はここでは使えません。", f"{kind} かその派生型にしてください。"
            )
        else:
            kind = named
    found = known.types.get(kind)
    if found is None:
        yield from _simple(element, kind)
        return
    if found.abstract:
        message = f"{name_of(element)} は抽象要素なので、そのままでは書けません。"
        yield _wrong(element, message, "具体的な要素(task など)にしてください。")
    yield from _attributes(element, found)
    yield from _children(element, found, inner)


def _simple(element: etree._Element, kind: str) -> Iterator[Violation]:
    yield from _value(element, (element.text or "").strip(), kind, "内容")
    if len(element) or any(not str(name).startswith(_XSI) for name in element.attrib):
        message = f"{name_of(element)} に書けるのは値だけです。"
        yield _wrong(element, message, "属性と子要素を取り除いてください。")


def _type_named(element: etree._Element, text: str) -> str:
    prefix, _, local = text.strip().rpartition(":")
    own = _PREFIXES.get(element.nsmap.get(prefix or None) or "", "")
    return f"{own}:{local}" if own else local


def _attributes(element: etree._Element, kind: Type) -> Iterator[Violation]:
    for name, text in element.attrib.items():
        key = str(name)
        if key.startswith(_XSI):
            continue
        if key.startswith("{"):
            if not kind.other or key.startswith(f"{{{MODEL}}}"):
                yield _wrong(element, f"属性「{key}」は書けません。", "この属性を取り除いてください。")
        elif key not in kind.attributes:
            yield _wrong(element, f"属性「{key}」は BPMN にありません。", "つづりを確かめるか、取り除いてください。")
        else:
            yield from _value(element, str(text), kind.attributes[key][0], f"属性「{key}」")
    for key, (_, required) in kind.attributes.items():
        if required and key not in element.attrib:
            yield _wrong(element, f"属性「{key}」がありません。", f"属性「{key}」を書いてください。")


def _value(element: etree._Element, text: str, kind: str, what: str) -> Iterator[Violation]:
    words = grammar().enums.get(kind)
    if words is not None:
        if text.strip() not in words and "*anyURI" not in words:
            yield _wrong(element, f"{what}の値「{text}」は使えません。", f"{'、'.join(words)} のどれかにしてください。")
        return
    pattern = _SIMPLE.get(kind)
    if pattern is not None and not pattern.fullmatch(text.strip()):
        yield _wrong(element, f"{what}の値「{text}」が {kind} の形ではありません。", "値を直してください。")


def _children(element: etree._Element, kind: Type, inner: list[tuple[etree._Element, str]]) -> Iterator[Violation]:
    children = [child for child in element if isinstance(child.tag, str)]
    texts = [element.text, *(child.tail for child in element)]
    if not kind.mixed and any(text and text.strip() for text in texts):
        yield _wrong(element, "ここに文字は書けません。", "文字を取り除くか、documentation に移してください。")
    place = count = 0
    for child in children:
        name = name_of(child)
        while place < len(kind.particles) and not _fits(kind.particles[place], name, count):
            missing = _missing(kind.particles[place], count)
            if missing and any(_fits(later, name, 0) for later in kind.particles[place + 1 :]):
                yield _wrong(element, f"{missing} がありません。", f"{missing} を {name} の前に書いてください。")
            place, count = place + 1, 0
        if place == len(kind.particles):
            yield _misplaced(child, name, kind)
            return
        count += 1
        particle = kind.particles[place]
        if not particle.any:
            inner.append((child, particle.names[name]))
    for particle in kind.particles[place:]:
        missing = _missing(particle, count)
        count = 0
        if missing:
            yield _wrong(element, f"{missing} が足りません。", f"{missing} を書いてください。")


def _fits(particle: Particle, name: str, count: int) -> bool:
    return (particle.any or name in particle.names) and (particle.most is None or count < particle.most)


def _missing(particle: Particle, count: int) -> str:
    return "" if particle.any or count >= particle.least else " か ".join(list(particle.names)[:3])


def _misplaced(child: etree._Element, name: str, kind: Type) -> Violation:
    if any(name in particle.names for particle in kind.particles):
        return _wrong(child, f"{name} の順序か数が違います。", "BPMN の決まった順に並べ、余分を取り除いてください。")
    return _wrong(child, f"{name} はここに書けません。", "取り除くか、extensionElements の中に移してください。")


def _wrong(element: etree._Element, message: str, remedy: str) -> Violation:
    identity = element.get("id") or ""
    return Violation("XSD", name_of(element), identity, line_of(element), message, remedy)
