"""`make fuzz`: ten minutes at random for each reader; `python -m tests.fuzz --seconds 5` for a taste."""

import argparse
import subprocess
import sys

ENGINES = ("feel", "decision", "flow")


def main() -> int:
    """Fuzz every engine; 1 where one had findings."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    failed = 0
    for engine in ENGINES:
        print(f"=== {engine}: {given.seconds} s, seed {given.seed}", flush=True)
        command = [sys.executable, "-m", f"honrai.engines.{engine}", "fuzz"]
        command += ["--seconds", str(given.seconds), "--seed", str(given.seed)]
        failed |= subprocess.run(command, check=False).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
