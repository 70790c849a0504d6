"""`make bench`: run every benchmark, one after another, and print what it measured. Name some to run only those."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run the benchmarks named on the command line, or all; 1 where one failed."""
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    failed = 0
    for name in names:
        print(f"\n=== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False, cwd=HERE.parent).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
