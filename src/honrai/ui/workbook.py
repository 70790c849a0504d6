"""Lists as xlsx, for those who may take data out; the caller has checked and recorded that."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str | int | None]], *, mark: str) -> bytes:
    """Return an xlsx file of one sheet.

    Args:
        title: name of the sheet.
        headings: first row.
        rows: the rows; text that a spreadsheet would run as a formula is written as text.
        mark: who took it out and when; stands in the first line of the sheet.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.append([mark])
    heads = [WriteOnlyCell(sheet, value=heading) for heading in headings]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_safe(value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
