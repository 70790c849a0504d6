"""Is a file valid BPMN 2.0? Which constraint of the standard does it break, where, and how is it mended?

Legality is one answer; whether Honrai executes the model is another (`flow.read`). A legal model may be refused there
because it uses an element outside the executable subset, and nothing here looks at conditions or at execution.
"""

from collections.abc import Iterator
from itertools import islice

from . import collaborations, data, events, flows
from .grammar import check_grammar
from .model import Element, Model, Resolver, UnreadableError, load_imports, parse
from .references import check_references
from .violation import Violation, valid

__all__ = ["Resolver", "Violation", "check", "valid"]

MOST = 1_000
RULES = (*flows.RULES, *events.RULES, *data.RULES, *collaborations.RULES)


def check(data: bytes, *, name: str = "", resolve: Resolver | None = None) -> list[Violation]:
    """Return every constraint of BPMN 2.0 that the file breaks; `valid` says whether it stands.

    Of a hopeless file the first thousand or two are given.

    Args:
        data: the file.
        name: the file's name, written into each violation.
        resolve: gives the bytes of an imported file by its `location`, None where there is no such file. Files are
            only had through it: nothing is fetched.

    Source: OMG BPMN 2.0 (formal/2011-01-03); constraint numbers as in the BPMNspector catalogue.
    """
    try:
        root = parse(data)
    except UnreadableError as error:
        return [Violation("XML", "definitions", "", error.line, str(error), error.remedy, name)]
    found = list(islice(check_grammar(root), MOST))
    if not any(violation.element == "definitions" and violation.constraint == "XSD" for violation in found):
        found += islice(_rules(root, name, resolve), MOST)
    return sorted((_in(violation, name) for violation in found), key=lambda v: (v.line, v.constraint, v.id))


def _rules(root: Element, name: str, resolve: Resolver | None) -> Iterator[Violation]:
    imports, violations = load_imports(root, resolve)
    yield from violations
    model = Model(name, root, imports, complete=not any(violation.unseen for violation in violations))
    yield from check_references(model)
    for rule in RULES:
        yield from rule(model)


def _in(violation: Violation, name: str) -> Violation:
    fields = {key: getattr(violation, key) for key in violation.__slots__}
    return Violation(**{**fields, "file": name})
