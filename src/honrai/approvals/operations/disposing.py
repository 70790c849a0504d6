"""起案文書 go with the case they were about."""

from honrai.approvals.models import Document


def dispose_of_case(case: int) -> set[int]:
    """Delete the documents about a case; return the keys of their files, which the caller disposes of with the rest."""
    rows = Document.objects.filter(case=case)
    papers: set[int] = set()
    for attachments, scan in rows.values_list("attachments", "scan"):
        papers |= {*attachments, *([scan] if scan is not None else [])}
    rows.delete()
    return papers
