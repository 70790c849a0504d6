"""Draws claims of the made-up city and plants defects, each of a known kind, in a share of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from honrai.claims.columns.adjudicate import adjudicate_frame
from honrai.claims.columns.frame import one_visit_frame
from honrai.claims.generator.world import World, make_world
from honrai.claims.rules.settings import medical_aid

#: Kinds of defects, and the finding that must come of each (`rules/data/findings.yaml`).
DEFECTS: dict[str, str] = {
    "wrong_total": "unreadable",
    "bad_month": "unreadable",
    "bad_birth": "unreadable",
    "letters_in_total": "unreadable",
    "empty_total": "unreadable",
    "utf8_name": "unreadable",
    "broken_line": "unreadable",
    "no_payer": "unreadable",
    "letters_in_days": "unreadable",
    "insurer_digit": "insurer-number",
    "own_payer_digit": "not-ours",
    "foreign_payer": "not-ours",
    "unknown_institution": "institution-unknown",
    "unknown_recipient": "recipient-unknown",
    "after_loss": "after-loss",
    "before_start": "before-start",
    "other_birth": "birth-differs",
    "other_insurer": "insurer-differs",
    "sent_twice": "duplicate",
    "too_late": "too-late",
    "too_early": "too-early",
    "too_old": "child-too-old",
    "no_card_share": "share-needed",
    "patient_differs": "patient-differs",
    "school_accident": "school-accident",
    "third_party": "third-party",
    "better_scheme": "better-scheme",
    "strange_code": "master-code",
}
_SAME = (
    "birth",
    "scheme",
    "months",
    "care",
    "insurer",
    "card_percent",
    "income",
    "frequent",
    "supplement",
    "total",
    "unit",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Claims drawn, and what is true of them.

    Attributes:
        world: people and institutions, the ledger changed where a defect needs it.
        claims: one row a receipt in the order of the file: what is written, `defect` ("" for none), what it must come to.
        month: the month they are claimed in; most were treated the month before.
    """

    world: World
    claims: pl.DataFrame
    month: date


def draw(number: int, *, month: date, seed: int, defects: float = 0.03) -> Drawn:
    """Return claims of a month.

    Args:
        number: how many, doubles not counted.
        month: first day of the month in which they are claimed.
        seed: the same number gives the same claims.
        defects: share of claims with a planted defect.
    """
    rng = np.random.default_rng(seed)
    treated = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    people = max(40, number // 2)
    world = make_world(people, treated, rng)
    claims = _claims(world, number, treated, rng)
    claims = _judged(claims)
    claims, recipients = _plant(claims, world.recipients, treated, defects, rng)
    return Drawn(World(recipients, world.institutions), claims, month)


def _claims(world: World, number: int, treated: date, rng: np.random.Generator) -> pl.DataFrame:
    """Return claims without defects: each person at most once at an institution, in or out."""
    people, places = world.recipients.height, world.institutions.height
    spare = int(number * 1.03) + 40
    who, where = rng.integers(0, people, spare), rng.integers(0, places, spare)
    rows = pl.DataFrame({"who": who, "where": where, "inside": rng.random(spare) < 0.03}).unique(
        ["who", "where"], keep="first", maintain_order=True
    )
    while rows.height < number:
        more = pl.DataFrame(
            {
                "who": rng.integers(0, people, spare),
                "where": rng.integers(0, places, spare),
                "inside": rng.random(spare) < 0.03,
            }
        )
        rows = pl.concat([rows, more]).unique(["who", "where"], keep="first", maintain_order=True)
    rows = rows.head(number).sort("where", maintain_order=True)
    rows = rows.join(
        world.recipients.with_row_index("who").with_columns(pl.col("who").cast(pl.Int64)),
        on="who",
        maintain_order="left",
    )
    shops = (
        world.institutions.with_row_index("where")
        .rename({"name": "place"})
        .with_columns(pl.col("where").cast(pl.Int64))
    )
    rows = rows.join(shops, on="where", maintain_order="left")
    return _amounts(rows, treated, rng)


def _amounts(rows: pl.DataFrame, treated: date, rng: np.random.Generator) -> pl.DataFrame:
    """Add month, care, amounts and other payers."""
    number = rows.height
    points = np.clip(rng.lognormal(6.6, 0.8, number), 20, 20_000).astype(np.int64)
    big = np.clip(rng.lognormal(10.3, 0.6, number), 5_000, 300_000).astype(np.int64)
    medical = pl.col("table").is_in(["1", "3"])
    index = treated.year * 12 + treated.month - 1
    earlier = rng.choice([0, 0, 0, 0, 0, 0, 0, 1, 2, 4], number)
    rows = rows.with_columns(
        points=points, big=big, months=pl.Series(index - earlier, dtype=pl.Int32), other=rng.random(number) < 0.02
    )
    inside = medical & pl.col("inside")
    pharmacy = pl.when(pl.col("table") == "4").then(pl.lit("pharmacy"))
    total = pl.when(inside).then("big").otherwise("points")
    return rows.with_columns(
        inside=inside,
        total=pl.when(pl.col("table") == "6").then(pl.col("points") * 10).otherwise(total),
        unit=pl.when(pl.col("table") == "6").then(1).otherwise(10),
        care=pharmacy.when(inside).then(pl.lit("inpatient")).otherwise(pl.lit("outpatient")),
        other=pl.col("other") & ~inside & (pl.col("scheme") != "child"),
        days_count=pl.Series(rng.integers(1, 6, number)),
    ).drop("big", "points")  # fmt: skip


def _judged(claims: pl.DataFrame) -> pl.DataFrame:
    """Add what other payers leave, and share, patient and city as the rules give them."""
    tenth = pl.col("total") * pl.col("unit") // 100 * 10
    claims = claims.with_columns(other_pays=pl.when("other").then(tenth).otherwise(None))
    frame = claims.select(
        *_SAME, "other_pays",
        key=pl.int_range(pl.len()).cast(pl.String),
        household=pl.col("household") + "/" + pl.col("insurer"),
        person="number",
        institution=pl.col("prefecture") + pl.col("table") + pl.col("code"),
    )  # fmt: skip
    done = adjudicate_frame(medical_aid(), one_visit_frame(frame))
    return claims.with_columns(done["share"], done["patient"], done["city"], done["problem"])


def _plant(
    claims: pl.DataFrame, recipients: pl.DataFrame, treated: date, share: float, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give claims a defect each, of people who have nothing to add up with anybody; a person has one defect at most."""
    kinds = list(DEFECTS)
    wanted = int(claims.height * share)
    alone = claims.with_row_index("n").filter((pl.col("income") == "") & (pl.col("problem") == ""))
    fit = alone.filter(pl.col("number").is_in(_once(claims)))
    shuffled = fit["n"].to_numpy()[rng.permutation(fit.height)]
    defect = np.full(claims.height, "", dtype=object)
    info = claims.select("scheme", "table", "unit", "birth").to_dicts() if wanted else []
    for place, n in enumerate(shuffled[:wanted]):
        defect[n] = _fitting(kinds, place, info[n])
    claims = claims.with_columns(defect=pl.Series(defect.tolist(), dtype=pl.String))
    claims = claims.with_columns(
        defect=pl.when((pl.col("defect") == "") & (pl.col("problem") != "")).then(pl.lit("")).otherwise("defect")
    )
    return claims, _changed_ledger(claims, recipients, treated)


def _once(claims: pl.DataFrame) -> pl.Series:
    """Return the people with one claim."""
    return claims.filter(pl.len().over("number") == 1)["number"].implode()


def _fitting(kinds: list[str], place: int, row: dict[str, object]) -> str:
    """Return the kind whose turn it is, or the next that the claim can have."""
    for step in range(len(kinds)):
        kind = kinds[(place + step) % len(kinds)]
        child_only = kind in ("too_old", "better_scheme")
        medical_only = kind in ("wrong_total", "strange_code")
        if child_only and row["scheme"] != ("single_parent" if kind == "better_scheme" else "child"):
            continue
        if kind == "no_card_share" and row["scheme"] == "child":
            continue
        if medical_only and row["table"] != "1":
            continue
        return kind
    return ""


def _changed_ledger(claims: pl.DataFrame, recipients: pl.DataFrame, treated: date) -> pl.DataFrame:
    """Return the ledger as the defects need it: ended, begun later, too old, without a share, with a second scheme."""
    of = {kind: claims.filter(pl.col("defect") == kind)["number"].to_list() for kind in DEFECTS}
    number = pl.col("number")
    old = date(treated.year - 19, 1, 15)
    aged = date(treated.year - 80, 1, 15)
    birth: Any = pl.when(number.is_in(of["too_old"])).then(pl.lit(old))
    birth = birth.when(number.is_in(of["no_card_share"])).then(pl.lit(aged))
    changed = recipients.filter(~number.is_in(of["unknown_recipient"])).with_columns(
        until=pl.when(number.is_in(of["after_loss"])).then(pl.lit(date(2025, 1, 31))).otherwise("until"),
        since=pl.when(number.is_in(of["before_start"])).then(pl.lit(date(treated.year + 1, 1, 1))).otherwise("since"),
        birth=birth.otherwise("birth"),
        card_percent=pl.when(number.is_in(of["no_card_share"])).then(None).otherwise("card_percent"),
    )  # fmt: skip
    second = changed.filter(number.is_in(of["better_scheme"])).with_columns(
        scheme=pl.lit("disabled_full"), number=pl.lit("9") + pl.col("number").str.slice(1)
    )
    return pl.concat([changed, second.unique("number").join(changed, on="number", how="anti")])
