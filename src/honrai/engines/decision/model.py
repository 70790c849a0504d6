"""The words of a decision model (DMN 1.3, 1.4, 1.5) as frozen values.

A `Model` is what `read` returns and `write` takes. Every part knows the line it was read from (`line`, not part of its
identity), so that an error can point at it. Parts that only draw or annotate (diagrams, associations, vendor
extensions) are not listed here: they stay in `Model.source` and are written back untouched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

HONRAI_NS = "https://honrai.dev/dmn/1"
"""Namespace of Honrai's own attributes in DMN files (`honrai:basis`)."""

Version = Literal["1.3", "1.4", "1.5"]
MODEL_NS: dict[str, Version] = {
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
NS_OF: dict[Version, str] = {version: uri for uri, version in MODEL_NS.items()}

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
Aggregation = Literal["SUM", "COUNT", "MIN", "MAX"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every part of a model has: an optional id, label and description, and the line it was read from."""

    id: str | None = None
    label: str | None = None
    description: str | None = None
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Node):
    """A boxed expression; `type_ref` is the declared type of its value, if any."""

    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression(Expression):
    """FEEL text. `language` is set only where the file names another expression language."""

    text: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Node):
    """A name and the type of what it holds."""

    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry(Node):
    """One line of a context; without `variable` it is the result of the context."""

    variable: Variable | None = None
    value: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Expression):
    """Named values, each visible to the following ones."""

    entries: tuple[ContextEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExpression(Expression):
    """A list, one expression an item."""

    items: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Node):
    """One row of a relation."""

    cells: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Expression):
    """A list of contexts with the same names, drawn as a table."""

    columns: tuple[Variable, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(Node):
    """One named argument of an invocation."""

    parameter: Variable
    value: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Expression):
    """A call with named arguments; `called` gives the function."""

    called: Expression | None = None
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionDefinition(Expression):
    """A function value. `kind` is FEEL, Java or PMML; Java runs only what the caller allows, PMML never."""

    kind: str = "FEEL"
    parameters: tuple[Variable, ...] = ()
    body: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Expression):
    """If, then, else; anything but true takes the else."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Expression):
    """The items of a list that match."""

    source: Expression
    match: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator(Expression):
    """`for`, `some` or `every` over a list; `body` is returned, or tested, for each item."""

    kind: Literal["for", "some", "every"]
    variable: str
    source: Expression
    body: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests(Node):
    """FEEL unary tests: `>= 18`, `"A", "B"`, `-`."""

    text: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause(Node):
    """A column of conditions: the tested expression and the values it may take."""

    expression: LiteralExpression
    values: UnaryTests | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause(Node):
    """A column of results; `values` also gives the order of PRIORITY and OUTPUT ORDER."""

    name: str | None = None
    type_ref: str | None = None
    values: UnaryTests | None = None
    default: LiteralExpression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Node):
    """One row of a decision table: conditions, results, and notes (the reasons)."""

    inputs: tuple[UnaryTests, ...]
    outputs: tuple[LiteralExpression, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Expression):
    """A decision table. `annotations` are the headings of the note columns."""

    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...] = ()
    annotations: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    hit_policy: HitPolicy = "UNIQUE"
    aggregation: Aggregation | None = None
    orientation: str | None = None
    output_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionItem(Node):
    """The type of a function: what it takes and gives."""

    output: str | None = None
    parameters: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition(Node):
    """A type of the model's own.

    `allowed` limits each item of a collection (or the value), `constraint` the value as a whole (DMN 1.5).
    """

    name: str
    type_ref: str | None = None
    is_collection: bool = False
    components: tuple[ItemDefinition, ...] = ()
    allowed: UnaryTests | None = None
    constraint: UnaryTests | None = None
    function: FunctionItem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement(Node):
    """An arrow of the requirements graph: `#id` in this model, `namespace#id` in an imported one."""

    kind: Literal["input", "decision", "knowledge", "authority"]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Node):
    """A box of the requirements graph. `variable` carries the name under which others see it."""

    name: str
    variable: Variable | None = None
    requires: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData(Element):
    """A fact from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Element):
    """A question and the logic that answers it. `basis` is the dated fact that picks the parameters (honrai:basis)."""

    question: str | None = None
    allowed_answers: str | None = None
    basis: str | None = None
    logic: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessKnowledge(Element):
    """A named function that decisions call."""

    function: FunctionDefinition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService(Element):
    """Some decisions offered as one function. The tuples hold hrefs, in the order of its arguments."""

    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeSource(Element):
    """A law, guide or person that decisions rest on."""

    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Node):
    """Another model (or schema) used here under the name `name`."""

    name: str
    namespace: str
    import_type: str
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Node):
    """A whole file. `source` is the file as read: what the other fields do not describe is kept there."""

    name: str
    namespace: str
    version: Version = "1.5"
    file: str = field(default="<memory>", compare=False)
    imports: tuple[Import, ...] = ()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[BusinessKnowledge, ...] = ()
    services: tuple[DecisionService, ...] = ()
    sources: tuple[KnowledgeSource, ...] = ()
    source: bytes | None = field(default=None, compare=False, repr=False)

    @property
    def elements(self) -> tuple[Element, ...]:
        """All boxes of the requirements graph."""
        return (*self.inputs, *self.decisions, *self.knowledge, *self.services, *self.sources)

    def decision(self, name: str) -> Decision:
        """Return the decision of this name or id.

        Raises:
            KeyError: there is none.
        """
        for each in self.decisions:
            if name in (each.name, each.id):
                return each
        raise KeyError(name)
