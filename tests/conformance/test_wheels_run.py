"""Both wheels installed in a fresh environment: `honrai run` comes up with the same demo city, answers, and stops in order."""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow
PATIENCE = 240  # seconds, on a machine where everybody works; 40 on a quiet one
WHERE = """
import honrai.engines.feel, honrai.kernel, honrai.site
print(honrai.engines.feel.__file__, honrai.kernel.__file__, honrai.site.__file__, sep="\\n")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """An environment with both wheels; what they need is lent by this one, without the network and without our sources."""
    folder = tmp_path_factory.mktemp("wheels")
    home = folder / "env"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder / "dist"]
    subprocess.run([*wheel, ROOT, ROOT / "packaging" / "engines"], check=True)
    venv.create(home)
    python = home / "bin" / "python"
    wheels = sorted((folder / "dist").glob("*.whl"))
    assert len(wheels) == 2
    install = [*pip, "--python", python, "install", "--no-deps", "--no-index", "--no-compile", *wheels]
    subprocess.run(install, check=True, env=os.environ | {"PIP_NO_WARN_SCRIPT_LOCATION": "1"})
    (next(home.glob("lib/*/site-packages")) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return home


def environment(home: Path, var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return kept | {"PATH": f"{home / 'bin'}:{kept.get('PATH', '')}", "HONRAI_VAR": str(var), "PYTHONWARNINGS": "ignore"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return str(answer.read().decode())


def await_ready(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 5):
        assert running.poll() is None, log.read_text("utf-8")
        try:
            get(port, "/readyz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


def test_nothing_is_taken_from_the_sources(installed, tmp_path):
    told = subprocess.run(
        [installed / "bin" / "python", "-c", WHERE], capture_output=True, text=True, check=True,
        env=environment(installed, tmp_path), cwd=tmp_path,
    ).stdout.split()  # fmt: skip
    assert all(path.startswith(str(installed)) for path in told), told
    version = subprocess.run(
        [installed / "bin" / "honrai", "--help"], capture_output=True, text=True, check=False,
        env=environment(installed, tmp_path), cwd=tmp_path,
    )  # fmt: skip
    assert version.returncode == 0, version.stderr


def test_run_comes_up_with_the_demo_city_answers_and_stops(installed, tmp_path):
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [installed / "bin" / "honrai", "run", "--port", str(port)],
            env=environment(installed, tmp_path / "var"), stdout=out, stderr=out, cwd=tmp_path,
        )  # fmt: skip
    try:
        await_ready(port, running, log)
        front = get(port, "/")
        style = re.search(r'href="(/static/[^"]+\.css)"', front)
        assert style
        assert "--" in get(port, style[1])
    finally:
        running.send_signal(signal.SIGINT)
        left = running.wait(60)
    told = log.read_text("utf-8")
    assert left == 0, told
    packs = len(list((ROOT / "packs").glob("*/procedure.yaml")))
    assert f"手続を{packs}件公開しました" in told
    assert "residents-full: new 2,000" in told
    assert f"http://127.0.0.1:{port}/" in told
    assert not (tmp_path / "var" / "postgres" / "data" / "postmaster.pid").exists()
