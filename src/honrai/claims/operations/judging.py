"""Judges claims in parts of whole households, side by side on any number of workers; every claim gets one result a run."""

from datetime import date, datetime

import polars as pl

from honrai.claims import tasks
from honrai.claims.columns.verify import judge_frame
from honrai.claims.events import FileJudged
from honrai.claims.models import Judging, SourceFile
from honrai.claims.operations.bulk import put, take
from honrai.claims.rules.settings import medical_aid
from honrai.kernel.parameters import Parameters
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, announce
from honrai.platform.jobs.api import enqueue

#: Claims of one part; a part of so many takes about 2 s and 1 GiB.
PART = 250_000
_CLAIMS = {
    "id": pl.Int64, "route": pl.String, "months": pl.Int32, "birth": pl.Date, "insurer": pl.String, "family": pl.String,
    "person": pl.String, "care": pl.String, "total": pl.Int64, "unit": pl.Int16, "other_pays": pl.Int64, "stated": pl.Int64,
    "institution": pl.String, "prescriber": pl.String, "marks": pl.String, "readable": pl.Boolean, "earlier": pl.Boolean,
}  # fmt: skip
_LEDGER = {
    "number": pl.String, "person_no": pl.String, "scheme": pl.String, "since": pl.Date, "until": pl.Date, "birth": pl.Date,
    "household": pl.String, "insurer": pl.String, "card_percent": pl.Int64, "income": pl.String, "frequent": pl.Boolean,
    "supplement": pl.String,
}  # fmt: skip
_JUDGEMENT = {
    "judging_id": "bigint", "claim": "bigint", "month": "date", "counts": "boolean", "share": "bigint", "after_others": "bigint",
    "high_cost": "bigint", "supplement": "bigint", "patient": "bigint", "city_part": "bigint", "asked": "bigint", "paid": "bigint",
    "refused": "bigint", "pending": "bigint", "verdict": "text", "findings": "text",
}  # fmt: skip
_LEDGER_SQL = f"SELECT {', '.join(_LEDGER)} FROM claims_recipient ORDER BY id"  # noqa: S608  (constants of this file)
#: The household of a claim, so that a part holds whole ones.
_PARTED = """FROM claims_storedclaim c
    LEFT JOIN (SELECT number, min(household) AS household FROM claims_recipient GROUP BY number) r
    ON r.number = c.person WHERE {which} AND abs(hashtext(coalesce(r.household, c.person))::bigint) %% %s = %s"""
_EARLIER = """EXISTS (SELECT FROM claims_storedclaim e JOIN claims_judgement j ON j.city_id = e.city_id AND j.claim = e.id
    WHERE e.city_id = c.city_id AND e.person = c.person AND e.months = c.months AND e.family = c.family AND e.care = c.care
    AND e.institution = c.institution AND e.file_id < %s AND j.counts AND j.verdict IN ('pay', 'hold'))"""


def start(file: SourceFile, *, now: datetime) -> int:
    """Begin the judging of a file that is read, one job a part; return the run's key."""
    parts = max(1, -(-file.receipts // PART))
    run, made = Judging.objects.get_or_create(
        file=file, kind="first", defaults={"month": file.month, "parts": parts, "at": now}
    )
    if made:
        for part in range(parts):
            enqueue(tasks.judge_part, current_city(), judging=run.pk, part=part)
    return run.pk


def judge(run_id: int, part: int, *, now: datetime) -> None:
    """Judge one part once; the last part finishes the file."""
    run = Judging.objects.select_related("file").get(pk=run_id)
    if part in run.done or run.file is None:
        return
    judged = judged_part(medical_aid(), file=run.file_id or 0, month=run.month, part=part, parts=run.parts)
    run = Judging.objects.select_for_update().get(pk=run_id)
    if part in run.done:
        return
    keep(run, judged)
    run.done = [*run.done, part]
    run.save()
    if len(run.done) == run.parts:
        SourceFile.objects.filter(pk=run.file_id or 0).update(state="judged")
        receipts = SourceFile.objects.values_list("receipts", flat=True).get(pk=run.file_id or 0)
        event = FileJudged(file=run.file_id or 0, claims=receipts)
        announce(event, who=SYSTEM, now=now, subject=("claim_file", run.file_id))


def judged_part(rules: Parameters, *, file: int, month: date, part: int = 0, parts: int = 1) -> pl.DataFrame:
    """Return the results of one part of a file by some rules; nothing is written."""
    columns = ", ".join(f"c.{name}" for name in list(_CLAIMS)[:-1])
    earlier = _EARLIER if SourceFile.objects.filter(pk__lt=file).exists() else "%s < 0"
    query = f"SELECT {columns}, {earlier} {_PARTED.format(which='c.file_id = %s')} ORDER BY c.id"
    claims = take(query, _CLAIMS, [file, file, parts, part])
    ledger = take(_LEDGER_SQL, _LEDGER)
    providers = take("SELECT code FROM claims_provider", {"code": pl.String})
    return judge_frame(rules, claims, ledger, providers, month.year * 12 + month.month - 1)


def keep(run: Judging, judged: pl.DataFrame) -> None:
    """Store the results of a run; those of a replay count for nothing."""
    rows = judged.drop("supplement").with_columns(
        judging_id=pl.lit(run.pk),
        month=pl.lit(run.month),
        counts=pl.lit(run.kind != "replay"),
    )
    rows = rows.rename({"id": "claim", "city": "city_part", "supplement_paid": "supplement"})
    put("claims_judgement", rows.with_columns(pl.col("findings").str.slice(0, 200)), _JUDGEMENT)
