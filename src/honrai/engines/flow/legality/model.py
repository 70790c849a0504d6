"""A BPMN file and the files it imports, indexed for the rules of the standard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from .grammar import MODEL, grammar, line_of, name_of
from .violation import Violation

Element = etree._Element
Resolver = Callable[[str], bytes | None]
LARGEST = 8 * 1024 * 1024
MOST_ELEMENTS = 20_000
_TAG = f"{{{MODEL}}}"
_IMPORT_DEPTH = 20


class UnreadableError(ValueError):
    """The bytes are not XML that we are willing to read; `line` is 0 where none is known."""

    def __init__(self, message: str, remedy: str, line: int = 0) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.line = line


def parse(data: bytes) -> Element:
    """Parse XML without document types, entities, network or unbounded depth.

    Raises:
        UnreadableError: with the line and what to do.
    """
    if len(data) > LARGEST:
        raise UnreadableError("ファイルが大きすぎます(上限8MiB)。", "モデルを分けてください。")
    if any("<!DOCTYPE".encode(code) in data for code in ("ascii", "utf-16-le", "utf-16-be")):
        raise UnreadableError("文書型宣言(DOCTYPE)は読みません。", "<!DOCTYPE …> の部分を取り除いてください。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = int(error.position[0] or 0)
        raise UnreadableError(f"XML として読めません({error.msg})。", "XML の書き方を直してください。", line) from error
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise UnreadableError(f"要素が{MOST_ELEMENTS:,}を超えています。", "モデルを分けてください。")
    return root


@dataclass
class Document:
    """One parsed file: its name, tree, namespace and elements by id."""

    name: str
    root: Element
    ids: dict[str, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for element in self.root.iter(f"{_TAG}*"):
            identity = element.get("id")
            if identity:
                self.ids.setdefault(identity, element)

    @property
    def namespace(self) -> str:
        """Return the namespace its elements belong to."""
        return self.root.get("targetNamespace") or ""


class Model:
    """The file under check with its imports; answers the questions that rules ask.

    `complete` is False where an imported file is not at hand.
    """

    def __init__(self, name: str, root: Element, imports: list[Document], *, complete: bool = True) -> None:
        self.main = Document(name, root)
        self.imports = imports
        self.complete = complete
        self._kinds: dict[str, list[Element]] = {}
        for element in root.iter(f"{_TAG}*"):
            self._kinds.setdefault(name_of(element), []).append(element)
        self._incoming: dict[str, list[Element]] = {}
        self._outgoing: dict[str, list[Element]] = {}
        for flow in self.elements("sequenceFlow"):
            self._outgoing.setdefault(flow.get("sourceRef") or "", []).append(flow)
            self._incoming.setdefault(flow.get("targetRef") or "", []).append(flow)

    def elements(self, *kinds: str) -> list[Element]:
        """Return the elements with one of these names, in file order by name."""
        return [element for kind in kinds for element in self._kinds.get(kind, ())]

    def derived(self, base: str) -> list[Element]:
        """Return the elements whose type is `base` (e.g. "tFlowNode") or derived from it."""
        names = [kind for kind in self._kinds if grammar().is_a(kind, base)]
        return self.elements(*names)

    def incoming(self, node: Element) -> list[Element]:
        """Return the sequence flows that end at the node."""
        return self._incoming.get(node.get("id") or "", [])

    def outgoing(self, node: Element) -> list[Element]:
        """Return the sequence flows that begin at the node."""
        return self._outgoing.get(node.get("id") or "", [])

    def refer(self, element: Element, text: str | None) -> Element | None:
        """Return the element that a QName written at `element` names, in this file or an imported one."""
        prefix, _, local = (text or "").strip().rpartition(":")
        if not local:
            return None
        uri = element.nsmap.get(prefix) if prefix else None
        for document in (self.main, *self.imports):
            found = document.ids.get(local)
            if found is not None and (uri is None or uri == document.namespace):
                return found
        return None

    def refer_attribute(self, element: Element, attribute: str) -> Element | None:
        """Return the element that the attribute names, or None."""
        return self.refer(element, element.get(attribute))

    def event_definitions(self, event: Element) -> list[Element]:
        """Return the event's definitions: written inside it and referred to."""
        own = [child for child in event if isinstance(child.tag, str) and name_of(child).endswith("EventDefinition")]
        referred = [self.refer(ref, ref.text) for ref in kids(event, "eventDefinitionRef")]
        return own + [found for found in referred if found is not None]

    def triggers(self, event: Element) -> list[str]:
        """Return the kinds of the event's definitions: "message", "timer", ..."""
        return [name_of(found).removesuffix("EventDefinition") for found in self.event_definitions(event)]


def kids(element: Element, *names: str) -> list[Element]:
    """Return the child elements with one of these names."""
    return [child for child in element if isinstance(child.tag, str) and name_of(child) in names]


def kid(element: Element, name: str) -> Element | None:
    """Return the first child element with this name."""
    return element.find(f"{_TAG}{name}")


def parent(element: Element) -> Element:
    """Return the enclosing element (the element itself at the root)."""
    found = element.getparent()
    return element if found is None else found


def yes(element: Element, attribute: str, default: bool = False) -> bool:
    """Return a boolean attribute."""
    text = element.get(attribute)
    return default if text is None else text.strip() in ("true", "1")


def number(element: Element, attribute: str, default: int) -> int:
    """Return an integer attribute, the default where it is absent or not a number (the grammar reports that)."""
    try:
        return int(element.get(attribute, default))
    except ValueError:
        return default


def executable(element: Element) -> bool:
    """Say whether the element lies in a process marked executable."""
    process = next(element.iterancestors(f"{_TAG}process"), None) if name_of(element) != "process" else element
    return process is not None and yes(process, "isExecutable")


def broken(constraint: str, element: Element, message: str, remedy: str, *, unseen: bool = False) -> Violation:
    """Make the violation of `constraint` at `element`."""
    identity, line = element.get("id") or "", line_of(element)
    return Violation(constraint, name_of(element), identity, line, message, remedy, unseen=unseen)


def load_imports(root: Element, resolve: Resolver | None) -> tuple[list[Document], list[Violation]]:
    """Read the BPMN files that `root` imports, and the ones those import.

    Returns the documents, and a violation for each import (of `root` or below) that is not at hand or does not fit.
    """
    documents: list[Document] = []
    violations: list[Violation] = []
    seen: set[str] = set()

    def follow(tree: Element, blame: Element | None, depth: int) -> None:
        for element in kids(tree, "import"):
            location = element.get("location") or ""
            at = blame if blame is not None else element
            if element.get("importType") != MODEL or location in seen:
                continue
            seen.add(location)
            child = _load(location, element, at, resolve, violations)
            if child is not None and depth < _IMPORT_DEPTH:
                documents.append(Document(location, child))
                follow(child, at, depth + 1)

    follow(root, None, 0)
    return documents, violations


def _load(
    location: str, element: Element, at: Element, resolve: Resolver | None, violations: list[Violation]
) -> Element | None:
    data = resolve(location) if resolve else None
    if data is None:
        remedy = "location を直すか、取り込むファイルを一緒に置いてください。"
        message = f"取り込むファイル「{location}」が手元にないため、その部分は確かめていません。"
        violations.append(broken("EXT.001", at, message, remedy, unseen=True))
        return None
    try:
        root = parse(data)
    except UnreadableError as error:
        message = f"取り込むファイル「{location}」が読めません: {error}"
        violations.append(broken("EXT.001", at, message, error.remedy))
        return None
    if name_of(root) != "definitions" or root.get("targetNamespace") != element.get("namespace"):
        message = f"取り込むファイル「{location}」の名前空間が import の namespace と違います。"
        violations.append(broken("EXT.001", at, message, "namespace を取り込む側と同じにしてください。"))
        return None
    return root


def containers(model: Model) -> Iterator[Element]:
    """Yield every element that holds a flow: processes and sub-processes."""
    yield from model.elements("process", "subProcess", "transaction", "adHocSubProcess")
