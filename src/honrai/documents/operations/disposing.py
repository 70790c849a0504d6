"""Destroying paper whose work is done, before a witness, with a certificate; the images follow the retention of the case."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from honrai.documents.events import Disposed
from honrai.documents.models import Container, Disposal, Filing, Incident, Keying, Reading, ScanFile, Sheet
from honrai.documents.operations.custody import below
from honrai.documents.permissions import check_can_see, check_is_staff
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.clock import local_day
from honrai.platform.events.api import Who, announce, dispose_changes
from honrai.platform.files import api as files
from honrai.platform.privacy.api import Due, Erased, Kept, PeriodOf, closed_before

METHODS = {"shred": "裁断", "dissolve": "溶解", "burn": "焼却"}


@transaction.atomic
def dispose(
    *, container: int, method: str, place: str, witness: str, done_on: date, actor: Actor, now: datetime
) -> str:
    """Note that the paper of a container, with all that lies in it, was destroyed; return the certificate's number.

    Args:
        container: what was destroyed.
        method: a key of `METHODS`.
        place: where, or by which firm.
        witness: who stood by, another than the actor.
        done_on: the day.
        actor: staff of the unit.
        now: the moment.

    Raises:
        Denied: not theirs.
        Conflict: it lies with the contractor, is destroyed already, has an open incident, or work waits on it.
        Invalid: method, witness or day missing.
    """
    check_is_staff(actor)
    row = check_can_see(actor, container, lock=True)
    if method not in METHODS or not place.strip() or not witness.strip() or done_on > now.date():
        raise Invalid("方法・場所・立会人と、今日までの日付を入力してください")
    inside = [row.pk, *below(row.pk)]
    why = why_not(row, inside)
    if why:
        raise Conflict(why)
    number = f"{row.code}-D"
    Disposal.objects.create(
        container=row, number=number, method=method, place=place.strip()[:120],
        sheets=Sheet.objects.filter(batch__in=inside).count() or row.count, done_on=done_on, done_by=actor.person,
        witness=witness.strip()[:80], at=now,
    )  # fmt: skip
    Container.objects.filter(pk__in=inside).update(disposed_at=now)
    announce(Disposed(container=row.pk, certificate=number), who=actor.who, now=now, subject=("container", row.pk))
    return number


def why_not(row: Container, inside: Sequence[int]) -> str:
    """Say why paper may not be destroyed yet; empty where it may."""
    if row.disposed_at is not None:
        return "すでに廃棄しています"
    if row.holder != "city":
        return "受託者の手元にあります。戻ってから廃棄してください"
    if Incident.objects.filter(container__in=inside, resolved_at=None).exists():
        return "数の不一致が解決していません"
    if Sheet.objects.filter(batch__in=inside, image=None).exists():
        return "画像のないページがあります。紙を職員が処理してから廃棄してください"
    if Filing.objects.filter(batch__in=inside).exclude(state__in=("filed", "aside")).exists():
        return "受付まで終わっていない書類があります"
    return ""


def due(day: date, period_of: PeriodOf) -> Sequence[Due]:
    """Return the containers whose paper is destroyed and whose images were kept long enough."""
    period = period_of()
    rows = Container.objects.filter(disposed_at__date__lt=closed_before(day, period), sheets__isnull=False).distinct()
    return [
        Due(pk, code, "紙の画像と読取り", local_day(at), period)
        for pk, code, at in rows.order_by("disposed_at", "pk").values_list("pk", "code", "disposed_at")
        if at is not None
    ]


def erase(container: int, who: Who, now: datetime) -> Erased:
    """Erase the images and readings of a bundle; custody and certificate stay.

    Raises:
        LookupError: nothing of it is left.
    """
    sheets = Sheet.objects.filter(batch=container)
    if not sheets.exists():
        raise LookupError(container)
    pictures = {key for pair in sheets.values_list("image", "thumbnail") for key in pair if key is not None}
    filings = list(Filing.objects.filter(batch=container).values_list("pk", flat=True))
    Keying.objects.filter(reading__filing__in=filings).delete()
    Reading.objects.filter(filing__in=filings).delete()
    sheets.delete()
    Filing.objects.filter(pk__in=filings).delete()
    ScanFile.objects.filter(batch=container).delete()
    values = dispose_changes(subjects=[("filing", one) for one in filings], who=who, now=now)
    return Erased(files=files.remove_all(pictures, who=who, now=now), values=values)


IMAGES = Kept("documents.images", "紙の画像と読取り", due, erase)
