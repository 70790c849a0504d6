"""A pack reads whole or says everything that is wrong, by file, element and remedy."""

import io
import zipfile
from decimal import Decimal

import pytest

from honrai.procedures.rules.problems import PackError
from honrai.procedures.rules.reading import read_pack, read_zip
from honrai.procedures.rules.shape import Problems, load_yaml
from honrai.procedures.rules.sources import content_address, files_of_folder, files_of_zip, zip_of_files

from .packs import ALL, FOLDER, files, pack


@pytest.mark.parametrize("code", ALL)
def test_every_standard_pack_reads(code):
    assert pack(code).identity.code == code
    assert len(pack(code).address) == 64


def test_folder_and_zip_have_the_same_address():
    assert read_zip(zip_of_files(files())).unwrap().address == pack("kodomo-iryo").address


def test_a_zip_around_one_folder_is_the_same_pack():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files().items():
            archive.writestr(f"download/{name}", content)
    assert read_zip(out.getvalue()).unwrap().address == pack("kodomo-iryo").address


def test_line_ends_do_not_change_the_address_but_one_letter_does():
    one = files()
    windows = {name: content.replace(b"\n", b"\r\n") for name, content in one.items()}
    assert content_address(windows) == content_address(one)
    assert content_address({**one, "manual.md": one["manual.md"] + b"x"}) != content_address(one)


def test_the_address_keeps_names_and_contents_apart():
    assert content_address({"a": b"bc"}) != content_address({"ab": b"c"})
    assert content_address({"a": b"1", "b": b"2"}) == content_address({"b": b"2", "a": b"1"})


def edit(name: str, old: str, new: str) -> dict[str, bytes]:
    one = files()
    text = one[name].decode()
    assert old in text, old
    return {**one, name: text.replace(old, new, 1).encode()}


BROKEN = [
    ("procedure.yaml", "nature: 申請", "nature: 許可", "nature", "使えません"),
    ("procedure.yaml", "retention_years: 5", "retention: 5", "retention_years", "書かれていません"),
    ("procedure.yaml", "retention_years: 5", "retention_years: 5\nretention: 5", "retention", "知らない項目"),
    ("procedure.yaml", "channels: [web,", "channels: [fax,", "channels", "fax"),
    ("procedure.yaml", "letters: [kyakka]", "letters: [kyaka]", "outcomes.却下", "文書「kyaka」"),
    ("procedure.yaml", 'article: "143"', 'article: "百四十三"', "legal[1]", "条・項・号"),
    ("procedure.yaml", "proposal: proposal", "", "proposal", "決定のid"),
    ("form.yaml", "type: person_name, required: true, fix_by: centre}", "type: pname}", "fields[0].type", "pname"),
    ("form.yaml", "id: child.name,", "id: Child.name,", "fields[0].id", "idに使えません"),
    ("form.yaml", "id: child.name,", "id: case.name,", "fields[0].id", "予約"),
    ("form.yaml", "id: child.kana,", "id: child.name,", "child.name", "二度"),
    ("form.yaml", "id: child.kana,", "id: child,", "child", "重なります"),
    ("form.yaml", "type: consent, required: true}", "type: consent, fix_by: centre}", "fix_by", "センターが直せない"),
    ("form.yaml", "items: [insurance]", "items: [insurnce]", "checks.insurance-unverified.items", "insurnce"),
    ("form.yaml", "severity: hold", "severity: stop", "severity", "stop"),
    ("facts.yaml", "unknown: hold", "unknown: guess", "unknown", "guess"),
    ("facts.yaml", "unknown: hold", "unknown: assume", "assumed", "仮定"),
    ("facts.yaml", "id: resident.found", "id: child.name", "child.name", "同じ名前の欄"),
    ("parameters.yaml", "unit: years", "unit: 歳", "age_limit", "unit"),
    ("parameters.yaml", "{from: 2023-12-01, value: 18}", "{from: 2023-12-01, value: 18.5}", "age_limit", "単位"),
    ("manual.md", "## 決裁 {#approve}", "## 決裁 {#draft}", "draft", "二つ"),
    ("letters/kyakka.typ", "// title:", "// name:", "", "題名"),
    ("precedents/yoken.yaml", "outcome: 却下", "outcome: 却外", "Y-01", "却外"),
    ("precedents/yoken.yaml", "resident.city: false", "resident.cty: false", "Y-01", "resident.cty"),
    ("survey.yaml", "volumes: [1450, ", "volumes: [", "volumes", "12か月"),
    ("survey.yaml", "performer: 職員", "performer: 係長", "steps", "単価"),
    ("facts.yaml", "facts:", "facts: [", "", "YAML"),
    ("facts.yaml", "facts:", "facts: []\nfacts:", "", "二度"),
]


@pytest.mark.parametrize(("name", "old", "new", "element", "message"), BROKEN, ids=[row[2][:30] for row in BROKEN])
def test_a_broken_file_is_named_with_element_and_remedy(name, old, new, element, message):
    reading = read_pack(edit(name, old, new))
    assert reading.pack is None
    hits = [one for one in reading.problems if one.file == name and element in one.element and message in one.message]
    assert hits, [str(one) for one in reading.problems]
    assert all(one.remedy for one in reading.problems)


def test_a_missing_and_an_unknown_file_are_named():
    one = files()
    del one["facts.yaml"]
    reading = read_pack({**one, "notes.txt": b"x", "letters/deep/a.typ": b""})
    assert {problem.file for problem in reading.problems} >= {"facts.yaml", "notes.txt", "letters/deep/a.typ"}


def test_without_its_procedure_nothing_is_guessed():
    reading = read_pack({"form.yaml": b"sections: []"})
    assert reading.pack is None
    with pytest.raises(PackError, match=r"procedure\.yaml"):
        reading.unwrap()


def test_several_faults_are_reported_together():
    one = edit("facts.yaml", "unknown: hold", "unknown: guess")
    one["form.yaml"] = one["form.yaml"].replace(b"type: email", b"type: mail")
    assert {problem.file for problem in read_pack(one).problems} == {"facts.yaml", "form.yaml"}


def zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"not a zip",
        zipped({"../out.yaml": b"x"}),
        zipped({"/etc/out.yaml": b"x"}),
        zipped({"c:/out.yaml": b"x"}),
        zipped({"big": b"0" * 21_000_000}),
        zipped({f"f{index}": b"" for index in range(501)}),
        zipped({"a.yaml": b"x" * 400})[:-30],
    ],
    ids=["no zip", "parent", "absolute", "drive", "bomb", "many", "cut"],
)
def test_a_harmful_zip_is_refused(raw):
    with pytest.raises(PackError):
        files_of_zip(raw)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "manual.md").symlink_to(tmp_path / "secret")
    with pytest.raises(PackError, match="外を指す"):
        files_of_folder(tmp_path / "pack")


def test_no_folder_is_said_plainly():
    with pytest.raises(PackError, match="フォルダがありません"):
        files_of_folder(FOLDER / "none")


def test_aliases_cannot_unfold_into_a_huge_file():
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: *a\n" for i in range(40))
    reading = read_pack({**files(), "facts.yaml": bomb.encode()})
    assert any("別名" in problem.message for problem in reading.problems)


def test_words_like_on_and_no_stay_words_and_decimals_stay_exact():
    problems = Problems("x.yaml")
    assert load_yaml(b"on: no\nyes: off\na: true\nb: 1.10", problems) == {
        "on": "no",
        "yes": "off",
        "a": True,
        "b": Decimal("1.10"),
    }
    assert problems.found == []
