"""The standard packs: those of the city in `packs/`, the reference inner packs of contractors in `packs/contractor/`."""

from functools import cache
from pathlib import Path

from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_folder
from honrai.procedures.rules.sources import files_of_folder

FOLDER = Path(__file__).resolve().parents[4] / "packs"
_PATHS = {path.parent.name: path.parent for path in sorted(FOLDER.glob("**/procedure.yaml"))}
ALL = list(_PATHS)


@cache
def pack(code: str) -> Pack:
    """Return a standard pack; read once for all tests."""
    return read_folder(_PATHS[code]).unwrap()


def files(code: str = "kodomo-iryo") -> dict[str, bytes]:
    """Return the files of a standard pack, for a test to change."""
    return files_of_folder(_PATHS[code])


CITY = [code for code in ALL if pack(code).identity.kind == "city"]
CONTRACTOR = [code for code in ALL if pack(code).identity.kind == "contractor"]
LIBRARY = Path(__file__).resolve().parents[1] / "typst"
