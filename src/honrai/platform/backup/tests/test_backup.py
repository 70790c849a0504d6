"""An archive brings everything back, in another database too; a changed byte is found before anything is touched."""

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from conftest import CITY_A, CITY_B
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from honrai.platform.backup.api import backup, restore, unpack
from honrai.platform.backup.sealed import BadArchiveError, SealedWriter, read_sealed
from honrai.platform.cities.tenancy import in_city
from honrai.platform.db.prepare import owner_url
from honrai.platform.db.roles import BACKUP, OWNER, create_database
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.events.models import LogEntry
from honrai.platform.events.sealing import seal, verify
from honrai.platform.events.testing import await_others
from honrai.platform.files.stores import FolderStore
from honrai.site.cli.restore import keep_transactions_growing

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
KEY = bytes(range(32))
SIGN = Ed25519PrivateKey.from_private_bytes(KEY)


def _sealed(plain: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY)
    writer.write(plain)
    writer.close()
    return out.getvalue()


@given(st.binary(max_size=300), st.integers(0, 3))
def test_what_is_sealed_comes_back(content, megabytes):
    plain = content + b"x" * (megabytes * 2**20)
    assert b"".join(read_sealed(io.BytesIO(_sealed(plain)), KEY)) == plain


@pytest.mark.parametrize("harm", ["flip", "cut chunk", "cut byte", "swap", "other key", "not ours"])
def test_harm_is_found(harm):
    sealed = bytearray(_sealed(bytes(3 * 2**20)))
    chunk = 2**20 + 16
    key = KEY
    match harm:
        case "flip":
            sealed[100] ^= 1
        case "cut chunk":
            del sealed[-chunk:]
        case "cut byte":
            del sealed[-1:]
        case "swap":
            sealed[24 : 24 + chunk], sealed[24 + chunk : 24 + 2 * chunk] = (
                sealed[24 + chunk : 24 + 2 * chunk],
                sealed[24 : 24 + chunk],
            )
        case "other key":
            key = bytes(32)
        case "not ours":
            sealed = bytearray(b"PK\x03\x04")
    with pytest.raises(BadArchiveError):
        b"".join(read_sealed(io.BytesIO(bytes(sealed)), key))


@pytest.fixture
def archive(committed, test_server, test_database, tmp_path):
    heads: list[dict] = []
    for city in (CITY_A, CITY_B):
        for number in range(3):
            with in_city(city):
                record("test.written", who=SYSTEM, now=NOW, subject=("case", number), after={"n": number})
        with in_city(city):
            await_others()
        with in_city(city):
            seal(key=SIGN, now=NOW, publish=heads.append)
    store = FolderStore(tmp_path / "files")
    store.put("1/abcd", b"sealed bytes")
    (tmp_path / "heads.jsonl").write_text("\n".join(map(json.dumps, heads)))
    backup(
        tmp_path / "honrai.archive",
        key=KEY,
        dump_with=test_server.tool("pg_dump"),
        database_url=test_server.url(BACKUP, test_database),
        store=store,
        heads=tmp_path / "heads.jsonl",
        say=lambda line: None,
    )
    return tmp_path / "honrai.archive"


def test_an_archive_brings_everything_back(archive, test_server, tmp_path):
    other = f"test_restored_{archive.stat().st_mtime_ns}"
    create_database(test_server.url(), other)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    assert unpack(archive, folder, key=KEY).files == 1
    store = FolderStore(tmp_path / "other-files")
    owner = owner_url(test_server, other)
    restore(
        folder,
        restore_with=test_server.tool("pg_restore"),
        owner_url=owner,
        role=OWNER,
        store=store,
        heads=tmp_path / "again" / "heads.jsonl",
        say=lambda line: None,
    )
    keep_transactions_growing(owner)
    assert store.get("1/abcd") == b"sealed bytes"
    with psycopg.connect(test_server.url("postgres", other)) as there:
        assert there.execute("SELECT count(*) FROM events_logentry").fetchone() == (6,)
        assert there.execute(
            "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname LIKE 'events_%key' OR relname = 'events_seal'"
        ).fetchone()
        fresh, old = there.execute(
            "SELECT honrai_transaction(), (SELECT max(to_transaction) FROM events_seal)"
        ).fetchone()
        assert fresh > old
    with psycopg.connect(test_server.url(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {other} WITH (FORCE)")


def test_a_changed_archive_is_refused_before_anything_is_touched(archive, tmp_path):
    raw = bytearray(archive.read_bytes())
    raw[len(raw) // 2] ^= 1
    archive.write_bytes(raw)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with pytest.raises(BadArchiveError):
        unpack(archive, folder, key=KEY)
    with in_city(CITY_A):
        assert LogEntry.objects.count() == 3
        assert list(verify(key=SIGN.public_key())) == []
