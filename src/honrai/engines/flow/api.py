"""What the rest of the house may use of the flow engine."""

from honrai.engines.flow.errors import BadModel, FlowError, Incident, NotExecutable, Refusal, StepRefused
from honrai.engines.flow.model import (
    EventDefinition,
    Expression,
    Lane,
    Loop,
    MessageFlow,
    Model,
    Node,
    Pool,
    Process,
    Scope,
    SequenceFlow,
)
from honrai.engines.flow.read import interpret, read
from honrai.engines.flow.write import renamed, with_attribute, write
from honrai.engines.flow.xml import Document, Element

__all__ = [
    "BadModel",
    "Document",
    "Element",
    "EventDefinition",
    "Expression",
    "FlowError",
    "Incident",
    "Lane",
    "Loop",
    "MessageFlow",
    "Model",
    "Node",
    "NotExecutable",
    "Pool",
    "Process",
    "Refusal",
    "Scope",
    "SequenceFlow",
    "StepRefused",
    "interpret",
    "read",
    "renamed",
    "with_attribute",
    "write",
]
