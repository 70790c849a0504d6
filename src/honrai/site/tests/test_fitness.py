"""Production refuses what belongs in a demo, and says how to mend it; the command line keeps its promises."""

import subprocess
import sys

import pytest
from conftest import ROOT

from honrai.site.cli.main import COMMANDS
from honrai.site.config import read_config
from honrai.site.fitness import problems

KEY = "0123456789abcdef" * 4
FIT = {
    "HONRAI_MODE": "production",
    "DATABASE_URL": "postgresql://honrai_app:x@db.example/honrai",
    "HONRAI_SECRET_KEY": KEY,
    "HONRAI_FILES_KEY": KEY,
    "HONRAI_AUDIT_KEY": KEY,
    "HONRAI_HOSTS": "centre.example.lg.jp",
    "HONRAI_SMTP_URL": "smtp://mail.example.lg.jp",
    "HONRAI_CLAMD": "/run/clamav/clamd.ctl",
}


def test_a_whole_production_configuration_is_fit():
    assert problems(read_config(FIT)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"DATABASE_URL": ""}, "embedded"),
        ({"DATABASE_URL": "postgresql://postgres@db/honrai"}, "superuser"),
        ({"DATABASE_URL": "postgresql://honrai_owner@db/honrai"}, "owner"),
        ({"HONRAI_DEBUG": "1"}, "DEBUG"),
        ({"HONRAI_TLS": "0"}, "TLS"),
        ({"HONRAI_HOSTS": ""}, "host"),
        ({"HONRAI_SECRET_KEY": ""}, "SECRET_KEY"),
        ({"HONRAI_FILES_KEY": "0" * 64}, "FILES_KEY"),
        ({"HONRAI_AUDIT_KEY": "short"}, "AUDIT_KEY"),
        ({"HONRAI_CLAMD": ""}, "scanner"),
        ({"HONRAI_SMTP_URL": ""}, "mail"),
    ],
)
def test_production_refuses(change, told):
    found = problems(read_config(FIT | change))
    assert any(told in problem.wrong for problem in found), found
    assert all(problem.mend for problem in found)


def test_a_demo_makes_its_secrets_once(tmp_path):
    first = read_config({"HONRAI_VAR": str(tmp_path)})
    assert first == read_config({"HONRAI_VAR": str(tmp_path)})
    assert len({first.secret_key, first.files_key, first.audit_key}) == 3
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def _honrai(tmp_path, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "honrai.site.cli", *arguments],
        env={"PATH": "/usr/bin:/bin", "HONRAI_VAR": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_every_command_has_help(tmp_path):
    told = _honrai(tmp_path, "--help").stdout
    assert all(command in told for command in COMMANDS)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_an_unfit_production_does_not_start(tmp_path, command):
    done = _honrai(tmp_path, command, HONRAI_MODE="production")
    assert done.returncode == 2
    assert "doctor" in done.stderr


def test_check_config_says_how_to_mend_and_ends_with_one(tmp_path):
    done = _honrai(tmp_path, "check-config", HONRAI_MODE="production")
    assert done.returncode == 1
    assert "openssl rand -hex 32" in done.stdout
    assert _honrai(tmp_path, "check-config").returncode == 0


def test_demo_data_is_refused_in_production(tmp_path):
    done = _honrai(tmp_path, "demo", **FIT)
    assert done.returncode == 2
    assert "production" in done.stderr


def test_the_doctor_says_that_the_database_is_down(tmp_path):
    done = _honrai(tmp_path, "doctor")
    assert done.returncode == 1
    assert "honrai run" in done.stdout
