"""Verifies claims against ledger and registers, on columns: each row gets the codes of what was found (`rules.findings`)."""

from __future__ import annotations

from typing import Any

import polars as pl

from honrai.claims.columns.adjudicate import adjudicate_frame
from honrai.claims.columns.frame import one_visit_frame
from honrai.claims.columns.values import looked_up, month_index, month_of
from honrai.claims.rules.findings import Verdict, kinds
from honrai.kernel.errors import Invalid
from honrai.kernel.medical_codes import InsurerNumber
from honrai.kernel.parameters import Parameters

_AMOUNTS = ("share", "after_others", "high_cost", "supplement_paid", "patient", "city")
_RANK = {Verdict.PAY: 0, Verdict.HOLD: 1, Verdict.REFUSE: 2, Verdict.RETURN: 3}


def judge_frame(
    rules: Parameters, claims: pl.DataFrame, ledger: pl.DataFrame, providers: pl.DataFrame, received: int
) -> pl.DataFrame:
    """Return each claim with amounts, findings, verdict, and what of the amount asked is paid, refused and pending.

    Claims with findings are worked out each by itself, so that they use up no cap and add up with nobody; the others together.

    Args:
        rules: dated parameters.
        claims: headers as stored, with `earlier` (the same claim stands in an earlier file).
        ledger: entitlements.
        providers: known institutions (`code`).
        received: index of the month in which the claims came.
    """
    rows = with_entitlement(rules, claims, ledger, received)
    rows = rows.with_columns(_findings(rules, rows, providers, received))
    flawed = rows.with_columns(household=pl.col("id").cast(pl.String)).filter(pl.col("findings") != "")
    plain = rows.filter(pl.col("findings") == "")
    done = pl.concat([_amounts(rules, part) for part in (plain, flawed)])
    return _split(done).sort("id")


def with_entitlement(rules: Parameters, claims: pl.DataFrame, ledger: pl.DataFrame, received: int) -> pl.DataFrame:
    """Return claims with the entitlement of their number and scheme: the one that covers the month, else the latest."""
    family = pl.col("scheme").str.replace("_full", "").str.replace("_part", "")
    order = looked_up(rules, "scheme.priority", month_of(received)) or []
    rank = pl.col("scheme").replace_strict({name: n for n, name in enumerate(order)}, default=99, return_dtype=pl.Int32)
    ledger = ledger.with_columns(
        family=family,
        rank=rank,
        since_m=month_index(pl.col("since")),
        until_m=month_index(pl.col("until")).fill_null(1 << 30),
    ).rename({"number": "person", "birth": "their_birth", "insurer": "their_insurer"})
    better = ledger.filter(pl.len().over("person_no") > 1).select(
        "person_no", better="rank", from_m="since_m", to_m="until_m"
    )
    ledger = ledger.with_columns(_n=pl.len().over("person", "family"))
    rows = claims.join(ledger, on=["person", "family"], how="left", maintain_order="left")
    if (rows["_n"] > 1).any():
        covers = (pl.col("since_m") <= pl.col("months")) & (pl.col("until_m") >= pl.col("months"))
        rows = rows.sort("id", covers.fill_null(value=False), "since_m").unique("id", keep="last", maintain_order=True)
    hit = rows.select("id", "person_no", "rank", "months").join(better, on="person_no")
    hit = hit.filter((pl.col("better") < pl.col("rank")) & pl.col("months").is_between("from_m", "to_m"))
    return rows.with_columns(has_better=pl.col("id").is_in(hit["id"].implode())).drop("_n")


def _findings(rules: Parameters, rows: pl.DataFrame, providers: pl.DataFrame, received: int) -> pl.Expr:
    """Return the codes found before any amount, parted by spaces; a claim that cannot be read says nothing else."""
    allowed = looked_up(rules, "claim.months", month_of(received)) or 12
    waited = received - pl.col("months")
    insurers = rows["insurer"].unique().to_list()
    bad = [text for text in insurers if text and not _is_insurer(text)]
    ours, known = pl.col("family") != "", pl.col("household").is_not_null()
    checks: dict[str, pl.Expr] = {
        "not-ours": ~ours,
        "insurer-number": pl.col("insurer").is_in(bad),
        "institution-unknown": ~pl.col("institution").is_in(providers["code"].implode()),
        "recipient-unknown": ours & ~known,
        "before-start": known & (pl.col("since_m") > pl.col("months")),
        "after-loss": known & (pl.col("until_m") < pl.col("months")),
        "birth-differs": known & (pl.col("birth") != pl.col("their_birth")),
        "insurer-differs": known & (_plain("insurer") != _plain("their_insurer")) & (pl.col("their_insurer") != ""),
        "duplicate": pl.col("earlier")
        | (pl.int_range(pl.len()).over("family", "person", "months", "institution", "care") > 0),
        "too-late": waited > allowed,
        "too-early": waited < 1,
        "better-scheme": pl.col("has_better"),
    }
    readable = pl.col("readable")
    said = [pl.when(readable & so.fill_null(value=False)).then(pl.lit(code)) for code, so in checks.items()]
    marks = pl.when(readable & (pl.col("marks") != "")).then(pl.col("marks"))
    unreadable = pl.when(~readable).then(pl.lit("unreadable"))
    return pl.concat_str([unreadable, *said, marks], separator=" ", ignore_nulls=True).alias("findings")


def _plain(column: str) -> pl.Expr:
    """Return an insurer's number without what 国民健康保険 writes in front."""
    return pl.col(column).str.strip_chars().str.replace(r"^00(\d{6})$", "$1")


def _is_insurer(text: str) -> bool:
    try:
        InsurerNumber.parse(text)
    except Invalid:
        return False
    return True


def _amounts(rules: Parameters, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with amounts; those that tell no month, birth or total get none."""
    whole = pl.col("months").is_not_null() & pl.col("birth").is_not_null() & pl.col("total").is_not_null()
    rows = rows.with_columns(
        key=pl.col("id").cast(pl.String),
        scheme=pl.coalesce(
            "scheme", pl.when(pl.col("family") == "disabled").then(pl.lit("disabled_full")).otherwise("family")
        ),
        household=pl.col("household") + "/" + _plain("insurer"),
        frequent=pl.col("frequent").fill_null(value=False),
        **{name: pl.col(name).fill_null("") for name in ("income", "supplement")},
    )
    judged, rest = rows.filter(whole), rows.filter(~whole)
    frame = judged.with_columns(household=pl.coalesce("household", "key"))
    done = adjudicate_frame(rules, one_visit_frame(frame))
    judged = judged.with_columns([done[name] for name in (*_AMOUNTS, "problem")])
    nothing = [pl.lit(None, pl.Int64).alias(name) for name in _AMOUNTS]
    return pl.concat([judged, rest.with_columns(nothing).with_columns(problem=pl.lit(""))])


def _split(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the findings of the amounts, the verdict, and the parts of what was asked."""
    differs = (pl.col("stated") != pl.col("patient")) & (pl.col("findings") == "") & (pl.col("problem") == "")
    more = pl.when(pl.col("problem") != "").then(pl.col("problem")).when(differs).then(pl.lit("patient-differs"))
    found = pl.concat_str([pl.when(pl.col("findings") != "").then("findings"), more], separator=" ", ignore_nulls=True)
    rows = rows.with_columns(findings=found)
    texts = rows["findings"].unique().to_list()
    verdicts = {text: _verdict(text) for text in texts}
    verdict = pl.col("findings").replace_strict(verdicts, return_dtype=pl.String)
    stated = pl.coalesce("stated", "patient")
    asked = pl.max_horizontal(pl.col("city") + pl.col("patient") - stated, pl.lit(0)).fill_null(0)
    rows = rows.with_columns(verdict=verdict, asked=asked)
    parts: dict[str, Any] = {"paid": ["pay"], "refused": ["refuse", "return"], "pending": ["hold"]}
    return rows.with_columns(
        pl.when(pl.col("verdict").is_in(of)).then("asked").otherwise(0).alias(name) for name, of in parts.items()
    )


def _verdict(text: str) -> str:
    found = [kinds()[code].verdict for code in text.split()]
    return max(found, key=lambda verdict: _RANK[verdict]).value if found else Verdict.PAY.value
