"""Yearly answers (現況届) that came back as applications: what they say, for those who judge a whole roll."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.cases.models import Case


@dataclass(frozen=True, slots=True)
class Answered:
    """One application that answers: its case, the day it arrived, the answers and the ids of the papers handed in."""

    case: int
    received_on: date
    values: dict[str, Any]
    attached: tuple[str, ...]


def answered(*, procedure: str, kind: str, since: date, until: date) -> Iterator[Answered]:
    """Yield the applications of a procedure with `application.kind` as asked that arrived in a span, oldest first.

    Those withdrawn (取下げ) do not count.
    """
    rows = Case.objects.filter(procedure=procedure, received_on__gte=since, received_on__lte=until)
    rows = rows.filter(**{"values__application.kind": kind}).exclude(outcome="取下げ").order_by("received_on", "pk")
    for row in rows.iterator():
        yield Answered(row.pk, row.received_on, row.values, tuple(one["id"] for one in row.attachments))
