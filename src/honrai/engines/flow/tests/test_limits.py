"""Hostile input ends in a clear error within two seconds and 256 MiB, measured from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[4]
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
CASES = {
    "an entity bomb": ("'<!DOCTYPE a [' + '<!ENTITY x \"' + 'y' * 10**6 + '\">]><a>' + '&x;' * 10**5 + '</a>'", "document type"),
    "a hundred megabytes": ("' ' * 10**8", "larger than 8 MiB"),
    "a million levels": ("'<a>' * 10**6", "nested deeper"),
    "two hundred thousand elements": (f"'{HEAD}' + '<task/>' * 2 * 10**5", "more than 50000 elements"),
    "eight megabytes in one attribute": (f"'{HEAD}<task id=\"' + 'x' * 8 * 10**6 + '\"/></process></definitions>'", "is not run"),
    "sixteen thousand gateways": (
        f"'{HEAD}' + ''.join(f'<inclusiveGateway id=\"g{{i}}\"/><sequenceFlow id=\"a{{i}}\" sourceRef=\"g{{i}}\" "
        "targetRef=\"g{i+1}\"/><sequenceFlow id=\"b{i}\" sourceRef=\"g{i}\" targetRef=\"g{i+1}\"/>' for i in range(16000))"
        " + '</process></definitions>'",
        "more than 1000",
    ),
    "a fan of ten thousand": (
        f"'{HEAD}<parallelGateway id=\"g\">' + ''.join(f'<outgoing>f{{i}}</outgoing>' for i in range(15000)) + "
        "'</parallelGateway>' + ''.join(f'<sequenceFlow id=\"f{i}\" sourceRef=\"g\" targetRef=\"g\"/>' for i in range(15000))"
        " + '</process></definitions>'",
        "nothing begins",
    ),
    "a thousand inclusive gateways": (
        f"'{HEAD}<startEvent id=\"s\"/><sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"g0\"/>' + "
        "''.join(f'<inclusiveGateway id=\"g{i}\"/><sequenceFlow id=\"a{i}\" sourceRef=\"g{i}\" targetRef=\"g{i+1}\"/>"
        "<sequenceFlow id=\"b{i}\" sourceRef=\"g{i}\" targetRef=\"g{i+1}\"/>' for i in range(990))"
        " + '<inclusiveGateway id=\"g990\"/></process></definitions>'",
        "runs",
    ),
}  # fmt: skip
PROGRAM = """
import time
from pathlib import Path
from honrai.engines.flow.api import FlowError, executable, read
data = ({make}).encode()
began = time.process_time()
try:
    executable(read(data, "flow.bpmn"))
    print("runs")
except FlowError as error:
    print(str(error)[:500])
print(time.process_time() - began)
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_hostile_input_is_answered_in_time_and_space(name):
    make, words = CASES[name]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{make}", make)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    *message, seconds, mebibytes = done.stdout.splitlines()
    assert words in "\n".join(message)
    assert float(seconds) < 2
    assert float(mebibytes) < (256 + 100 if "hundred megabytes" in name else 256), "besides the input itself"
