"""Reading the sheets of a filing into fields, and saying which may stand; one transaction a filing, done once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from honrai.documents import known_forms
from honrai.documents.events import FilingRead, FilingVerified
from honrai.documents.known_forms import NUMBER, KnownForm
from honrai.documents.models import Filing, Reading, Sheet
from honrai.documents.proving import known_of
from honrai.documents.recognition import masking
from honrai.documents.recognition.accepting import Verdict, accept
from honrai.documents.recognition.crops import Rectangle
from honrai.documents.recognition.reading import FieldRead, read_page
from honrai.documents.recognition.recognisers import default_recogniser
from honrai.documents.recognition.registering import Registered
from honrai.documents.screening import SCANS
from honrai.kernel.errors import Invalid
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.files import api as files
from honrai.platform.privacy.api import mask, screen
from honrai.procedures import api as procedures

_PICTURES = files.Limits(frozenset({"image/jpeg"}), SCANS.largest)


def read_filing(filing: int, *, now: datetime) -> bool:
    """Read one filing; False where it was read before (a job that runs again after a crash finds it done).

    Args:
        filing: its key.
        now: the moment.
    """
    row = Filing.objects.select_for_update().filter(pk=filing, state="waiting").first()
    form = known_forms.of_filing(row, now=now) if row is not None else None
    if row is None or form is None:
        return False
    sheets = {one.form_page: one for one in row.sheets.filter(kind="form").order_by("number")}
    read = [(one, sheet) for sheet in sheets.values() for one in _read_sheet(sheet, form, now)]
    reads = [one for one, _ in read]
    told = row.template.sums if row.template is not None else ()
    verdicts = accept(reads, known_of(_procedure(row), reads, told))
    made = [
        _reading(row, sheet, one, verdict, form, order)
        for order, ((one, sheet), verdict) in enumerate(zip(read, verdicts, strict=True))
    ]
    Reading.objects.bulk_create(made)
    doubtful = sum(one.state == "doubtful" for one in made)
    row.problem, row.read_at = _problem(row, sheets), now
    row.state = "doubtful" if doubtful else "verified"
    row.verified_at = None if doubtful else now
    row.save(update_fields=["problem", "read_at", "state", "verified_at"])
    event = FilingRead(filing=row.pk, fields=len(made), doubtful=doubtful)
    announce(event, who=SYSTEM, now=now, subject=("filing", row.pk))
    if not doubtful:
        done = FilingVerified(filing=row.pk, version=row.version)
        announce(done, who=SYSTEM, now=now, subject=("filing", row.pk))
    return True


def _procedure(row: Filing) -> str:
    return procedures.runnable(row.version).version.code if row.version is not None else ""


def _problem(row: Filing, sheets: dict[int, Sheet]) -> str:
    missing = [str(page) for page in range(1, row.pages + 1) if page not in sheets]
    if missing:
        return f"{'・'.join(missing)}ページ目がありません。紙の重なりや綴じ忘れを確かめてください。"
    return "位置の分からないページがあります。" if row.sheets.filter(kind__in=("lost", "withheld")).exists() else ""


def placed(sheet: Sheet, image: Any) -> Registered:
    """Return the registered page of a kept sheet."""
    return Registered(image, np.array(sheet.matrix), sheet.error, 0, 0)


def image_of(sheet: Sheet, *, who: Any, now: datetime) -> Any:
    """Return the grey image of a sheet; the read is recorded.

    Raises:
        LookupError: it has none.
    """
    if sheet.image is None:
        raise LookupError(sheet.pk)
    return masking.unpacked(files.fetch(sheet.image, who=who, now=now)[1])


def _read_sheet(sheet: Sheet, form: KnownForm, now: datetime) -> list[FieldRead]:
    page = placed(sheet, image_of(sheet, who=SYSTEM, now=now))
    boxes = [box for box in form.boxes if box.type != NUMBER]
    reads = read_page(page, sheet.form_page, boxes, default_recogniser())
    found = [one for one in reads if screen(one.text)]
    if found:
        _hide(sheet, page, [one.place for one in found], now)
    return reads


def _hide(sheet: Sheet, page: Registered, places: Sequence[Rectangle], now: datetime) -> None:
    """Black out what turned out to be a 個人番号 written where none belongs; the earlier image is disposed of."""
    image, count = masking.covered(page, places)
    before = [one for one in (sheet.image, sheet.thumbnail) if one is not None]
    name = f"{sheet.batch.code}-{sheet.number:04}.jpg"
    sheet.image, sheet.thumbnail = (
        files.store(picture, name=name, limits=_PICTURES, who=SYSTEM, now=now).id
        for picture in (masking.packed(image), masking.thumbnail(image))
    )
    sheet.masked += count
    sheet.save(update_fields=["image", "thumbnail", "masked"])
    files.remove_all(before, who=SYSTEM, now=now)


def _reading(row: Filing, sheet: Sheet, read: FieldRead, verdict: Verdict, form: KnownForm, order: int) -> Reading:
    number = bool(screen(read.text))
    value = encoded(read.type, verdict.value) if verdict.value is not None and not number else None
    return Reading(
        filing=row, sheet=sheet, order=order, field=read.field, type=read.type,
        label=form.labels.get(read.field, read.field)[:120], options=list(form.options.get(read.field, ())),
        place=[read.place.x, read.place.y, read.place.w, read.place.h], text=mask(read.text),
        candidates=[] if number else list(read.candidates), confidence=round(read.confidence, 4), counted=read.counted,
        state="accepted" if verdict.accepted and not number else "doubtful", proofs=list(verdict.proofs),
        value=value, slip=read.slip[:200],
    )  # fmt: skip


def encoded(kind: str, value: Any) -> Any:
    """Return the JSON form of a value; enclosed papers are ticked or not."""
    return value if kind == "attachment" else procedures.FIELD_TYPES[kind].encode(value)


def typed(kind: str, text: str, options: Sequence[str]) -> Any:
    """Return the JSON form of what somebody keyed, None for an empty field.

    Raises:
        Invalid: it cannot be of this type; the message says how to mend it.
    """
    if not text.strip():
        return None
    if kind in ("attachment", "consent", "signature"):
        if text.strip() not in ("はい", "1", "✓"):
            raise Invalid("keyed-mark", "印があれば1、なければ空のままにしてください。")
        return True
    known = tuple(options)
    if kind in ("choice", "choices", "yes_no"):
        text = _by_number(text, known if kind != "yes_no" else ("はい", "いいえ"))
    return encoded(kind, procedures.FIELD_TYPES[kind].parse(text, known))


def _by_number(text: str, options: Sequence[str]) -> str:
    """Return options named by their number (1, 2 ...), or the text as keyed."""
    numbers = text.replace("、", " ").replace(",", " ").split()
    if all(one.isdecimal() and 1 <= int(one) <= len(options) for one in numbers):
        return "、".join(options[int(one) - 1] for one in numbers)
    return text
