"""The layouts that come with the system (`data/layouts/*.yaml`)."""

from functools import cache
from importlib.resources import files

from honrai.exchange.rules.layout import Layout, read_layout


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout, by file name."""
    folder = files("honrai.exchange") / "data" / "layouts"
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return tuple(read_layout(each.read_text(encoding="utf-8")) for each in found)
