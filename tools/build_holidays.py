"""Write `src/honrai/kernel/data/holidays.tsv` from the tables of `jpholiday`.

Run each February, when the equinoxes of the next year are announced, and after a change of the law:
`python tools/build_holidays.py`. No network is used.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import jpholiday

TARGET = Path(__file__).parent.parent / "src/honrai/kernel/data/holidays.tsv"
FIRST, LAST = 1949, 2060
HEAD = """# National holidays of Japan: day, name. Years {first} to {last}; outside them the calendar refuses to answer.
# Legal source: 国民の祝日に関する法律 (昭和23年法律第178号) and the special acts for 1959, 1989, 1990, 1993, 2019, 2020, 2021.
# 春分の日 and 秋分の日 are announced each February for the year after; later ones are computed and may move by a day.
# Through the package jpholiday {version} (MIT). Written by tools/build_holidays.py; do not edit.
"""


def list_holidays() -> list[str]:
    """Return one line per holiday, oldest first."""
    return [f"{day}\t{name}" for year in range(FIRST, LAST + 1) for day, name in jpholiday.year_holidays(year)]


def main() -> None:
    """Write the file."""
    head = HEAD.format(first=FIRST, last=LAST, version=version("jpholiday"))
    TARGET.write_text(head + "\n".join(list_holidays()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
