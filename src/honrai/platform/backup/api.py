"""Writes and reads archives. The caller (the command line) knows databases and stores; here they are parameters."""

import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from honrai.platform.backup.sealed import BadArchiveError, SealedWriter, read_sealed
from honrai.platform.files.stores import ObjectStore

Progress = Callable[[str], None]
Count = Callable[[int, int], None]
_DUMP, _HEADS, _MANIFEST, _FILES = "database.dump", "heads.jsonl", "manifest.json", "files/"


class BackupError(RuntimeError):
    """pg_dump or pg_restore failed; the message is its own."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an archive holds."""

    files: int
    database_bytes: int


def _uncounted(done: int, total: int) -> None:
    """Count for nobody."""


def backup(
    target: Path,
    *,
    key: bytes,
    dump_with: Path,
    database_url: str,
    store: ObjectStore,
    heads: Path,
    say: Progress,
    count: Count = _uncounted,
) -> Summary:
    """Write database, files and audit heads into one encrypted archive; the archive appears whole or not at all.

    Args:
        target: file to write.
        key: archive key, 32 bytes.
        dump_with: pg_dump of the server's version.
        database_url: connection of the backup role, which sees all cities.
        store: the objects as stored (already encrypted by their own key).
        heads: the audit heads outside the database.
        say: receives a line for each part.
        count: receives how many files are in, and of how many.

    Raises:
        BackupError: pg_dump failed.
    """
    draft = target.with_name(f".{target.name}.part")
    with TemporaryDirectory(dir=target.parent) as work:
        dump = Path(work) / _DUMP
        _run([str(dump_with), "--format=custom", f"--file={dump}", "--dbname", database_url])
        say(f"database dumped ({dump.stat().st_size:,} bytes)")
        with draft.open("wb") as out:
            writer = SealedWriter(out, key)
            summary = _write_parts(writer, dump, store, heads, count)
            writer.close()
    draft.replace(target)
    say(f"{summary.files} files archived")
    return summary


def _write_parts(writer: SealedWriter, dump: Path, store: ObjectStore, heads: Path, count: Count) -> Summary:
    sums: dict[str, str] = {}
    names = store.names()
    with tarfile.open(fileobj=cast("IO[bytes]", writer), mode="w|") as tar:
        tar.add(dump, _DUMP)
        sums[_DUMP] = _sum(dump)
        for done, name in enumerate(names, start=1):
            _add(tar, _FILES + name, store.get(name), sums)
            count(done, len(names))
        if heads.exists():
            _add(tar, _HEADS, heads.read_bytes(), sums)
        _add(tar, _MANIFEST, json.dumps(sums).encode(), {})
    return Summary(len(names), dump.stat().st_size)


def _add(tar: tarfile.TarFile, name: str, content: bytes, sums: dict[str, str]) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, BytesIO(content))
    sums[name] = hashlib.sha256(content).hexdigest()


def unpack(source: Path, folder: Path, *, key: bytes, count: Count = _uncounted) -> Summary:
    """Decrypt an archive into a folder and check every part against its manifest, before anything else is touched.

    Args:
        source: the archive.
        folder: an empty folder.
        key: archive key, 32 bytes.
        count: receives how many bytes are read, and of how many.

    Raises:
        BadArchiveError: damaged, cut, wrong key, or a part that does not match the manifest.
    """
    plain = folder / "archive.tar"
    with source.open("rb") as sealed, plain.open("wb") as out:
        for chunk in read_sealed(sealed, key):
            out.write(chunk)
            count(sealed.tell(), source.stat().st_size)
    with tarfile.open(plain) as tar:
        tar.extractall(folder, filter="data")
    plain.unlink()
    manifest: dict[str, str] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    for name, expected in manifest.items():
        if _sum(folder / name) != expected:
            raise BadArchiveError(f"{name} differs from the manifest")
    return Summary(sum(name.startswith(_FILES) for name in manifest), (folder / _DUMP).stat().st_size)


def restore(
    folder: Path,
    *,
    restore_with: Path,
    owner_url: str,
    role: str,
    store: ObjectStore,
    heads: Path,
    say: Progress,
    count: Count = _uncounted,
) -> None:
    """Put an unpacked archive into an empty database and store.

    Args:
        folder: where `unpack` put it.
        restore_with: pg_restore of the server's version.
        owner_url: connection that may act as the owner; the database must be empty.
        role: the owner role.
        store: the object store.
        heads: where the audit heads go.
        say: receives a line for each part.
        count: receives how many files are back, and of how many.

    Raises:
        BackupError: pg_restore failed; the database may be half full and must be dropped.
    """
    options = ["--exit-on-error", "--single-transaction", "--no-owner", f"--role={role}", "--dbname", owner_url]
    _run([str(restore_with), *options, str(folder / _DUMP)])
    say("database restored")
    stored = list(_stored(folder / _FILES))
    for done, (path, name) in enumerate(stored, start=1):
        store.put(name, path.read_bytes())
        count(done, len(stored))
    if (folder / _HEADS).exists():
        heads.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / _HEADS, heads)
    say("files and audit heads restored")


def _stored(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, str(path.relative_to(folder))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(done.stderr.strip())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
