"""What screens show of paper: where it is, what lies in it, how far the work is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from honrai.documents import labels
from honrai.documents.models import Container, Filing, Handover, Incident, Sheet
from honrai.documents.permissions import visible
from honrai.platform.authority.api import Actor, NotFound

HOLDERS = {"city": "市", "contract": "センター（受託者）"}
STATES = {
    "waiting": "読取り待ち",
    "doubtful": "確認待ち",
    "verified": "確認済み",
    "filed": "受付済み",
    "aside": "手で処理",
}
STATE_BADGES = {"waiting": "info", "doubtful": "warn", "verified": "ok", "filed": "ok", "aside": "bad"}
SHEETS = {
    "form": "様式",
    "enclosed": "添付",
    "blank": "白紙",
    "lost": "位置不明",
    "withheld": "画像なし（紙を職員へ）",
}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a piece of paper is now.

    Attributes:
        container: key of the container asked for (of a sheet: its bundle).
        sheet: key of the scanned sheet, None where a container was asked for or the sheet is not scanned.
        path: labels from the outermost container in.
        holder: city or contract.
        under_way: it was given away and not yet taken.
        since: since when.
        disposed: its paper is destroyed.
    """

    container: int
    sheet: int | None
    path: tuple[str, ...]
    holder: str
    under_way: bool
    since: datetime
    disposed: bool


def where_is(text: str, actor: Actor) -> Whereabouts:
    """Return where the paper of a label is.

    Raises:
        NotFound: no such label, or none this actor may see.
    """
    label = labels.read_label(text)
    row = visible(actor).filter(code=label.container).first() if label is not None else None
    if row is None or label is None:
        raise NotFound("このラベルの紙はありません。ラベルの番号を確かめてください（例：HR-T26-000012-0004）")
    sheet = Sheet.objects.filter(batch=row, number=label.sheet).values_list("pk", flat=True).first()
    above = path_of(row)
    last = Handover.objects.filter(container__in=[one.pk for one in above]).order_by("-sent_at").first()
    return Whereabouts(
        container=row.pk,
        sheet=sheet if label.sheet else None,
        path=tuple(one.code for one in above),
        holder=row.holder,
        under_way=last is not None and last.received_at is None,
        since=(last.received_at or last.sent_at) if last is not None else row.at,
        disposed=row.disposed_at is not None,
    )


def path_of(row: Container) -> list[Container]:
    """Return a container and what it lies in, outermost first."""
    found = [row]
    while found[0].parent is not None:
        found.insert(0, found[0].parent)
    return found


def open_incidents(actor: Actor) -> Sequence[Incident]:
    """Return the counts that differ and nobody explained yet, oldest first."""
    rows = Incident.objects.filter(resolved_at=None, container__in=visible(actor))
    return list(rows.select_related("container").order_by("found_at", "pk")[:100])


def under_way(actor: Actor) -> Sequence[Handover]:
    """Return the hand-overs not yet taken, oldest first."""
    rows = Handover.objects.filter(received_at=None, container__in=visible(actor))
    return list(rows.select_related("container").order_by("sent_at", "pk")[:100])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the papers of a bundle are: counts by state, sheets scanned, sheets counted by hand."""

    states: Sequence[tuple[str, str, int]]
    sheets: int
    counted: int


def progress(batch: Container) -> Progress:
    """Return how far the work on a bundle is."""
    by_state = dict(Filing.objects.filter(batch=batch).values_list("state").annotate(n=Count("pk")))
    states = [(STATES[key], STATE_BADGES[key], by_state[key]) for key in STATES if by_state.get(key)]
    return Progress(states, Sheet.objects.filter(batch=batch).count(), batch.count)


def filings_of(batch: Container) -> Sequence[Filing]:
    """Return the papers of a bundle in their order, each with how many fields wait."""
    waiting = Count("readings", filter=Q(readings__state="doubtful"))
    return list(Filing.objects.filter(batch=batch).annotate(open=waiting).order_by("position"))
