"""Reads one piece of a claim file into the table of claims; the last piece read starts the judging of the file."""

from datetime import datetime
from typing import Any

import polars as pl

from honrai.claims.columns.reading import Piece, read_piece
from honrai.claims.models import SourceFile, SourcePiece
from honrai.claims.operations import judging
from honrai.claims.operations.bulk import put
from honrai.claims.queries import families
from honrai.claims.rules.receipt import Institution
from honrai.platform.events.api import SYSTEM
from honrai.platform.files import api as files

_CLAIM = {
    "file_id": "bigint", "route": "text", "line": "bigint", "offset": "bigint", "size": "int", "number": "text", "kind": "text",
    "months": "int", "birth": "date", "insurer": "text", "family": "text", "person": "text", "care": "text", "total": "bigint",
    "unit": "smallint", "other_pays": "bigint", "stated": "bigint", "agency": "text", "institution": "text", "prescriber": "text",
    "marks": "text", "readable": "boolean",
}  # fmt: skip
_FAULT = {
    "file_id": "bigint", "line": "bigint", "record": "text", "position": "int", "field": "text", "reason": "text",
    "fatal": "boolean",
}  # fmt: skip
_LENGTHS = {"number": 20, "kind": 10, "insurer": 20, "person": 20, "agency": 4, "institution": 20, "prescriber": 20}


def read(piece_id: int, *, now: datetime) -> None:
    """Read a piece once; a job that runs again finds it read and leaves it alone."""
    piece = SourcePiece.objects.select_for_update().select_related("file").get(pk=piece_id)
    if piece.read or piece.file.state != "reading":
        return
    _, raw = files.fetch(piece.stored, who=SYSTEM, now=now)
    head = Institution(*piece.head) if piece.head else None
    found = read_piece(raw, families(), line=piece.line, offset=piece.offset, institution=head)
    put("claims_storedclaim", _claims(found, piece.file_id), _CLAIM)
    put("claims_sourcefault", _faults(found, piece.file_id), _FAULT)
    piece.read = True
    piece.save()
    file = SourceFile.objects.select_for_update().get(pk=piece.file_id)
    file.receipts += len(found.rows)
    file.faults += len(found.faults)
    if not SourcePiece.objects.filter(file=file, read=False).exists():
        file.state = "judging"
        judging.start(file, now=now)
    file.save()


def _claims(found: Piece, file: int) -> pl.DataFrame:
    """Return the rows as they are stored."""
    rows, kind = found.frame, pl.col("kind")
    care: Any = pl.when(kind.str.starts_with("4")).then(pl.lit("pharmacy"))
    care = care.when(kind.str.slice(-1).is_in(["1", "3", "5", "7", "9"])).then(pl.lit("inpatient"))
    return rows.with_columns(
        file_id=pl.lit(file),
        route=pl.lit("combined"),
        family=pl.col("payer").replace_strict(families(), default="", return_dtype=pl.String),
        care=care.otherwise(pl.lit("outpatient")),
        **{name: pl.col(name).str.replace_all("\0", "").str.slice(0, most) for name, most in _LENGTHS.items()},
    )


def _faults(found: Piece, file: int) -> pl.DataFrame:
    rows = [
        (file, one.line, one.record, one.position, one.field, one.reason[:200].replace("\0", ""), one.fatal)
        for one in found.faults
    ]
    schema = {
        name: pl.Int64 if "int" in kind else pl.Boolean if kind == "boolean" else pl.String
        for name, kind in _FAULT.items()
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
