"""The worked page runs as written."""

import re
import runpy
from pathlib import Path

PAGE = Path(__file__).resolve().parents[5] / "docs" / "explanation" / "decision.md"


def test_the_worked_page_runs(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    (model,) = re.findall(r"```xml\n(.*?)```", text, re.DOTALL)
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 6
    page = tmp_path / "page.py"
    page.write_text("\n".join(blocks), encoding="utf-8")
    names = runpy.run_path(str(page), {"model": model.encode()})
    assert names["result"].height == 4
