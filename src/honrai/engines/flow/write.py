"""From a model back to bytes, and the edits a caller may make on the way."""

from dataclasses import replace

from honrai.engines.flow.model import Model
from honrai.engines.flow.read import interpret
from honrai.engines.flow.xml import Element, serialise


def write(model: Model) -> bytes:
    """Return the model as a UTF-8 XML file: everything that was read, diagram and extensions included."""
    return serialise(model.document)


def with_attribute(model: Model, element_id: str, name: str, value: str) -> Model:
    """Return the model with one plain attribute of one element set, all else equal.

    Args:
        element_id: id of any element of the file.
        name: the attribute without prefix, e.g. "name".
        value: its new value.

    Raises:
        KeyError: no element has this id.
    """
    if element_id not in model.ids:
        raise KeyError(element_id)
    target = model.ids[element_id]
    written = tuple((key, value if key == name else old) for key, old in target.written)
    if name not in target.attributes:
        written = (*target.written, (name, value))
    changed = replace(target, written=written, attributes={**target.attributes, name: value})
    root = _replaced(model.document.root, target, changed)
    return interpret(replace(model.document, root=root), model.file)


def renamed(model: Model, element_id: str, name: str) -> Model:
    """Return the model with one element's name changed; nothing else of the file differs."""
    return with_attribute(model, element_id, "name", name)


def _replaced(element: Element, target: Element, changed: Element) -> Element:
    """Return the tree with one element exchanged; untouched branches are the same objects."""
    if element is target:
        return changed
    for place, child in enumerate(element.children):
        new = _replaced(child, target, changed)
        if new is not child:
            children = (*element.children[:place], new, *element.children[place + 1 :])
            return replace(element, children=children)
    return element
