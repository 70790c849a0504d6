"""Turns the files of a pack into a `Pack`, or into the full list of what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from honrai.procedures.rules.entries import NO_ENTRIES, read_entries
from honrai.procedures.rules.model import Form, Letter, Pack, Precedent
from honrai.procedures.rules.parameters import NONE, read_parameters
from honrai.procedures.rules.problems import PackError, Problem
from honrai.procedures.rules.read_form import read_facts, read_form
from honrai.procedures.rules.read_identity import read_identity, read_survey
from honrai.procedures.rules.read_parts import read_letter, read_manual, read_precedents
from honrai.procedures.rules.references import dangling
from honrai.procedures.rules.shape import Problems, unique
from honrai.procedures.rules.sources import (
    REQUIRED,
    REQUIRED_CITY,
    content_address,
    files_of_folder,
    files_of_zip,
    missing_and_unknown,
)


@dataclass(frozen=True)
class Reading:
    """The result of reading: a pack, or problems, never both."""

    pack: Pack | None
    problems: tuple[Problem, ...]

    def unwrap(self) -> Pack:
        """Return the pack.

        Raises:
            PackError: the files are not a well-formed pack.
        """
        if self.pack is None:
            raise PackError(self.problems)
        return self.pack


class _Reader:
    """Hands each file to its reader and gathers all problems."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.problems: list[Problem] = []

    def of(self, file: str) -> Problems:
        """Return a collector whose findings end up in this reading."""
        collector = Problems(file)
        collector.found = self.problems
        return collector

    def letters(self) -> tuple[Letter, ...]:
        """Read every letter, in order of their names."""
        names = [name for name in sorted(self.files) if name.startswith("letters/")]
        return tuple(read_letter(Path(name).stem, self.files[name], self.of(name)) for name in names)

    def precedents(self) -> tuple[Precedent, ...]:
        """Read every precedent; ids are unique over all files."""
        names = [name for name in sorted(self.files) if name.startswith("precedents/")]
        found = [one for name in names for one in read_precedents(name, self.files[name], self.of(name))]
        unique(found, lambda one: one.id, "判断事例", self.of("precedents"))
        return tuple(found)


def read_pack(files: Mapping[str, bytes]) -> Reading:
    """Read a pack from its files.

    Args:
        files: path inside the pack -> content, as `sources.files_of_folder` and `files_of_zip` give them.

    Returns:
        The pack, or every problem found (missing files first, then by file).
    """
    reader = _Reader(files)
    kind = _kind(files)
    reader.problems += missing_and_unknown(files, REQUIRED_CITY if kind == "city" else REQUIRED)
    if any(name not in files for name in REQUIRED):
        return Reading(None, tuple(reader.problems))
    pack = _assemble(reader, files)
    if not reader.problems:
        reader.problems += dangling(pack)
    return Reading(None if reader.problems else pack, tuple(sorted(reader.problems, key=lambda one: one.file)))


def read_lenient(files: Mapping[str, bytes]) -> tuple[Pack, tuple[Problem, ...]]:
    """Return a pack as far as it can be read, with every problem: what an editor shows while a draft is not whole."""
    reader = _Reader(files)
    reader.problems += missing_and_unknown(files, REQUIRED_CITY if _kind(files) == "city" else REQUIRED)
    pack = _assemble(reader, {**dict.fromkeys(REQUIRED, b""), **files})
    if not reader.problems:
        reader.problems += dangling(pack)
    return pack, tuple(sorted(set(reader.problems), key=lambda one: one.file))


def read_folder(folder: Path) -> Reading:
    """Read the pack in a folder.

    Raises:
        PackError: there is no such folder or it is too large to be a pack.
    """
    return read_pack(files_of_folder(folder))


def read_zip(raw: bytes) -> Reading:
    """Read a zipped pack.

    Raises:
        PackError: the bytes are not a usable zip.
    """
    return read_pack(files_of_zip(raw))


def _kind(files: Mapping[str, bytes]) -> str:
    if "procedure.yaml" not in files:
        return "city"
    return read_identity(files["procedure.yaml"], Problems("procedure.yaml")).kind


def _assemble(reader: _Reader, files: Mapping[str, bytes]) -> Pack:
    def part(name: str) -> tuple[bytes, Problems]:
        return files[name], reader.of(name)

    return Pack(
        address=content_address(files),
        identity=read_identity(*part("procedure.yaml")),
        form=read_form(*part("form.yaml")) if "form.yaml" in files else Form(()),
        flow=files["flow.bpmn"],
        decisions=files.get("decisions.dmn", b""),
        facts=read_facts(*part("facts.yaml")) if "facts.yaml" in files else (),
        parameters=read_parameters(*part("parameters.yaml")) if "parameters.yaml" in files else NONE,
        manual=read_manual(*part("manual.md")),
        letters=reader.letters(),
        precedents=reader.precedents(),
        survey=read_survey(*part("survey.yaml")) if "survey.yaml" in files else None,
        files=MappingProxyType(dict(files)),
        entries=read_entries(*part("entries.yaml")) if "entries.yaml" in files else NO_ENTRIES,
    )
