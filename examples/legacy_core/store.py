"""The made-up system's own SQLite file: residents it was told of, and who receives こども医療費."""

import csv
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from examples.legacy_core.formats import ENTRY, LEDGER, is_date, read_lines, write_line

_TABLES = """
CREATE TABLE IF NOT EXISTS jumin (atena_no TEXT PRIMARY KEY, shimei TEXT, kana TEXT, seinen TEXT);
CREATE TABLE IF NOT EXISTS jukyusha (jukyu_no TEXT PRIMARY KEY, atena_no TEXT, shimei TEXT, seinen TEXT, kaishi TEXT,
    shuryo TEXT, hokensha TEXT, jotai TEXT);
"""


class Store:
    """The database. `lose_every`: of what the batch import takes, every n-th line vanishes without a word (a planted fault)."""

    def __init__(self, folder: Path, *, lose_every: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "extracts").mkdir(exist_ok=True)
        self.folder = folder
        self._lose_every = lose_every
        self._imported = 0
        self._path = folder / "legacy.sqlite3"
        with self._open() as database:
            database.executescript(_TABLES)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def take_residents(self, path: Path) -> int:
        """Load the resident register's CSV; return how many people it tells of."""
        with path.open(encoding="cp932", newline="") as file:
            rows = [(row["person_no"], row["name"], row["kana"], row["birth"]) for row in csv.DictReader(file)]
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO jumin VALUES (?, ?, ?, ?)", rows)
        return len(rows)

    def resident(self, number: str) -> dict[str, str] | None:
        """Return a resident by 宛名番号."""
        with self._open() as database:
            database.row_factory = sqlite3.Row
            row = database.execute("SELECT * FROM jumin WHERE atena_no = ?", [number]).fetchone()
        return dict(row) if row else None

    def recipients(self, person: str = "") -> list[dict[str, str]]:
        """Return the recipients, or those of one 宛名番号."""
        where, values = ("WHERE atena_no = ?", [person]) if person else ("", [])
        with self._open() as database:
            database.row_factory = sqlite3.Row
            found = database.execute(f"SELECT * FROM jukyusha {where} ORDER BY jukyu_no", values)  # noqa: S608
            return [dict(row) for row in found]

    def enter(self, entry: Mapping[str, str]) -> str:
        """Take one entry (処理区分 1 put, 3 remove); return "" or the number and words of what is wrong."""
        if problem := self._problem(entry):
            return problem
        with self._open() as database:
            if entry["kubun"] == "3":
                database.execute("DELETE FROM jukyusha WHERE jukyu_no = ?", [entry["jukyu_no"]])
                return ""
            values = [entry[name] for name, _ in ENTRY[1:]]
            database.execute("INSERT OR REPLACE INTO jukyusha VALUES (?, ?, ?, ?, ?, ?, ?, '1')", values)
        return ""

    def _problem(self, entry: Mapping[str, str]) -> str:
        if entry["kubun"] not in ("1", "3"):
            return "E101 処理区分エラー"
        if not (entry["jukyu_no"].isdigit() and len(entry["jukyu_no"]) == 7):
            return "E102 受給者番号エラー"
        if self.resident(entry["atena_no"]) is None:
            return "E103 宛名番号ナシ"
        for name in ("seinen", "kaishi"):
            if not is_date(entry[name]):
                return "E104 日付エラー"
        return "E104 日付エラー" if entry["shuryo"] and not is_date(entry["shuryo"]) else ""

    def import_file(self, content: bytes) -> list[tuple[int, str]]:
        """Take a batch file (KJ900); return the lines refused, by number. The planted fault loses lines without a word."""
        refused = []
        for number, entry in enumerate(read_lines(content, ENTRY), start=1):
            self._imported += 1
            if self._lose_every and self._imported % self._lose_every == 0:
                continue
            if problem := self.enter(entry):
                refused.append((number, problem))
        return refused

    def extract(self, day: str) -> Path:
        """Write the nightly extract (KJ950) of a day (20260401) and return where it lies."""
        path = self.folder / "extracts" / f"KJ950_{day}.txt"
        path.write_bytes(b"".join(self._lines(self.recipients())))
        return path

    def _lines(self, rows: Iterable[Mapping[str, str]]) -> Iterable[bytes]:
        return (write_line(row, LEDGER) for row in rows)
