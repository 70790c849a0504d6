"""`honrai run`: a whole installation on one machine, from nothing to an address to open."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console

from honrai.site.cli.database import embedded_server, migrate_if_needed, start_embedded
from honrai.site.cli.main import CommandError
from honrai.site.config import Config, read_config

HELP = "start everything here: embedded PostgreSQL, migrations, the demo city once, web server and job worker"
_PATIENCE = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo city")


def run(options: argparse.Namespace) -> int:
    """Start all parts, print the address, wait for Ctrl-C, stop all parts in order."""
    config = read_config()
    if config.mode == "production":
        raise CommandError(
            "production runs `honrai serve` and `honrai worker` under its own supervisor; see `honrai doctor`"
        )
    if _taken(options.host, options.port):
        raise CommandError(f"port {options.port} is in use; stop the other program or choose one with --port")
    console, stop = Console(), _on_signal()
    server = None
    try:
        with console.status("PostgreSQL を起動しています…"):
            server = start_embedded(config) if config.embedded else None
        with console.status("データベースの表を整えています…"):
            migrate_if_needed(config)
        if not options.no_demo:
            _demo(config, console)
        return _serve(config, options, console, stop)
    finally:
        if server is not None:
            server.stop()


def _serve(config: Config, options: argparse.Namespace, console: Console, stop: list[int]) -> int:
    """Run web and worker until a signal comes (0) or one of them ends by itself (1)."""
    children = [_child("serve", "--host", options.host, "--port", str(options.port)), _child("worker")]
    try:
        _await_web(options.host, options.port, children)
        _welcome(console, options)
        while not stop and all(child.poll() is None for child in children):
            time.sleep(0.2)
        return 0 if stop else 1
    finally:
        for child in children:
            child.terminate()
        for child in children:
            _wait(child)


def _demo(config: Config, console: Console) -> None:
    """Load the demo city once; a stamp beside the embedded data saves the next starts from asking."""
    stamp = embedded_server(config).home / "demo-loaded"
    if config.embedded and stamp.exists():
        return
    done = subprocess.run([sys.executable, "-m", "honrai.site.cli", "demo", "--once"], check=False)
    if done.returncode:
        raise CommandError("the demo city could not be loaded; see the message above")
    if config.embedded:
        stamp.touch()
    console.print("デモ市の用意ができています")


def _child(*command: str) -> subprocess.Popen[bytes]:
    """Start a part in a session of its own, so that Ctrl-C reaches us only and we stop the parts in order."""
    environment = {"HONRAI_LOG_FILE": str(read_config().var / "log" / "honrai.jsonl"), **os.environ}
    arguments = [sys.executable, "-m", "honrai.site.cli", *command]
    return subprocess.Popen(arguments, env=environment, start_new_session=True)


def _wait(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _on_signal() -> list[int]:
    """Collect SIGINT and SIGTERM in the returned list instead of dying of them."""
    seen: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        seen.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return seen


def _await_web(host: str, port: int, children: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(_PATIENCE * 10):
        if any(child.poll() is not None for child in children):
            raise CommandError("a part stopped while starting; see the messages above")
        try:
            with urlopen(f"http://{host}:{port}/readyz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CommandError(f"the web server did not answer within {_PATIENCE} seconds")


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _welcome(console: Console, options: argparse.Namespace) -> None:
    console.print(f"\n[bold]本来 Honrai[/bold]  http://{options.host}:{options.port}/   (Ctrl-C で終了)")
    if not options.no_demo:
        console.print(
            "入口の画面で、申請者にもデモの職員・受託者にもなれます（パスワードは要りません）。", highlight=False
        )
