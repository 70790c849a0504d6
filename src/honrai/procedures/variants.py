"""Ward variants of a draft: read, compared, with what was decided."""

from functools import lru_cache

from honrai.procedures.drafts import contents
from honrai.procedures.models import Draft, Variant, VariantDecision
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack
from honrai.procedures.rules.sources import files_of_zip, zip_of_files
from honrai.procedures.rules.wards import MatrixRow, Word, matrix


def compared(draft: Draft) -> tuple[MatrixRow, ...]:
    """Return the matrix of a draft and the ward variants beside it; nothing while the draft itself cannot be read."""
    own = _pack(draft.files)
    if own is None:
        return ()
    packs = {one.ward: _pack(one.files) for one in Variant.objects.filter(draft=draft).order_by("pk")}
    words = {
        (one.ward, one.part, one.element): Word(one.says, one.keep, one.reason)
        for one in VariantDecision.objects.filter(draft=draft)
    }
    return matrix(own, {ward: pack for ward, pack in packs.items() if pack is not None}, words)


def _pack(files: dict[str, str]) -> Pack | None:
    return _read(zip_of_files(contents({path: address for path, address in files.items() if path != "wards.yaml"})))


@lru_cache(maxsize=32)
def _read(archive: bytes) -> Pack | None:
    """Read a pack once while people decide row by row."""
    return read_pack(files_of_zip(archive)).pack
