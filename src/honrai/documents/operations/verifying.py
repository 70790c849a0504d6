"""People settle what no proof lets stand: one confirms, money and accounts are keyed twice unseen, a third settles a difference."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from honrai.documents import proving
from honrai.documents.events import FieldKeyed, FilingVerified
from honrai.documents.models import Filing, Keying, Reading
from honrai.documents.operations.reading import typed
from honrai.documents.permissions import visible_filings
from honrai.kernel.errors import Invalid
from honrai.platform.authority.api import Actor, Conflict, NotFound
from honrai.platform.errors import Invalid as Refused
from honrai.platform.events.api import announce
from honrai.platform.privacy.api import check_no_personal_number


@dataclass(frozen=True, slots=True)
class Keyed:
    """What became of one keying: settled, or waiting for another person; whether the whole filing is done."""

    settled: bool
    filing_done: bool


def open_readings(actor: Actor) -> QuerySet[Reading]:
    """Return the doubtful fields an actor may settle, in the order the paper lies in hand: never one keyed by them before."""
    mine = Keying.objects.filter(reading=OuterRef("pk"), person=actor.person or 0)
    rows = Reading.objects.filter(state="doubtful", filing__in=visible_filings(actor)).filter(~Exists(mine))
    return rows.order_by("filing__batch", "filing__position", "order")


def group_counts(actor: Actor) -> list[tuple[proving.Group, int]]:
    """Return how many fields of each kind wait for this person."""
    by_type = dict(open_readings(actor).order_by().values_list("type").annotate(n=Count("pk")))
    return [(group, sum(by_type.get(kind, 0) for kind in group.types)) for group in proving.groups()]


@transaction.atomic
def key(*, reading: int, text: str, unreadable: bool, strokes: int, actor: Actor, now: datetime) -> Keyed:
    """Keep what a person keyed for a field.

    Args:
        reading: the field.
        text: as typed; empty says that the field is empty. Choices by their number, too.
        unreadable: nobody can read it: the field stays empty and the case asks the applicant.
        strokes: keys pressed, for the figures.
        actor: who keys.
        now: the moment.

    Raises:
        NotFound: no such field for this actor.
        Conflict: it stands already, or the actor keyed it before.
        Invalid: the text is no value of the field's type, or likely a 個人番号.
    """
    row = Reading.objects.select_for_update().filter(pk=reading, filing__in=visible_filings(actor)).first()
    if row is None or actor.person is None:
        raise NotFound("この欄はありません。一覧を開き直してください")
    if row.state != "doubtful" or row.keyings.filter(person=actor.person).exists():
        raise Conflict("この欄はもう確定したか、あなたが入力した欄です。次の欄へ進んでください")
    try:
        value = None if unreadable else typed(row.type, text, row.options)
    except Invalid as error:
        raise Refused(error.message) from error
    check_no_personal_number({"value": value}, {"value": row.label})
    Keying.objects.create(
        reading=row, person=actor.person, value=value, unreadable=unreadable, strokes=min(strokes, 9999), at=now
    )
    row.strokes += min(strokes, 9999)
    settled = _settled(row)
    if settled is not None:
        row.state, row.value, row.unreadable, row.settled_at = "keyed", settled.value, settled.unreadable, now
        row.proofs = ["double_key"] if row.keyings.count() > 1 else ["person"]
    row.save(update_fields=["strokes", "state", "value", "unreadable", "settled_at", "proofs"])
    event = FieldKeyed(reading=row.pk, settled=settled is not None)
    announce(event, who=actor.who, now=now, subject=("filing", row.filing_id))
    return Keyed(settled is not None, _finish(row.filing_id, actor, now))


def _settled(row: Reading) -> Keying | None:
    """Return the keying that counts, None while another person is needed.

    Shown with its reading: the first. Unseen: two that agree; where the first two differ, the third person's, who sees both.
    """
    keyed = list(row.keyings.order_by("pk"))
    if not proving.is_blind(row.type):
        return keyed[0]
    if len(keyed) > 2 or (len(keyed) == 2 and _same(keyed[0], keyed[1])):
        return keyed[-1]
    return None


def _same(one: Keying, other: Keying) -> bool:
    return (one.value, one.unreadable) == (other.value, other.unreadable)


def _finish(filing: int, actor: Actor, now: datetime) -> bool:
    row = Filing.objects.select_for_update().get(pk=filing)
    if row.state != "doubtful" or row.readings.filter(state="doubtful").exists():
        return False
    row.state, row.verified_at = "verified", now
    row.save(update_fields=["state", "verified_at"])
    done = FilingVerified(filing=row.pk, version=row.version)
    announce(done, who=actor.who, now=now, subject=("filing", row.pk))
    return True


@transaction.atomic
def set_aside(*, filing: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a filing out of the work: the paper is handled by hand; what was read stays.

    Raises:
        NotFound: no such filing for this actor.
        Conflict: it became an application already.
    """
    row = visible_filings(actor).select_for_update().filter(pk=filing).first()
    if row is None:
        raise NotFound("この書類はありません")
    if row.state == "filed":
        raise Conflict("すでに申請になっています。案件の画面で扱ってください")
    if not reason.strip():
        raise Refused("理由を書いてください")
    row.state, row.problem = "aside", reason.strip()[:200]
    row.save(update_fields=["state", "problem"])


def values_of(filing: Filing) -> dict[str, Any]:
    """Return the answers of a verified filing by field id, rows of repeated sections by section id; empty ones left out."""
    values: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for row in filing.readings.exclude(value=None).exclude(type="attachment").order_by("order"):
        section, bracket, rest = row.field.partition("[")
        if not bracket:
            values[row.field] = row.value
            continue
        number, _, name = rest.partition("].")
        rows.setdefault(section, {}).setdefault(int(number), {})[name] = row.value
    for section, lines in rows.items():
        values[section] = [lines[number] for number in sorted(lines)]
    return values


def corrected(actor: Actor) -> QuerySet[Reading]:
    """Return the fields people read otherwise than the recogniser did: labelled crops."""
    rows = Reading.objects.filter(state="keyed", unreadable=False, filing__in=visible_filings(actor))
    return rows.filter(~Q(value=None)).select_related("sheet").order_by("pk")
