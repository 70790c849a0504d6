"""The page docs/explanation/soundness.md shows what the engine says today."""

from pathlib import Path

from tests.flow_models import bpmn

from honrai.engines.flow.draw import Overlay, draw
from honrai.engines.flow.prove import prove
from honrai.engines.flow.read import read

DOCS = Path(__file__).resolve().parents[5] / "docs" / "explanation"
NAMES = {
    "s": "受付",
    "t1": "記録を照会する",
    "t2": "書類を整える",
    "a2": "両方の完了",
    "t3": "決定する",
    "b1": "14日",
    "t4": "取下げを勧める",
    "e": "通知済",
    "e1": "取下げ",
}


def example() -> tuple[str, str]:
    """Return the message and the picture of the page."""
    data = bpmn("s>a1 a1>t1 a1>t2 t1>a2 t2>a2 a2>t3 t3>e b1>t4 t4>e1", on={"b1": "t1"}, names=NAMES)
    model = read(data.replace(b'"a2"', b'"join"').replace(b"_a2", b"_join"))
    (flaw,) = prove(model).flaws
    svg = draw(model, overlay=Overlay(path=flaw.path, faults=flaw.elements), title="取り残される書類", key="soundness")
    return flaw.message, svg


def test_the_page_shows_the_message_and_the_picture_of_today():
    message, svg = example()
    assert message in (DOCS / "soundness.md").read_text(encoding="utf-8")
    assert (DOCS / "pictures" / "soundness.svg").read_text(encoding="utf-8") == svg, (
        "write example()[1] to the file again"
    )
