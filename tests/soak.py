"""`make soak`: the long runs whose short, seeded versions stand in the suite: kills, isolation, a busy day, differential models."""

import os
import subprocess
import sys


def main() -> int:
    """Run everything long; 1 where something failed."""
    long = os.environ | {"HONRAI_SOAK": "1"}
    runs = (
        [sys.executable, "-m", "honrai.engines.flow", "differential", "--models", "10000", "--seed", "0"],
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "tests/faults",
            "tests/isolation",
            "src/honrai/rest/tests/test_schemathesis.py",
        ],
    )
    codes = [subprocess.run(command, check=False, env=long).returncode for command in runs]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
