"""The command line: `honrai run`, `serve`, `worker`, `migrate`, `demo`, `check-config`, `audit`, `backup`, `restore`, `doctor`.

Each command is a module with `HELP`, `arguments(parser)` and `run(options) -> exit code`. Exit codes: 0 done, 1 found something
wrong, 2 could not run (wrong use or configuration).
"""

from honrai.site.cli.main import main

__all__ = ["main"]
