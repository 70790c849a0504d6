"""Tables of the documents chapter."""

from honrai.documents.models.custody import Container, Disposal, Handover, Incident
from honrai.documents.models.scans import Filing, Keying, Reading, ScanFile, Sheet
from honrai.documents.models.template import Template

__all__ = [
    "Container",
    "Disposal",
    "Filing",
    "Handover",
    "Incident",
    "Keying",
    "Reading",
    "ScanFile",
    "Sheet",
    "Template",
]
