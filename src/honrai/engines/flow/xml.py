"""An XML file as a frozen tree that writes back what it read, and a reader that bad input cannot hurt.

Prefixes, namespace declarations, attribute order, comments, processing instructions and white space are all
kept, so a model that is read and written differs in nothing. Expat is used directly: it gives the names as
written, the line of each element, and lets the limits act while reading instead of afterwards. A document type
declaration is refused as soon as it begins, so no entity is ever declared, expanded or fetched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from honrai.engines.flow.errors import BadModel, shown

MAX_BYTES = 8 * 1024 * 1024
MAX_ELEMENTS = 50_000
MAX_DEPTH = 100
COMMENT = "#comment"
INSTRUCTION = "#instruction"


@dataclass(frozen=True, slots=True)
class Element:
    """One element, comment or processing instruction of the file.

    Attributes:
        tag: expanded name `{namespace}local`; `#comment` or `#instruction` for those.
        name: the name as written, with its prefix; the target of an instruction.
        written: attributes as written, in order, namespace declarations included.
        attributes: the same by expanded name (no prefix: the bare name), without declarations.
        text: text before the first child; the content of a comment or instruction.
        tail: text after the end tag.
        line: 1-based line of the start tag, 0 for an element made in memory.
    """

    tag: str
    name: str
    written: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    tail: str = ""
    children: tuple["Element", ...] = ()
    line: int = 0

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.tag.rpartition("}")[2]

    @property
    def namespace(self) -> str:
        """The namespace, "" when there is none."""
        return self.tag[1:].partition("}")[0] if self.tag.startswith("{") else ""

    def get(self, attribute: str, default: str = "") -> str:
        """Return an attribute by expanded name."""
        return self.attributes.get(attribute, default)

    def find(self, tag: str) -> "Element | None":
        """Return the first child with this expanded name."""
        return next((child for child in self.children if child.tag == tag), None)

    def find_all(self, tag: str) -> list["Element"]:
        """Return the children with this expanded name, in order."""
        return [child for child in self.children if child.tag == tag]

    def walk(self) -> Iterator["Element"]:
        """Yield this element and everything below it, in document order; comments included."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file: the root element and the comments and instructions around it."""

    root: Element
    before: tuple[Element, ...] = ()
    after: tuple[Element, ...] = ()


#: An element whose tail is not known yet: everything but the tail, in field order.
_Closed = tuple[str, str, tuple[tuple[str, str], ...], dict[str, str], str, tuple[Element, ...], int]


@dataclass(slots=True)
class _Open:
    """An element whose end tag has not come yet; `texts` is its text, then the tail of each child."""

    tag: str
    name: str
    written: tuple[tuple[str, str], ...]
    attributes: dict[str, str]
    line: int
    scope: dict[str, str]
    texts: list[str]
    children: list[_Closed]

    def add(self, child: _Closed) -> None:
        self.children.append(child)
        self.texts.append("")

    def close(self) -> _Closed:
        children = tuple(
            Element(tag, name, written, attributes, text, tail, below, line)
            for (tag, name, written, attributes, text, below, line), tail in zip(
                self.children, self.texts[1:], strict=True
            )
        )
        return self.tag, self.name, self.written, self.attributes, self.texts[0], children, self.line


class _Builder:
    """Receives expat's events and builds the tree; the limits are checked on each event."""

    def __init__(self, file: str) -> None:
        self.file = file
        parser = self.parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.CommentHandler = self.comment
        parser.ProcessingInstructionHandler = self.instruction
        parser.StartDoctypeDeclHandler = self.doctype
        self.open: list[_Open] = []
        self.root: Element | None = None
        self.before: list[Element] = []
        self.after: list[Element] = []
        self.count = 0

    def fail(self, problem: str, remedy: str, element: str = "") -> BadModel:
        """Return the error for the place the parser has reached."""
        name = element or (self.open[-1].name if self.open else "")
        return BadModel(problem, remedy, file=self.file, line=self.parser.CurrentLineNumber, element=name)

    def doctype(self, name: str, *_: object) -> None:
        raise self.fail("a document type declaration is not allowed", "Remove the <!DOCTYPE ...> part", name)

    def start(self, name: str, flat: list[str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise self.fail(f"more than {MAX_ELEMENTS} elements", "Split the model into several files", name)
        if len(self.open) >= MAX_DEPTH:
            raise self.fail(f"elements nested deeper than {MAX_DEPTH}", "Flatten the model", name)
        scope = self.open[-1].scope if self.open else {"": "", "xml": "http://www.w3.org/XML/1998/namespace"}
        written = tuple(zip(flat[::2], flat[1::2], strict=True))
        plain = {}
        prefixed = []
        for key, value in written:
            if key == "xmlns":
                scope = {**scope, "": value}
            elif key.startswith("xmlns:"):
                scope = {**scope, key[6:]: value}
            elif ":" in key:
                prefixed.append((key, value))
            else:
                plain[key] = value
        for key, value in prefixed:
            plain[self.expand(key, scope)] = value
        tag = self.expand(name, scope)
        self.open.append(_Open(tag, name, written, plain, self.parser.CurrentLineNumber, scope, [""], []))

    def expand(self, name: str, scope: dict[str, str]) -> str:
        """Return `{namespace}local` for a name as written."""
        prefix, _, local = name.rpartition(":")
        namespace = scope.get(prefix)
        if namespace is None:
            raise self.fail(f"the prefix {shown(prefix)} is not declared", f'Declare it: xmlns:{prefix}="..."', name)
        return f"{{{namespace}}}{local}" if namespace else local

    def end(self, _name: str) -> None:
        closed = self.open.pop().close()
        if self.open:
            self.open[-1].add(closed)
        else:
            tag, name, written, attributes, text, children, line = closed
            self.root = Element(tag, name, written, attributes, text, "", children, line)

    def characters(self, data: str) -> None:
        self.open[-1].texts[-1] += data

    def aside(self, tag: str, name: str, data: str) -> None:
        line = self.parser.CurrentLineNumber
        if self.open:
            self.open[-1].add((tag, name, (), {}, data, (), line))
        else:
            (self.before if self.root is None else self.after).append(Element(tag, name, text=data, line=line))

    def comment(self, data: str) -> None:
        self.aside(COMMENT, "", data)

    def instruction(self, target: str, data: str) -> None:
        self.aside(INSTRUCTION, target, data)


def parse(data: bytes, file: str = "") -> Document:
    """Read one XML file.

    Args:
        data: the file, at most 8 MiB, UTF-8, UTF-16 or a single-byte encoding it declares.
        file: its name, for messages.

    Raises:
        BadModel: it is not well formed, declares a document type, or passes a limit.
    """
    if len(data) > MAX_BYTES:
        raise BadModel(f"larger than {MAX_BYTES // 1024 // 1024} MiB", "Split the model into several files", file=file)
    builder = _Builder(file)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise BadModel(f"not well-formed XML ({reason})", "Save it again from the modeller as UTF-8 XML",
                       file=file, line=error.lineno) from None  # fmt: skip
    except (ValueError, LookupError) as error:
        raise BadModel(f"unreadable encoding ({error})", "Save it as UTF-8", file=file, line=1) from None
    assert builder.root is not None
    return Document(builder.root, tuple(builder.before), tuple(builder.after))


_TEXT = {"\r": "&#13;"}
_ATTRIBUTE = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def serialise(document: Document) -> bytes:
    """Write the file as UTF-8, with every name, attribute, comment and space the tree holds."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for aside in document.before:
        _write(aside, parts)
        parts.append("\n")
    _write(document.root, parts)
    for aside in document.after:
        parts.append("\n")
        _write(aside, parts)
    parts.append("\n")
    return "".join(parts).encode()


def _write(element: Element, parts: list[str]) -> None:
    if element.tag == COMMENT:
        parts.append(f"<!--{element.text}-->")
    elif element.tag == INSTRUCTION:
        parts.append(f"<?{element.name} {element.text}?>")
    else:
        parts.append(f"<{element.name}")
        parts.extend(f' {key}="{escape(value, _ATTRIBUTE)}"' for key, value in element.written)
        if element.text or element.children:
            parts.append(">" + escape(element.text, _TEXT))
            for child in element.children:
                _write(child, parts)
            parts.append(f"</{element.name}>")
        else:
            parts.append("/>")
    parts.append(escape(element.tail, _TEXT))
