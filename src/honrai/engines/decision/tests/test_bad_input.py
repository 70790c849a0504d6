"""Hostile files end in a plain error within 2 seconds and 256 MiB."""

import os
import subprocess
import sys
import textwrap
import time

import pytest

from honrai.engines.decision.api import DecisionError, evaluate, prepare, read

PROGRAM = textwrap.dedent(
    """
    import resource, time
    from honrai.engines.decision.errors import DecisionError
    from honrai.engines.decision.read import read

    NS = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    HEAD = f'<definitions xmlns="{NS}" id="d" name="n" namespace="u">'.encode()
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{i} "{("&a%d;" % (i - 1)) * 10}">' for i in range(1, 10)
    )
    chain = "".join(
        f'<decision id="d{i}" name="d{i}"><informationRequirement><requiredDecision href="#d{(i + 1) % 5000}"/>'
        "</informationRequirement></decision>"
        for i in range(5000)
    )
    nest = b"<list>" * 240 + b"</list>" * 240
    CASES = {
        "bomb": f'<!DOCTYPE d [{entities}]><d>&a9;</d>'.encode(),
        "attribute bomb": f'<!DOCTYPE d [{entities}]><d x="&a9;"/>'.encode(),
        "external": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><d>&a;</d>',
        "external subset": b'<!DOCTYPE d SYSTEM "http://192.0.2.1/x.dtd"><d/>',
        "huge": HEAD + b"<description>" + b"x" * 100_000_000,
        "many": HEAD + b"<x/>" * 3_000_000,
        "deep": HEAD + b"<list>" * 10**6,
        "deep boxes": HEAD + b'<decision id="a" name="a">' + nest + b"</decision></definitions>",
        "long circle": HEAD + chain.encode() + b"</definitions>",
        "empty": b"",
        "text": "本日は晴天".encode(),
        "cut off": HEAD + b"<decision",
        "wrong bytes": HEAD + bytes(range(128, 256)),
    }
    for name, data in CASES.items():
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            read(data, "f.dmn")
        except DecisionError as error:
            assert "f.dmn" in str(error) and error.remedy, (name, str(error))
        else:
            raise AssertionError(name + " was read")
        assert time.process_time() - start < 2, name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024, name
    print("ok")
    """
)


def test_hostile_files_end_in_an_error_quickly_and_small() -> None:
    command = [sys.executable, "-c", PROGRAM]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=os.environ | paths)
    assert done.stdout == "ok\n", done.stderr


ENDLESS = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="n" namespace="u">
<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic><formalParameter name="n"/>
<literalExpression><text>f(n + 1)</text></literalExpression></encapsulatedLogic>
<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement></businessKnowledgeModel>
<decision id="a" name="a"><variable name="a"/><knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
<literalExpression><text>{}</text></literalExpression></decision></definitions>"""


@pytest.mark.parametrize(
    "text", ["f(1)", "{g: function(n) g(n + 1), r: g(1)}.r", "sum(for i in 1..1000000000 return i)"]
)
def test_endless_work_ends_in_an_error_that_names_file_line_element_and_remedy(text: str) -> None:
    start = time.process_time()
    with pytest.raises(DecisionError) as found:
        evaluate(prepare(read(ENDLESS.format(text).encode(), "f.dmn")), "a", {})
    assert time.process_time() - start < 2
    error = found.value
    assert error.file == "f.dmn"
    assert all((error.line, error.element, error.remedy))
