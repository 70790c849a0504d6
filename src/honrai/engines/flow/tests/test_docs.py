"""The worked page is run as it stands, so it cannot say what the engine does not do."""

import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[5]


def test_the_worked_page_is_true():
    text = (HOUSE / "docs/explanation/flow.md").read_text("utf-8")
    model = re.search(r"```xml\n(.*?)```", text, re.S)[1]
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(blocks) >= 6
    program = "\n".join([f"xml = {model!r}", *blocks])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": str(HOUSE / "src")}
    )
    assert done.returncode == 0, done.stderr
