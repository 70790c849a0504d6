"""The ruler sheet, the offsets measured on it, and the receipt stamp."""

from datetime import date, datetime
from decimal import Decimal

from honrai.cases import api as cases
from honrai.contact import pdfs
from honrai.contact.events import CopyStamped, PrinterMeasured
from honrai.contact.models import Printer, StampedCopy
from honrai.contact.operations.batching import PRINT
from honrai.contact.permissions import check_can_see_letters, person_of
from honrai.contact.rules.layout import A4, CROSSES, STAMP, envelope
from honrai.kernel.wareki import Wareki
from honrai.platform.authority.api import Actor, Invalid
from honrai.platform.events.api import announce
from honrai.platform.files import api as files

MOST_OFFSET = Decimal(15)
SORTS = {"original": "正本", "copy": "副本"}


def ruler_sheet(*, printer: str, made: str, code: str = "naga3-window") -> bytes:
    """Return the sheet a clerk prints and measures: crosses at known places, rulers, the window."""
    window = envelope(code).window
    place = {"x": window.x, "y": window.y, "width": window.width, "height": window.height}
    return pdfs.draw("ruler.typ", {"crosses": CROSSES, "window": place, "printer": printer, "made": made})


def measure_printer(*, name: str, across: Decimal, along: Decimal, actor: Actor, now: datetime) -> int:
    """Enter what was measured on the ruler sheet, and return the key of the printer's measurement; the newest holds.

    Args:
        name: of the printer.
        across: mm from the left edge of the paper to the first cross.
        along: mm from its upper edge to that cross.
        actor: who measured.
        now: the moment.

    Raises:
        Denied: nothing to do with letters.
        Invalid: no name, or further off than a printer can be (15 mm): the sheet was not printed at 100 %.
    """
    check_can_see_letters(actor)
    right, down = across - Decimal(str(CROSSES[0][0])), along - Decimal(str(CROSSES[0][1]))
    if not name.strip() or max(abs(right), abs(down)) > MOST_OFFSET:
        raise Invalid(
            "印刷機の名前と、定規で測った長さ（mm）を入力してください。倍率100％で印刷したかも確かめてください"
        )
    row = Printer.objects.create(
        name=name.strip()[:60], right=right, down=down, measured_at=now, measured_by=person_of(actor)
    )
    announce(PrinterMeasured(printer=row.pk), who=actor.who, now=now, subject=("printer", row.pk))
    return int(row.pk)


def stamp_copy(*, case: int, source: int, sort: str, office: str, actor: Actor, now: datetime) -> int:
    """Put the receipt stamp of the day of arrival on a paper of a case, and return the file.

    Args:
        case: a case the actor may see.
        source: key of one of its papers (PDF).
        sort: original or copy.
        office: what the stamp says above the date.
        actor: who stamps.
        now: the moment.

    Raises:
        Denied: not a case of the actor's.
        Invalid: not a paper of the case, no PDF, or no office.
    """
    row = cases.check_can_see(actor, case, now)
    papers = {item["file"] for item in row.attachments}
    if source not in papers or sort not in SORTS or not office.strip():
        raise Invalid("この案件の書類と、正副の別、収受した所属を選んでください")
    info, content = files.fetch(source, who=actor.who, now=now, case=case)
    if info.media_type != "application/pdf":
        raise Invalid("収受印を押せるのはPDFの書類だけです。写真は印刷してから押してください")
    kept = files.store(
        _stamped(content, row.received_on, sort, office.strip()),
        name="stamped.pdf",
        limits=PRINT,
        who=actor.who,
        now=now,
    )
    made = StampedCopy.objects.create(
        case=case, source=source, file=kept.id, sort=sort, office=office.strip()[:60], day=row.received_on, at=now,
        by=person_of(actor),
    )  # fmt: skip
    event = CopyStamped(copy=made.pk, source=source)
    announce(event, who=actor.who, now=now, subject=("stamped_copy", made.pk), case=case)
    return kept.id


def _stamped(content: bytes, day: date, sort: str, office: str) -> bytes:
    sizes = pdfs.page_sizes(content)
    width, high = sizes[0]
    left = max(0.0, STAMP[0] + width - A4[0])
    stamp = pdfs.draw(
        "stamp.typ",
        {
            "width": width,
            "height": high,
            "x": left,
            "y": STAMP[1],
            "side": STAMP[2],
            "office": office,
            "day": stamp_day(day),
            "word": f"収受（{SORTS[sort]}）",
        },
    )
    sheets = [
        pdfs.Sheet((pdfs.Laid(content, number), *((pdfs.Laid(stamp, 0),) if number == 0 else ())))
        for number in range(len(sizes))
    ]
    return pdfs.assemble(sheets)


def stamp_day(day: date) -> str:
    """Return a day as a receipt stamp shows it, in half-width figures: R8. 4.15."""
    era = Wareki.of(day)
    return f"{era.era.letter}{era.year}.{era.month:2d}.{era.day:2d}"
