"""What tests, the demo and the benchmark do with claims: fill ledger and register, and run the jobs at once."""

from datetime import datetime
from pathlib import Path

import polars as pl

from honrai.claims.models import Judging, SourcePiece
from honrai.claims.operations.bulk import put
from honrai.claims.operations.judging import judge
from honrai.claims.operations.reading import read

_TEXT = (
    "number",
    "person_no",
    "household",
    "insurer",
    "code",
    "table",
    "prefecture",
    "sex",
    "agency",
    "income",
    "supplement",
)
_RECIPIENT = {
    "number": "text", "person_no": "text", "scheme": "text", "since": "date", "until": "date", "birth": "date", "household": "text",
    "insurer": "text", "card_percent": "smallint", "income": "text", "frequent": "boolean", "supplement": "text",
}  # fmt: skip


def fill_registers(folder: Path) -> None:
    """Load the ledger of recipients and the register of institutions a generator wrote."""
    kinds = dict.fromkeys(_TEXT, pl.String) | {"until": pl.Date, "since": pl.Date, "birth": pl.Date}
    people = pl.read_csv(folder / "recipients.csv", schema_overrides=kinds).with_columns(
        pl.col("income", "supplement").fill_null("")
    )
    put("claims_recipient", people, _RECIPIENT)
    shops = pl.read_csv(folder / "institutions.csv", schema_overrides=kinds)
    shops = shops.with_columns(code=pl.col("prefecture") + pl.col("table") + pl.col("code"))
    put("claims_provider", shops, {"code": "text", "name": "text"})


def run_jobs(file: int, *, now: datetime) -> None:
    """Read and judge a file at once, as its jobs would."""
    for key in SourcePiece.objects.filter(file=file).order_by("number").values_list("pk", flat=True):
        read(key, now=now)
    for run in Judging.objects.filter(file=file, kind="first"):
        for part in range(run.parts):
            judge(run.pk, part, now=now)
