"""`make check`: everything that can be checked without running the system, side by side, each with its time."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS = {
    "format": [BIN / "ruff", "format", "--check", "-q", "."],
    "lint": [BIN / "ruff", "check", "-q", "."],
    "types": [BIN / "mypy"],
    "imports": [BIN / "lint-imports", "--no-logo"],
    "migrations": [sys.executable, "-m", "tests.migrations_complete"],
    "templates": [sys.executable, "-m", "tests.templates_compile"],
}


def main() -> int:
    """Run all checks; print what failed; 1 where one did."""
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(_run, CHECKS.items()))
    for name, code, seconds, output in results:
        print(f"{'ok' if code == 0 else 'FAILED':7}{name:12}{seconds:6.1f} s")
        if code:
            print(output)
    print(f"checks took {time.monotonic() - started:.1f} s")
    return int(any(code for _, code, _, _ in results))


def _run(check: tuple[str, list[str | Path]]) -> tuple[str, int, float, str]:
    name, command = check
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=_environment())
    return name, done.returncode, time.monotonic() - started, done.stdout + done.stderr


def _environment() -> dict[str, str]:
    import os

    return os.environ | {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "honrai.site.settings"}


if __name__ == "__main__":
    raise SystemExit(main())
