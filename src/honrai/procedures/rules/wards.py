"""Wards that do one procedure differently: their packs laid beside a draft element by element, and each difference decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from honrai.procedures.rules.differences import PARTS, elements
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.problems import Problem

FILE = "wards.yaml"


@dataclass(frozen=True)
class Word:
    """What was decided of one ward's difference: kept with a reason, or dropped; it counts for what the ward `says`."""

    says: str
    keep: bool
    reason: str = ""


@dataclass(frozen=True)
class WardCell:
    """What one ward says of one element; `word` is None while nothing was decided; `differs` from the draft or not."""

    ward: str
    says: str
    differs: bool
    word: Word | None


@dataclass(frozen=True)
class MatrixRow:
    """One element that at least one ward does differently: what the draft says and what each ward says."""

    part: str
    element: str
    says: str
    cells: tuple[WardCell, ...]

    @property
    def open(self) -> bool:
        """Whether a difference of this element is still undecided."""
        return any(cell.differs and cell.word is None for cell in self.cells)


Words = Mapping[tuple[str, str, str], Word]


def matrix(draft: Pack, variants: Mapping[str, Pack], words: Words) -> tuple[MatrixRow, ...]:
    """Return every element that some ward does differently from the draft, in the order of the pack.

    Args:
        draft: the pack all wards shall share.
        variants: ward -> its own pack; precedents are left out, they are tests and no practice.
        words: (ward, part, element) -> what was decided; it counts only while the ward says the same.
    """
    own = elements(draft)
    theirs = {ward: elements(pack) for ward, pack in variants.items()}
    order = {part: place for place, part in enumerate(PARTS)}
    keys = {key for said in theirs.values() for key in {*said, *own} if said.get(key, "") != own.get(key, "")}
    rows = [
        MatrixRow(
            *key,
            own.get(key, ""),
            tuple(_cell(ward, said.get(key, ""), own.get(key, ""), key, words) for ward, said in theirs.items()),
        )
        for key in keys
        if key[0] != "precedents"
    ]
    return tuple(sorted(rows, key=lambda row: (order[row.part], row.element)))


def open_differences(rows: Sequence[MatrixRow]) -> tuple[Problem, ...]:
    """Return each undecided difference as a problem of gate point 9."""
    return tuple(
        Problem(
            row.part,
            row.element,
            f"{'・'.join(cell.ward for cell in row.cells if cell.differs and cell.word is None)}の違いの扱いが決まっていません",
            "区の運用の比較で、理由を付けて残すか、そろえるかを決めてください",
        )
        for row in rows
        if row.open
    )


def ward_record(rows: Sequence[MatrixRow]) -> bytes:
    """Return wards.yaml: what each ward keeps, with the reason; empty where nothing is kept."""
    kept = [
        {"ward": cell.ward, "part": row.part, "element": row.element, "says": cell.says, "reason": cell.word.reason}
        for row in rows
        for cell in row.cells
        if cell.differs and cell.word is not None and cell.word.keep
    ]
    return yaml.safe_dump({"wards": kept}, allow_unicode=True, sort_keys=False, width=120).encode() if kept else b""


def _cell(ward: str, says: str, own: str, key: tuple[str, str], words: Words) -> WardCell:
    word = words.get((ward, *key))
    return WardCell(ward, says, says != own, word if word is not None and word.says == says else None)
