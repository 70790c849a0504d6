"""Takes a claim file in, piece by piece: memory stays at two pieces whatever its size."""

import hashlib
import io
from datetime import date, datetime

from honrai.claims import tasks
from honrai.claims.columns.pieces import PIECE, Source, pieces_of
from honrai.claims.models import Judging, SourceFile, SourcePiece
from honrai.claims.permissions import check_can_settle
from honrai.claims.rules.layouts import head_records
from honrai.claims.rules.lines import read_lines
from honrai.claims.rules.receipt import Institution, Reader
from honrai.claims.rules.uke import read_head
from honrai.platform.authority.api import Actor
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import record
from honrai.platform.files import api as files
from honrai.platform.files.api import Limits, UnwelcomeFileError
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.jobs.api import enqueue

_PIECES = Limits(frozenset({"text/plain", "application/octet-stream"}), 256 * MEGABYTE)
_OVER = ("stopped", "failed")


def receive(*, name: str, stream: Source, month: date, actor: Actor, now: datetime, piece: int = PIECE) -> int:
    """Store a claim file and have it read and judged in the background; return its key.

    Args:
        name: the name it came with.
        stream: its bytes.
        month: first day of the month in which it is claimed (請求月).
        actor: staff with the charge データ連携.
        now: the moment.
        piece: bytes of a piece; pieces are read side by side.

    Raises:
        Invalid: empty, no claim file, or a claim file of another month.
        Conflict: the same file was taken before.
    """
    check_can_settle(actor)
    file = SourceFile.objects.create(
        name=name.replace("\\", "/").rpartition("/")[2][:200], month=month, uploaded_by=actor.person, uploaded_at=now
    )
    digest, number = hashlib.sha256(), 0
    head: Institution | None = None
    for number, raw in enumerate(pieces_of(stream, piece)):
        if number == 0:
            _check_first(raw, month)
        digest.update(raw)
        _keep(file, number, raw, head, actor, now)
        head = _last_head(raw, head)
    if not file.size:
        raise Invalid("ファイルが空です。もう一度選んでください。")
    file.sha256 = digest.hexdigest()
    if SourceFile.objects.filter(sha256=file.sha256).exclude(state__in=_OVER).exists():
        raise Conflict("同じファイルは受け取り済みです。請求ファイルの一覧で確かめてください。")
    file.save()
    record("claims.file_received", who=actor.who, now=now, subject=("claim_file", file.pk), data={"size": file.size})
    for key in SourcePiece.objects.filter(file=file).order_by("number").values_list("pk", flat=True):
        enqueue(tasks.read_piece, actor.city, piece=key)
    return file.pk


def _keep(file: SourceFile, number: int, raw: bytes, head: Institution | None, actor: Actor, now: datetime) -> None:
    """Store one piece with where it stands and the head in force before it."""
    try:
        kept = files.store(raw, name=f"{file.name}-{number}", limits=_PIECES, who=actor.who, now=now)
    except UnwelcomeFileError as error:
        raise Invalid("このファイルは受け取れません。UKE(レセプト電算)のファイルを選んでください。") from error
    told = [head.payer, head.prefecture, head.table, head.code, head.name, head.month] if head else None
    SourcePiece.objects.create(
        file=file, number=number, stored=kept.id, offset=file.size, size=len(raw), line=file.lines + 1, head=told
    )
    file.size += len(raw)
    file.lines += raw.count(b"\n") + (not raw.endswith(b"\n"))


def _check_first(raw: bytes, month: date) -> None:
    """Refuse what is no claim file, and one of another month, before anything is kept."""
    line = next(iter(read_lines(io.BytesIO(raw[:70_000]))))
    if line.record not in head_records():
        raise Invalid(
            "レセプト電算のファイル(UKE)ではありません。先頭の行が IR・UK・YK・HM のどれかで始まるファイルを選んでください。"
            "圧縮したファイルは展開してください。"
        )
    told = read_head(Reader(), line, None).month
    if told and told.isdigit() and len(told) == 6 and told != f"{month:%Y%m}":
        raise Invalid(f"ファイルの請求年月は {told[:4]}年{int(told[4:])}月です。請求月を確かめてください。")


def _last_head(raw: bytes, before: Institution | None) -> Institution | None:
    """Return the head in force at the end of a piece."""
    found = before
    places = sorted(raw.rfind(f"\n{name},".encode()) for name in head_records())
    starts = [place + 1 for place in places if place >= 0] + (
        [0] if raw[:2].decode("ascii", "replace") in head_records() else []
    )
    for start in sorted(starts):
        for line in read_lines(io.BytesIO(raw[start : start + 70_000])):
            if line.record in head_records():
                found = read_head(Reader(), line, found)
            break
    return found


def stop(file_id: int, *, actor: Actor, now: datetime) -> None:
    """Stop a file that is being read; nothing of it stays but the record that it came.

    Raises:
        Conflict: it is judged already.
    """
    check_can_settle(actor)
    file = SourceFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotFound("この請求ファイルは見つかりません。")
    if file.state != "reading" or Judging.objects.filter(file=file).exists():
        raise Conflict("この請求ファイルはもう読み終わっています。")
    file.state = "stopped"
    file.save()
    record("claims.stop_asked", who=actor.who, now=now, subject=("claim_file", file_id))
