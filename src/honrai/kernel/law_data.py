"""Opens the facts of law that ship with the kernel (`data/`): plain data, each with its source."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


def read_law_text(name: str) -> str:
    """Return the text of the file `data/<name>`."""
    return resources.files("honrai.kernel").joinpath("data", name).read_text(encoding="utf-8")


@cache
def read_law_data(name: str) -> Any:
    """Return the content of `data/<name>.yaml` as YAML gives it; read once, to be treated as read-only."""
    return yaml.safe_load(read_law_text(f"{name}.yaml"))
