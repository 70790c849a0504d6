"""Both wheels as they are published: what they hold, and that the engines run alone from theirs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINES, HOUSE = "honrai_engines", "honrai"
HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="n" namespace="u">'
DECISION = (
    '<decision id="a" name="a"><variable name="a"/><literalExpression><text>1 + 1</text></literalExpression></decision>'
)
TEST = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
<modelName>a.dmn</modelName><testCase id="1"><resultNode name="a"><expected><value i:type="xsd:decimal">2</value></expected>
</resultNode></testCase></testCases>"""
ALONE = """
import sys
import honrai.engines.decision.api, honrai.engines.feel, honrai.engines.flow.api
from honrai.engines.decision.__main__ import main
assert honrai.engines.feel.__file__.startswith(sys.argv[1]), honrai.engines.feel.__file__
assert not {"django", "polars", "honrai.kernel", "honrai.platform"} & set(sys.modules)
sys.exit(main(["tck", sys.argv[2], "--csv", sys.argv[3]]))
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both wheels by name, built without the network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q", "-w", out]
    done = subprocess.run([*command, ROOT, ROOT / "packaging" / "engines"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {path.name.split("-")[0]: path for path in out.glob("*.whl")}


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as opened:
        return opened.namelist()


def read(wheel: Path, ending: str) -> str:
    with zipfile.ZipFile(wheel) as opened:
        return opened.read(next(name for name in opened.namelist() if name.endswith(ending))).decode()


def test_the_engines_wheel_holds_the_engines_and_nothing_else(wheels):
    found = names(wheels[ENGINES])
    assert all(name.startswith(("honrai/engines/", "honrai_engines-")) for name in found)
    assert not [name for name in found if "/tests/" in name or "test_" in name or name.endswith(".pyc")]
    source = ROOT / "src" / "honrai" / "engines"
    files = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    expected = {f"honrai/engines/{path.as_posix()}" for path in files if "tests" not in path.parts}
    assert expected <= set(found)
    assert "honrai/engines/LICENSE" in found


def test_the_engines_need_no_framework(wheels):
    with zipfile.ZipFile(wheels[ENGINES]) as opened:
        text = "\n".join(opened.read(name).decode() for name in opened.namelist() if name.endswith((".py", "METADATA")))
    assert not re.search(r"^\s*(from|import) django|^Requires-Dist: .*django", text, re.M | re.I)
    needed = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", read(wheels[ENGINES], "METADATA"), re.M)
    assert sorted(needed) == ["google-re2", "lark", "lxml", "tzdata"], "what is not an extra"


def test_the_engines_run_from_their_wheel_alone(wheels, tmp_path):
    installed, kit = tmp_path / "installed", tmp_path / "level" / "0001-sum"
    kit.mkdir(parents=True)
    (kit / "a.dmn").write_text(f"{HEAD}{DECISION}</definitions>", "utf-8")
    (kit / "a-test.xml").write_text(TEST, "utf-8")
    with zipfile.ZipFile(wheels[ENGINES]) as opened:
        opened.extractall(installed)
    csv = tmp_path / "out.csv"
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(installed), str(kit.parent), str(csv)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(installed)},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert csv.read_text("utf-8") == '"0001-sum","a-test","1","SUCCESS",""\n'


def test_the_house_wheel_holds_all_it_runs_on_and_leaves_the_engines_to_theirs(wheels):
    found = set(names(wheels[HOUSE]))
    assert not [name for name in found if name.startswith("honrai/engines/") or "/tests/" in name]
    source = ROOT / "src" / "honrai"
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    left_out = {"engines", "tests"}
    assert {f"honrai/{path.as_posix()}" for path in files if not left_out & set(path.parts)} <= found
    for ending in (".html", ".css", ".js", ".ttf", ".typ", ".tsv", ".yaml"):
        assert [name for name in found if name.endswith(ending)], ending


def test_the_house_wheel_holds_the_packs_where_the_demo_looks_for_them(wheels):
    found = set(names(wheels[HOUSE]))
    packs = [path.relative_to(ROOT) for path in (ROOT / "packs").rglob("*") if path.is_file()]
    assert len(packs) > 100
    assert {f"honrai/{path.as_posix()}" for path in packs} <= found


def test_the_command_is_installed(wheels):
    assert "honrai = honrai.site.cli:main" in read(wheels[HOUSE], "entry_points.txt")
    assert "Requires-Dist: honrai-engines[columns,layout]==0.1.0" in read(wheels[HOUSE], "METADATA")
