"""The worked page is run as it stands, so it cannot say what the engine does not do."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[5] / "docs/explanation/flow.md"


def test_the_worked_page_is_true():
    text = PAGE.read_text("utf-8")
    names = {"xml": re.search(r"```xml\n(.*?)```", text, re.S)[1]}
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(blocks) >= 5
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
