"""The worked page runs as written."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[5] / "docs" / "explanation" / "decision.md"


def test_the_worked_page_runs() -> None:
    text = PAGE.read_text("utf-8")
    (model,) = re.findall(r"```xml\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {"model": model.encode()}
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 6
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
