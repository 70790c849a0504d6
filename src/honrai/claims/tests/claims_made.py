"""Made-up claims for tests, drawn once a process."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from honrai.claims.generator.drawing import draw
from honrai.claims.generator.writing import write_ledger, write_truth, write_uke_file

MONTH = date(2026, 10, 1)


@cache
def made(number: int = 1_500, seed: int = 12, defects: float = 0.08) -> Path:
    """Return a folder with claims.UKE, truth.csv and the registers."""
    folder = Path(mkdtemp())
    drawn = draw(number, month=MONTH, seed=seed, defects=defects)
    write_uke_file(drawn, folder / "claims.UKE")
    write_truth(drawn, folder / "truth.csv")
    write_ledger(drawn, folder)
    return folder


def small() -> Path:
    """Return a folder with a few hundred claims."""
    return made(400, 5, 0.1)
