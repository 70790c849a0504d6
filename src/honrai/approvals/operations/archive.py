"""Deciding in the city's 文書管理: a package goes out, 文書番号 and 決裁日 come back as a file."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from honrai.approvals import permissions, rules
from honrai.approvals.models import Document, Medium, State
from honrai.approvals.operations.deciding import check_waits, close, lock, write_outcome
from honrai.approvals.operations.paper import check_day, hand_over, page_of
from honrai.kernel.errors import Invalid as BadValue
from honrai.kernel.wareki import parse_date
from honrai.platform.authority.api import Actor, Conflict, Invalid, NotFound, Rank
from honrai.platform.errors import Refusal
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.organisations.api import units_above, units_on

ZIP = files.Limits(frozenset({"application/zip"}), 2_000 * MEGABYTE)
COLUMNS = (
    "起案番号",
    "件名",
    "起案日",
    "起案課",
    "専決区分",
    "手続コード",
    "案",
    "拒否処分",
    "金額",
    "根拠",
    "起案文書",
    "添付",
)
NEEDED = ("起案番号", "文書番号", "決裁日")
_ACCEPTED, _RETURNED = "承認", "差戻し"


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not taken: its number in the file (the heading is line 1), the 起案番号 on it, and why."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file from 文書管理: how many decisions were entered, and the lines that were not."""

    taken: int
    rejected: tuple[Reject, ...]


def export_package(*, documents: Sequence[int], actor: Actor, now: datetime) -> int:
    """Pack documents for the city's 文書管理 and return the key of the zip file; they wait there from then on.

    The package holds `一覧.csv` (UTF-8 with mark, one line a document) and for each document a folder with its PDF and its
    attachments.

    Raises:
        Denied: no official of the line.
        NotFound: not in this city.
        Conflict: on its route still, decided, or out on paper.
    """
    rows = hand_over(documents, Medium.ARCHIVE, actor, now)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [_pack(archive, row, actor, now) for row in rows]
        archive.writestr("一覧.csv", _table(listed))
    kept = files.store(package.getvalue(), name="文書管理連携.zip", limits=ZIP, who=actor.who, now=now)
    return kept.id


def import_decisions(*, content: bytes, actor: Actor, now: datetime) -> ImportReport:
    """Enter the decisions of a CSV file from the city's 文書管理: good lines are taken, the others reported.

    Columns: 起案番号, 文書番号, 決裁日 (any usual form); optionally 結果 (承認 or 差戻し; empty is 承認), 決定 (where it is not the
    proposed one) and 理由. UTF-8 or CP932.

    Args:
        content: the file.
        actor: an official; of each document's line and neither its drafter nor among those who prepared it.
        now: the moment.

    Raises:
        Denied: no official.
        Invalid: the file cannot be read, or a needed column is missing.
    """
    permissions.check_is_staff(actor)
    taken, rejected = 0, []
    for number, line in enumerate(_lines(content), start=2):
        try:
            with transaction.atomic():
                _take(line, actor, now)
            taken += 1
        except (Refusal, BadValue) as reason:
            rejected.append(Reject(number, line.get("起案番号", ""), str(reason)))
    return ImportReport(taken, tuple(rejected))


def _take(line: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Enter one line; nothing is written where it is refused."""
    key = rules.read_paper_code(line["起案番号"])
    if key is None:
        raise NotFound("起案番号を読めません。書き出した一覧の番号をそのまま入れてください。")
    row = lock(key)
    permissions.check_can_enter(actor, row, units_above(row.unit, actor.day))
    check_waits(row, Medium.ARCHIVE)
    row.decided_on = _day(line["決裁日"])
    check_day(row, row.decided_on, now)
    row.archive_number, row.entered_by = _number(line["文書番号"]), actor.person
    said, reason = line.get("結果", "") or _ACCEPTED, line.get("理由", "")
    if said == _ACCEPTED:
        write_outcome(row, line.get("決定", ""), reason)
        close(row, State.DECIDED, who=actor.who, now=now)
        return
    if said != _RETURNED or not reason:
        raise Invalid("結果は「承認」か「差戻し」です。差戻しには理由も入れてください。")
    row.reason = reason
    close(row, State.RETURNED, who=actor.who, now=now)


def _day(text: str) -> date:
    if not text:
        raise Invalid("決裁日がありません。")
    return parse_date(text)


def _number(text: str) -> str:
    if not text:
        raise Invalid("文書番号がありません。")
    if Document.objects.filter(archive_number=text).exists():
        raise Conflict("この文書番号は、ほかの起案文書に登録されています。")
    return text[:60]


def _lines(content: bytes) -> list[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp932")
        except UnicodeDecodeError as error:
            raise Invalid("文字コードを読めません。UTF-8かShift_JISのCSVで出力してください。") from error
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise Invalid(f"見出しに「{'」「'.join(missing)}」がありません。1行目に見出しを入れてください。")
    return [{name: (value or "").strip() for name, value in row.items() if isinstance(name, str)} for row in reader]


def _pack(archive: zipfile.ZipFile, row: Document, actor: Actor, now: datetime) -> dict[str, str]:
    """Put one document and its attachments into the package; return its line of the list."""
    code = rules.paper_code(row.pk)
    archive.writestr(f"{code}/起案文書.pdf", page_of([row], actor, now.date()))
    names = []
    for number, key in enumerate(row.attachments, start=1):
        info, content = files.fetch(key, who=actor.who, now=now, case=row.case)
        names.append(f"{number:02}_{info.name}")
        archive.writestr(f"{code}/添付/{names[-1]}", content)
    units = {view.id: view.name for view in units_on(now.date())}
    said = (
        code,
        row.subject,
        row.drawn_at.astimezone(now.tzinfo).date().isoformat(),
        units.get(row.unit, ""),
        Rank(row.rank).label,
        row.procedure,
        str(row.proposal["outcome"]),
        "1" if row.refusal else "",
        "" if row.amount is None else str(row.amount),
        "、".join(str(basis) for basis in row.basis),
        f"{code}/起案文書.pdf",
        "、".join(names),
    )
    return dict(zip(COLUMNS, said, strict=True))


def _table(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
