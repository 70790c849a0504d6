"""Finds the shared suites and fact sheets that tests compare against.

They are not part of the repository: `HONRAI_SHARED` names the folder, `../shared` beside the checkout is the default.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared(path: str = "") -> Path:
    """Return the shared file or folder `path`; skip the test where it is absent, fail on CI.

    Args:
        path: relative to the shared folder, e.g. "data/dmn-tck".
    """
    found = Path(os.environ.get("HONRAI_SHARED", ROOT.parent / "shared")) / path
    if not found.exists():
        message = f"{found} is missing: set HONRAI_SHARED to the folder that holds data/ and domain/"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
