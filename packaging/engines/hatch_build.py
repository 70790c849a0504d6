"""Gathers the engines, which live beside the rest of Honrai, into a wheel of their own: code and data, no tests."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LEFT_OUT = {"tests", "__pycache__"}


class Engines(BuildHookInterface[Any]):
    """Names each file of the wheel: the build has no way to leave files out of a folder outside its own."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files of `src/honrai/engines` and the licence."""
        house = Path(self.root).parents[1]
        engines = house / "src" / "honrai" / "engines"
        files = (path for path in sorted(engines.rglob("*")) if path.is_file() and not LEFT_OUT & set(path.parts))
        added: dict[str, str] = build_data["force_include"]
        added |= {str(path): f"honrai/engines/{path.relative_to(engines).as_posix()}" for path in files}
        added[str(house / "LICENSE")] = "honrai/engines/LICENSE"
