"""Sees to it that a Chromium, Japanese fonts and a malware scanner are here for the tests; installs them by apt where it may."""

import os
import shutil
import subprocess
import sys

PACKAGES = ["chromium", "fonts-morisawa-bizud-gothic"]
SCANNER = "clamav-daemon"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of a Chromium-like browser, or None."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


def find_scanner() -> str | None:
    """Return the path of clamd, or None."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


def _install(packages: list[str]) -> None:
    """Install packages by apt where there is one and we may."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        print(f"Installing what the tests need (apt): {' '.join(packages)}")
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            subprocess.run([apt, *arguments], check=False, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    """Install what is missing; on CI a missing browser is an error, elsewhere one loud line, as a missing scanner always is."""
    missing = ([] if find_chromium() else PACKAGES) + ([] if find_scanner() else [SCANNER])
    if missing:
        _install(missing)
    if not find_scanner():
        print(
            f"!!! NO MALWARE SCANNER: one test will be skipped. Install it: apt install {SCANNER} !!!", file=sys.stderr
        )
    if find_chromium():
        return 0
    print(
        f"!!! NO BROWSER: the journeys will not run. Install one: apt install {' '.join(PACKAGES)} !!!", file=sys.stderr
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
