"""`honrai check-config`: is the configuration fit for production? Looks at settings only, connects to nothing."""

import argparse

from honrai.site.config import read_config
from honrai.site.fitness import problems

HELP = "check the settings for production without connecting to anything"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options (none)."""


def run(options: argparse.Namespace) -> int:
    """Print every problem with its mend; 1 where there is one."""
    config = read_config()
    found = problems(config)
    for problem in found:
        print(f"NG  {problem.wrong}\n    -> {problem.mend}")
    if not found:
        print(f"OK  the settings are fit for {config.mode}")
    return 1 if found else 0
