"""The standard packs, and a small made-up one that tests break in many ways."""

from functools import cache
from pathlib import Path

from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_folder
from honrai.procedures.rules.sources import files_of_folder

FOLDER = Path(__file__).resolve().parents[4] / "packs"
ALL = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@cache
def pack(code: str) -> Pack:
    """Return a standard pack; read once for all tests."""
    return read_folder(FOLDER / code).unwrap()


def files(code: str = "kodomo-iryo") -> dict[str, bytes]:
    """Return the files of a standard pack, for a test to change."""
    return files_of_folder(FOLDER / code)


CITY = [code for code in ALL if pack(code).identity.kind == "city"]
CONTRACTOR = [code for code in ALL if pack(code).identity.kind == "contractor"]
LIBRARY = Path(__file__).resolve().parents[1] / "typst"
