import pytest

from honrai.engines.flow.conformance import fuzz


def test_a_short_run_finds_nothing_and_reaches_the_machine():
    report = fuzz.run(seconds=3, seed=7)
    assert report.findings == []
    assert report.read > 10
    assert report.run > 5


#: Inputs that once surprised, by what was wrong.
FINDINGS = {
    "ten thousand parallel rounds were slow to cancel": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    b'<process id="p"><userTask id="t"><multiInstanceLoopCharacteristics><loopCardinality>10000</loopCardinality>'
    b"</multiInstanceLoopCharacteristics></userTask></process></definitions>",
}


@pytest.mark.parametrize("name", FINDINGS)
def test_what_once_surprised_no_longer_does(name):
    assert fuzz.try_one(FINDINGS[name]) == 2
