"""The files of a pack from a folder or a zip, and the address that names exactly this content."""

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

from honrai.procedures.rules.problems import PackError, Problem

#: Largest pack taken in, unpacked; a real one is below 300 kB.
MAX_BYTES = 20_000_000
MAX_FILES = 500

#: Files every pack has; a contractor pack needs no more, it works on the form of the city's pack.
REQUIRED = ("procedure.yaml", "flow.bpmn", "manual.md")
REQUIRED_CITY = (*REQUIRED, "form.yaml", "decisions.dmn", "facts.yaml", "parameters.yaml", "survey.yaml")
#: What wards keep doing differently, with reasons; what outcomes tell the core systems; how recipients are judged anew each year.
OPTIONAL = ("wards.yaml", "entries.yaml", "renewal.yaml")
_FOLDERS = {"letters": ".typ", "precedents": ".yaml"}


def files_of_folder(folder: Path) -> dict[str, bytes]:
    """Return path -> content of every file of a pack folder; hidden files are left out.

    Raises:
        PackError: the folder is missing, too large, or a link points out of it.
    """
    if not folder.is_dir():
        raise PackError((Problem("", str(folder.name), "フォルダがありません", "パックのフォルダを指定してください"),))
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            raise PackError((Problem(name, "", "パックの外を指すリンクです", "実体のファイルを置いてください"),))
        total += path.stat().st_size
        _within_limits(total, len(files) + 1)
        files[name] = path.read_bytes()
    return files


def files_of_zip(raw: bytes) -> dict[str, bytes]:
    """Return path -> content of a zipped pack; one folder around all files is taken off.

    Raises:
        PackError: not a zip, damaged, encrypted, too large, or with a path that leaves the pack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _within_limits(sum(entry.file_size for entry in entries), len(entries))
            files = {_safe(entry.filename): archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise PackError(
            (Problem("", "zip", f"zipとして開けません: {error}", "パスワードなしで作り直してください"),)
        ) from error
    files = {name: content for name, content in files.items() if not name.startswith(("__MACOSX/", "."))}
    tops = {name.split("/", 1)[0] for name in files}
    if len(tops) == 1 and "procedure.yaml" not in files:
        top = tops.pop() + "/"
        files = {name.removeprefix(top): content for name, content in files.items()}
    return files


def zip_of_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files; the same content always gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def canonical(files: Mapping[str, bytes]) -> bytes:
    """Return the content that counts: names in NFC and order, line ends as LF, no byte-order mark.

    A pack zipped on one machine and unpacked on another keeps its address; a changed character does not.
    """
    parts = []
    for name in sorted(files, key=lambda entry: unicodedata.normalize("NFC", entry)):
        content = files[name].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        title = unicodedata.normalize("NFC", name).encode()
        parts.append(b"%d:%s%d:%s" % (len(title), title, len(content), content))
    return b"".join(parts)


def content_address(files: Mapping[str, bytes]) -> str:
    """Return the sha256 of the canonical content, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(files)).hexdigest()


def missing_and_unknown(files: Mapping[str, bytes], required: tuple[str, ...]) -> list[Problem]:
    """Return a problem for each required file that is absent and each file the format does not know."""
    found = [
        Problem(name, "", "ファイルがありません", f"{name} を作ってください(形は docs/reference/pack-format.md)")
        for name in required
        if name not in files
    ]
    for name in sorted(files):
        folder, _, rest = name.partition("/")
        known = name in (*REQUIRED_CITY, *OPTIONAL) or (
            rest and "/" not in rest and rest.endswith(_FOLDERS.get(folder, "\0"))
        )
        if not known:
            found.append(Problem(name, "", "パックの形式にないファイルです", "消すか、正しい場所と名前にしてください"))
    return found


def _within_limits(size: int, count: int) -> None:
    if size > MAX_BYTES or count > MAX_FILES:
        limit = f"{MAX_BYTES // 1_000_000}MB・{MAX_FILES}ファイルまで"
        raise PackError((Problem("", "", "パックが大きすぎます", f"{limit}にしてください"),))


def _safe(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if name.startswith("/") or ".." in parts or ":" in name:
        raise PackError((Problem(name, "", "パックの外を指すパスです", "zipを作り直してください"),))
    return "/".join(part for part in parts if part and part != ".")
