"""Takes made-up residents and households in the way a city's nightly extract comes: as files, through exchange."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from honrai.exchange import api as exchange
from honrai.platform.authority.api import system_actor
from honrai.site.demo.extracts import write_cp932
from honrai.site.demo.ledgers import take_in_ledgers
from honrai.site.demo.residents import generate

_SEED = 20260401


def take_in_residents(city: int, count: int, *, now: datetime) -> dict[str, exchange.Counts]:
    """Generate residents as of yesterday and take their extracts in; call inside `in_city(city)`.

    Args:
        city: key of the city.
        count: residents wanted, >= 1.
        now: the moment.

    Returns:
        Layout -> what the load changed.
    """
    day = now.date() - timedelta(1)
    done = {}
    people = generate(count, _SEED, day)
    with tempfile.TemporaryDirectory() as folder:
        write_cp932(people, Path(folder))
        for name in ("households", "residents"):
            done[f"{name}-full"] = exchange.take_in(
                layout=f"{name}-full",
                as_of=day,
                name=f"{name}.csv",
                content=(Path(folder) / f"{name}.csv").read_bytes(),
                actor=system_actor(city, now.date()),
                now=now,
            )
    take_in_ledgers(city, people, now=now)
    return done


def example_child(count: int, today: date) -> dict[str, str]:
    """Return a child of the generated city to try an application with: name, kana, birth, address, and the household's head.

    Args:
        count: residents generated; the same number as was taken in.
        today: the day of loading.
    """
    child = applicants(count, today)[0].row(0, named=True)
    kept = ("name", "kana", "birth", "address", "postcode", "head", "head_kana")
    return {key: str(child[key]) for key in kept}


def applicants(count: int, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return people of the generated city who may apply: children under ten, and heads of households of working age.

    Each row has name, kana, birth, address and postcode, and the head of the household with its reading.

    Args:
        count: residents generated; the same number as was taken in.
        today: the day of loading.
    """
    people = generate(count, _SEED, today - timedelta(1))
    homes = people.households.rename({"ward": "of_ward"})
    heads = people.residents.select(
        pl.col("person_no").alias("head_no"), pl.col("name").alias("head"), pl.col("kana").alias("head_kana")
    )
    joined = people.residents.join(homes, on="household_no").join(heads, on="head_no")
    plain = joined.filter((pl.col("nationality") == "日本") & ~pl.col("protected"))
    children = plain.filter((pl.col("birth") > today - timedelta(3650)) & (pl.col("insurance") == "協会けんぽ"))
    adults = plain.filter(
        (pl.col("person_no") == pl.col("head_no"))
        & pl.col("birth").is_between(today - timedelta(60 * 365), today - timedelta(25 * 365))
    )
    return children, adults
