"""Sees to it that a Chromium and Japanese fonts are here for the journeys; installs them by apt where it may."""

import os
import shutil
import subprocess
import sys

PACKAGES = ["chromium", "fonts-morisawa-bizud-gothic"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of a Chromium-like browser, or None."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None)


def main() -> int:
    """Install Chromium where it is missing; on CI its absence is an error, elsewhere one loud line."""
    if find_chromium():
        return 0
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        print("Installing Chromium and fonts for the journeys (apt)")
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            subprocess.run([apt, *arguments], check=False, env=environment, stdout=subprocess.DEVNULL)
    if find_chromium():
        return 0
    print(
        f"!!! NO BROWSER: the journeys will not run. Install one: apt install {' '.join(PACKAGES)} !!!", file=sys.stderr
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
