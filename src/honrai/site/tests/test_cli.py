"""The command line: help of every command, honest exit codes, messages a person can act on."""

import re

import pytest

from honrai.site.cli.main import COMMANDS, main


@pytest.fixture(autouse=True)
def demo(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "HONRAI_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HONRAI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["audit", "verify"], ["audit", "export"]])
def test_every_command_tells_what_it_does_and_each_option_what_it_is(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: {' '.join(['honrai', *command])}")
    unexplained = re.findall(r"^  (--?[\w-]+|[a-z-]+)(?: \w+)?\n(?! {10,}\S)", told, re.M)
    assert not unexplained


@pytest.mark.parametrize("wrong", [[], ["start"], ["run", "--port", "x"], ["restore"], ["audit"]])
def test_wrong_use_is_2(wrong, capsys):
    with pytest.raises(SystemExit) as left:
        main(wrong)
    assert left.value.code == 2
    assert "usage: honrai" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["restore", "nowhere.honrai"], "there is no file nowhere.honrai"),
        (["audit", "verify", "--city", "1", "--export", "nowhere.jsonl"], "there is no file nowhere.jsonl"),
        (["audit", "verify", "--export", __file__], "--export needs --city"),
        (["backup", "no-such-folder/x"], "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_2_with_the_reason(command, says, capsys):
    assert main(command) == 2
    assert says in capsys.readouterr().err


def test_what_is_wrong_is_1_and_what_is_right_0(capsys, monkeypatch):
    assert main(["check-config"]) == 0
    assert main(["doctor"]) == 1
    assert "start it with `honrai run`" in capsys.readouterr().out
    monkeypatch.setenv("HONRAI_MODE", "production")
    assert main(["check-config"]) == 1
    for command in ("run", "demo", "serve", "worker"):
        assert main([command]) == 2, command
    assert "unfit for production" in capsys.readouterr().err
