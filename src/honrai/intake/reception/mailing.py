"""Paper that came by post: registered as a page with its dates, keyed now or later, shown beside the form."""

from datetime import date, datetime
from io import BytesIO

import pypdfium2
from PIL import Image

from honrai.intake.reception.events import MailRegistered
from honrai.intake.reception.models import Mail
from honrai.intake.reception.permissions import check_can_receive
from honrai.platform.authority.api import Actor, Invalid, Kind, NotFound
from honrai.platform.events.api import announce
from honrai.platform.files import api as files
from honrai.procedures import api as procedures

_WIDTH = 1400  # pixels: readable on half a screen, also enlarged


def register(
    *,
    procedure: str,
    content: bytes,
    name: str,
    arrived_on: date,
    postmarked_on: date | None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Register paper that came by post, and return its key; it waits until somebody keys it.

    Args:
        procedure: code of the procedure.
        content: the page image: PDF, TIFF, JPEG or PNG.
        name: of the file.
        arrived_on: the day it came into the house.
        postmarked_on: the day of the postmark, None where it cannot be read.
        note: remark.
        actor: who opened the post.
        now: the moment.

    Raises:
        Denied: the actor may not take in this procedure.
        Invalid: the procedure is not taken in by post, or the dates cannot be.
        UnwelcomeFileError, MalwareError: see `platform.files`.
    """
    check_can_receive(actor, procedure, now.date())
    version = procedures.version_on(procedure, now.date())
    if "post" not in procedures.runnable(version.id).pack.identity.channels:
        raise Invalid("この手続は郵送では受け付けていません。窓口を案内してください")
    if arrived_on > now.date():
        raise Invalid("届いた日が先の日付です。年月日を確かめてください")
    if postmarked_on is not None and postmarked_on > arrived_on:
        raise Invalid("消印日が届いた日よりあとです。消印を確かめてください")
    kept = files.store(content, name=name, limits=files.ATTACHMENTS, who=actor.who, now=now)
    row = Mail.objects.create(
        procedure=procedure, file=kept.id, arrived_on=arrived_on, postmarked_on=postmarked_on, note=note.strip()[:200],
        registered_by=actor.person, contract=actor.contract, at=now,
    )  # fmt: skip
    event = MailRegistered(mail=row.pk, procedure=procedure)
    announce(event, who=actor.who, now=now, subject=("mail", row.pk))
    return int(row.pk)


def waiting(actor: Actor) -> list[Mail]:
    """Return what nobody keys yet, oldest first: all of it for city staff, that of the contract for its people."""
    rows = Mail.objects.filter(application=None)
    if actor.kind is not Kind.STAFF:
        rows = rows.filter(contract=actor.contract) if actor.contract is not None else rows.none()
    return list(rows.order_by("arrived_on", "id")[:200])


def mail_for(actor: Actor, mail: int, now: datetime) -> Mail:
    """Return a piece of mail the actor may key.

    Raises:
        NotFound: there is none for them.
    """
    row = Mail.objects.filter(pk=mail).first()
    if row is None:
        raise NotFound("この郵送物はありません。一覧を開き直してください")
    check_can_receive(actor, row.procedure, now.date())
    return row


def page_image(content: bytes, media_type: str, page: int) -> tuple[bytes, int]:
    """Return one page as PNG and how many pages there are.

    Raises:
        Invalid: the page cannot be shown.
    """
    try:
        image, count = _pdf_page(content, page) if media_type == "application/pdf" else _picture(content, page)
        out = BytesIO()
        image.save(out, "PNG")
    except (OSError, ValueError, pypdfium2.PdfiumError, EOFError, IndexError) as error:
        raise Invalid("この紙面を表示できません。読み取り直してください") from error
    return out.getvalue(), count


def _pdf_page(content: bytes, page: int) -> tuple[Image.Image, int]:
    document = pypdfium2.PdfDocument(content)
    try:
        sheet = document[page]
        image: Image.Image = sheet.render(scale=_WIDTH / sheet.get_width()).to_pil()
        return image, len(document)
    finally:
        document.close()


def _picture(content: bytes, page: int) -> tuple[Image.Image, int]:
    image = Image.open(BytesIO(content))
    count = getattr(image, "n_frames", 1)
    image.seek(page)
    shown = image.convert("RGB")
    shown.thumbnail((_WIDTH, 4 * _WIDTH))
    return shown, count
