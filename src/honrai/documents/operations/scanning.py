"""Taking in what a scanner sends: all pages of a file or none, number boxes masked before anything is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction

from honrai.documents import known_forms
from honrai.documents.events import Quarantined, Scanned
from honrai.documents.known_forms import KnownForm
from honrai.documents.labels import SEPARATOR, read_label
from honrai.documents.models import Container, Filing, ScanFile, Sheet
from honrai.documents.operations.custody import recount
from honrai.documents.permissions import check_can_see
from honrai.documents.recognition import masking
from honrai.documents.recognition.pages import Grey, Page, Unreadable, is_blank, open_pages
from honrai.documents.recognition.registering import Registered, read_code
from honrai.documents.screening import SCANS, check_harmless
from honrai.platform.authority.api import Actor, Invalid, NotFound
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.procedures import api as procedures

_PICTURES = files.Limits(frozenset({"image/jpeg"}), SCANS.largest)


@dataclass(slots=True)
class _Seen:
    """What one page turned out to be."""

    image: Grey
    kind: str
    form: KnownForm | None = None
    page: int = 0
    placed: Registered | None = None


def take_in(*, batch: int, content: bytes, name: str, source: str, actor: Actor, now: datetime) -> ScanFile:
    """Take a scanned file into a bundle: all of its pages, or a note of what is wrong with it and none.

    The same file sent to a bundle again is the file that is there. The file's own bytes are not kept.

    Args:
        batch: the bundle; a cover sheet inside the file leads on to another.
        content: PDF, TIFF, JPEG or PNG.
        name: of the file.
        source: upload, folder or api.
        actor: who scans; for a watched folder the system.
        now: the moment.

    Raises:
        Denied: the bundle is not the actor's.
        Invalid: it is no bundle, or destroyed already.
    """
    row = check_can_see(actor, batch, lock=True)
    if row.kind != "bundle" or row.disposed_at is not None:
        raise Invalid("取り込み先の束を選んでください。廃棄した束には取り込めません")
    digest = hashlib.sha256(content).hexdigest()
    before = ScanFile.objects.filter(batch=row, sha256=digest).first()
    if before is not None:
        return before
    scan = ScanFile.objects.create(
        batch=row, source=source, name=name.replace("\\", "/").rpartition("/")[2][:200], sha256=digest,
        size=len(content), by=actor.person, at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            kind = check_harmless(content)
            taking = _Taking(row, scan, actor, now)
            for page in open_pages(content, kind):
                taking.page(page)
            taking.close()
    except Unreadable as fault:
        scan.fault, scan.message, scan.sheets = fault.code, str(fault), 0
        scan.save(update_fields=["fault", "message", "sheets"])
        event: Quarantined | Scanned = Quarantined(scan=scan.pk, container=row.pk, fault=fault.code)
    else:
        event = Scanned(scan=scan.pk, container=row.pk, sheets=scan.sheets)
    announce(event, who=actor.who, now=now, subject=("container", row.pk))
    return scan


class _Taking:
    """Goes through the pages of a file and puts them where they belong."""

    def __init__(self, batch: Container, scan: ScanFile, actor: Actor, now: datetime) -> None:
        self.scan, self.actor, self.now = scan, actor, now
        self._enter(batch)

    def _enter(self, batch: Container) -> None:
        """Go on in a bundle: after what is there."""
        self.batch = batch
        self.given = known_forms.of_batch(batch, now=self.now)
        last = Sheet.objects.filter(batch=batch).order_by("-number").values_list("number", flat=True).first()
        self.number = last or 0
        placed = Filing.objects.filter(batch=batch).order_by("-position").values_list("position", flat=True).first()
        self.position = placed or 0
        self.filing: Filing | None = None

    def page(self, page: Page) -> None:
        """Keep one page."""
        code = read_code(page.image)
        label = read_label(code)
        if label is not None and not label.sheet:
            self._cover(label.container)
            return
        if code == SEPARATOR:
            self.filing = None
            return
        seen = self._look(page.image, code)
        self._file(seen)
        self._keep(seen)
        self.scan.sheets += 1

    def close(self) -> None:
        """Finish the file.

        Raises:
            Unreadable: it held no page at all.
        """
        if not self.scan.sheets:
            raise Unreadable("scan-empty", "ページがありません。もう一度スキャンしてください。")
        self.scan.save(update_fields=["sheets"])

    def _cover(self, code: str) -> None:
        row = Container.objects.filter(code=code, kind="bundle", unit=self.batch.unit, disposed_at=None).first()
        if row is None:
            raise Unreadable(
                "scan-cover", f"表紙の束 {code} は、この担当課の束ではありません。表紙を確かめてください。"
            )
        if row.pk != self.batch.pk:
            self._enter(check_can_see(self.actor, row.pk, lock=True))

    def _look(self, image: Grey, code: str) -> _Seen:
        """Say what a page is, upright where its form says which way is up."""
        form, number = self._form(code)
        if form is None:
            return _Seen(image, "blank" if is_blank(image) else "enclosed")
        placed = form.find(image, number)
        if placed is not None and placed.turned:
            image = np.ascontiguousarray(np.rot90(image, placed.turned))
            placed = form.find(image, number)
        if placed is None and is_blank(image):
            return _Seen(image, "blank")
        return _Seen(image, "form" if placed is not None else "lost", form, number, placed)

    def _form(self, code: str) -> tuple[KnownForm | None, int]:
        try:
            printed = procedures.version_of_page(code) if code else None
        except NotFound:
            printed = None
        if printed is not None:
            return known_forms.of_version(printed[0]), printed[1]
        if self.given is None:
            return None, 0
        done = self.filing.sheets.filter(kind="form").count() if self.filing is not None else 0
        return self.given, done % self.given.pages + 1

    def _file(self, seen: _Seen) -> None:
        """Open the next filing, or go on with the one under way."""
        if seen.kind == "blank":
            return
        begins = seen.form is not None and (
            self.filing is None
            or (self.filing.version, self.filing.template_id) != (seen.form.version, seen.form.template)
            or self.filing.sheets.filter(form_page=seen.page).exists()
        )
        if self.filing is not None and not begins:
            return
        self.position += 1
        form = seen.form
        self.filing = Filing.objects.create(
            batch=self.batch, position=self.position, version=form.version if form else None,
            template_id=form.template if form else None, pages=form.pages if form else 0,
            state="waiting" if form else "aside", problem="" if form else "様式の分からない紙です。",
        )  # fmt: skip

    def _keep(self, seen: _Seen) -> None:
        """Store a page; one that may hold a number we cannot find is noted without its image."""
        self.number += 1
        masked, image = 0, seen.image
        if seen.form is not None and seen.placed is not None:
            image, masked = masking.covered(seen.placed, seen.form.numbers_on(seen.page))
        withheld = seen.form is not None and seen.placed is None and seen.form.asks_number
        row = Sheet(
            batch=self.batch, scan=self.scan, filing=None if seen.kind == "blank" else self.filing, number=self.number,
            kind="withheld" if withheld else seen.kind, form_page=seen.page if seen.form else 0,
            width=image.shape[1], height=image.shape[0], masked=masked,
        )  # fmt: skip
        if not withheld:
            row.image, row.thumbnail = self._store(masking.packed(image)), self._store(masking.thumbnail(image))
        if seen.placed is not None:
            row.matrix, row.error = seen.placed.to_pixels.tolist(), round(seen.placed.error, 3)
        row.save()

    def _store(self, picture: bytes) -> int:
        name = f"{self.batch.code}-{self.number:04}.jpg"
        return files.store(picture, name=name, limits=_PICTURES, who=self.actor.who, now=self.now).id


def close_bundle(*, batch: int, actor: Actor, now: datetime) -> bool:
    """Say that a bundle is scanned to its end: its sheets are compared with the count; say whether they agree.

    Raises:
        Denied: the bundle is not the actor's.
    """
    check_can_see(actor, batch)
    scanned = Sheet.objects.filter(batch=batch).count()
    return recount(container=batch, count=scanned, occasion="読取りのあと", actor=actor, now=now)
