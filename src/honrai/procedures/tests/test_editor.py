"""The editor: small changes with small differences, previews, undo, two people at once, and only for the owner."""

import difflib
from collections.abc import Mapping

import pytest
import yaml

from honrai.platform.organisations.testing import NOW, SmallCity, small_city
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api
from honrai.procedures.tests import packs

PACK = "kodomo-iryo"
FIELD = '["sections", 1, "fields", 0]'


@pytest.fixture
def people(city, stopped_clock) -> SmallCity:
    return small_city(city)


@pytest.fixture
def draft(people: SmallCity) -> int:
    version = api.publish(files=packs.files(PACK), actor=people.head, now=NOW)
    return api.start_draft(actor=people.clerk, now=NOW, version=version)


class Editor:
    """One person in front of the editor."""

    def __init__(self, who, draft: int) -> None:
        self.client, self.who, self.draft = signed_in(who), who, draft

    def get(self, part: str):
        return self.client.get(f"/procedures/edit/{self.draft}/{part}", headers={"host": "a.test"})

    def post(self, part: str, data: Mapping[str, object]):
        return self.client.post(f"/procedures/edit/{self.draft}/{part}", data, headers={"host": "a.test"})

    def text(self, path: str = "form.yaml") -> str:
        return api.draft_files(self.draft, self.who)[path].decode()

    def address(self, path: str = "form.yaml") -> str:
        return api.draft_view(self.draft, self.who).files.get(path, "")


@pytest.fixture
def editor(people, draft) -> Editor:
    return Editor(people.clerk, draft)


def changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def field(editor: Editor, **more) -> dict[str, object]:
    """What the browser sends for the child's name, with some boxes typed otherwise."""
    sent = {"id": "child.name", "label": "氏名", "type": "person_name", "required": "on", "fix_by": "centre"}
    return {"expected": editor.address(), "at": FIELD, "do": "set", **sent, **more}


@pytest.mark.parametrize(
    "part",
    [
        "form/",
        f"form/?at={FIELD}",
        "form/?new=[%22checks%22]",
        "form/?at=[%22checks%22,0]",
        "form/?at=[%22sections%22,0]&face=counter",
        "form/?face=paper",
        "parameters/",
        "parameters/?add=1",
        "parameters/?at=[%22copay.child%22,%22values%22,0]",
        "parameters/?new=[%22copay.child%22,%22values%22]",
        "manual/",
        "letters/",
        "letters/kyakka/",
        "precedents/",
        "precedents/?run=1",
        "precedents/nenrei/1/",
        "flow/",
        "decisions/",
        "files/",
        "file/?path=facts.yaml",
        "history/?path=form.yaml",
    ],
)
def test_every_page_opens_for_the_owner_and_for_the_city_to_read(editor, people, part):
    assert editor.get(part).status_code == 200
    seen = Editor(people.personnel, editor.draft).get(part)
    assert seen.status_code == 200
    assert "保存する" not in seen.content.decode()


def test_a_changed_label_changes_one_line_and_can_be_taken_back(editor):
    before = editor.text()
    answer = editor.post("form/change/", field(editor, label="お子さまの氏名"))
    assert answer.status_code == 302
    assert changed(before, editor.text()) == [
        "-      - {id: child.name, label: 氏名, type: person_name, required: true, fix_by: centre}",
        "+      - {id: child.name, label: お子さまの氏名, type: person_name, required: true, fix_by: centre}",
    ]
    page = editor.get("form/").content.decode()
    assert "元に戻す" in page
    old = api.draft_view(editor.draft, editor.who)
    undo = page.split('name="address" value="')[1].split('"')[0]
    editor.post("history/restore/", {"path": "form.yaml", "expected": old.files["form.yaml"], "address": undo})
    assert editor.text() == before
    assert "元に戻す" not in editor.get("form/").content.decode()


def test_sending_what_stands_there_changes_nothing(editor):
    before = editor.text()
    editor.post("form/change/", field(editor))
    section = {"expected": editor.address(), "at": '["sections", 0]', "id": "application", "title_": "申請の種類"}
    editor.post("form/change/", section)
    assert editor.text() == before


def test_questions_are_added_moved_and_removed(editor):
    before = editor.text()
    new = {
        "expected": editor.address(),
        "new": '["sections", 1, "fields"]',
        "id": "child.note",
        "label": "備考",
        "type": "long_text",
    }
    editor.post("form/change/", new)
    assert changed(before, editor.text()) == ["+      - {id: child.note, label: 備考, type: long_text}"]
    at = '["sections", 1, "fields", 5]'
    editor.post("form/change/", {"expected": editor.address(), "at": at, "do": "up"})
    assert [one["id"] for one in yaml.safe_load(editor.text())["sections"][1]["fields"]][4] == "child.note"
    at = '["sections", 1, "fields", 4]'
    editor.post("form/change/", {"expected": editor.address(), "at": at, "do": "remove"})
    assert editor.text() == before


def test_a_check_and_a_paper_keep_what_is_not_shown(editor):
    before = editor.text()
    check = yaml.safe_load(before)["checks"][0]
    inner = check["deficiency"]
    sent = {
        **inner,
        "items_": "\n".join(inner["items"]),
        "id": check["id"],
        "when": check["when"],
        "message": "直してください",
    }
    editor.post("form/change/", {"expected": editor.address(), "at": '["checks", 0]', **sent})
    after = yaml.safe_load(editor.text())["checks"][0]
    assert after == {**check, "deficiency": {**inner, "message": "直してください"}}
    assert len(changed(before, editor.text())) == 2


def test_what_is_wrong_is_kept_and_named_beside_its_element(editor):
    editor.post("form/change/", field(editor, type="nonsense", id="Child Name"))
    assert "nonsense" in editor.text()
    page = editor.get("form/").content.decode()
    assert "「nonsense」は使えません" in page
    assert "英小文字・数字・_ を . でつないでください" in page
    editor.post("form/change/", {**field(editor), "required_if": "no.such = 1", "required": ""})
    assert "「no.such」がありません" in editor.get("form/").content.decode()


@pytest.mark.parametrize(
    ("face", "shown"), [("applicant", "西暦"), ("counter", "新しい問い"), ("paper", "data:image/png")]
)
def test_the_preview_shows_the_change_without_saving_it(editor, face, shown):
    before = editor.text()
    answer = editor.post("form/change/?preview", field(editor, label="新しい問い", face=face))
    assert answer.status_code == 200
    assert shown in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert editor.text() == before


def test_a_file_that_is_no_yaml_is_shown_with_the_way_out(editor):
    editor.post("file/", {"path": "form.yaml", "expected": editor.address(), "text": "sections: ["})
    page = editor.get("form/").content.decode()
    assert "YAML として読めません" in page
    assert "ファイルのまま直す" in page
    assert editor.post("form/change/", field(editor)).status_code == 422


def test_the_second_of_two_sees_both_texts_and_decides(editor, people):
    other = Editor(people.second, editor.draft)
    mine, theirs = field(editor, label="私の言葉"), field(editor, label="相手の言葉")
    other.post("form/change/", theirs)
    answer = editor.post("form/change/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "職員 clerk2" in page
    assert "私の言葉" in page
    assert "相手の言葉" in page
    assert "相手の言葉" in editor.text()
    text = editor.text().replace("相手の言葉", "私の言葉")
    editor.post("file/", {"path": "form.yaml", "expected": editor.address(), "text": text})
    assert "私の言葉" in editor.text()


def test_only_the_owner_edits(editor, people):
    before = editor.text()
    for who in (people.personnel, people.manager, people.operator):
        stranger = Editor(who, editor.draft)
        sent = {**field(editor, label="x"), "path": "form.yaml", "text": "x", "name": "n", "title": "t", "id": "n"}
        for part in (
            "form/change/",
            "parameters/change/",
            "manual/",
            "letters/new/",
            "letters/kyakka/",
            "file/",
            "file/remove/",
            "precedents/new/",
            "precedents/nenrei/add/",
            "precedents/nenrei/0/",
            "precedents/nenrei/0/remove/",
        ):
            assert stranger.post(part, sent).status_code in (403, 404, 422), (who.kind, part)
    assert editor.text() == before
    assert api.draft_view(editor.draft, editor.who).lock == 0


def test_an_inner_pack_is_edited_by_its_manager_alone(people):
    inner = api.start_draft(actor=people.manager, now=NOW, files=packs.files("kodomo-iryo-uketsuke"))
    manager, head, operator = (Editor(who, inner) for who in (people.manager, people.head, people.operator))
    sent = {"expected": manager.address("manual.md"), "text": manager.text("manual.md") + "\n追記\n"}
    assert head.post("manual/", sent).status_code == 404
    assert operator.post("manual/", sent).status_code == 403
    assert manager.post("manual/", sent).status_code == 302
    assert manager.text("manual.md").endswith("追記\n")
    for part in ("form/", "parameters/", "manual/", "letters/", "precedents/", "flow/", "decisions/", "files/"):
        assert manager.get(part).status_code == 200, part


def test_a_dated_value_is_added_in_order_and_an_overlap_is_named(editor):
    path = "parameters.yaml"
    before = editor.text(path)
    new = '["copay.child", "values"]'
    sent = {"expected": editor.address(path), "new": new, "from": "2027-04-01", "value": "1,000", "note": "改正"}
    page = editor.post("parameters/change/?preview", sent).content.decode()
    assert "<svg" in page
    assert "1,000円" in page
    editor.post("parameters/change/", sent)
    assert changed(before, editor.text(path)) == ["+    - {from: 2027-04-01, value: 1000, note: 改正}"]
    wrong = {"expected": editor.address(path), "new": new, "from": "2027-04-01", "value": "abc"}
    editor.post("parameters/change/", wrong)
    page = editor.get("parameters/").content.decode()
    assert "単位 yen に合いません" in page


def test_overlapping_days_are_named(editor):
    path = "parameters.yaml"
    at = '["copay.child", "values", 0]'
    one = {"from": "2023-12-01", "to": "2028-01-01", "value": "700", "confidence": "medium"}
    editor.post("parameters/change/", {"expected": editor.address(path), "at": at, **one})
    two = {"expected": editor.address(path), "new": '["copay.child", "values"]', "from": "2027-04-01", "value": "800"}
    editor.post("parameters/change/", two)
    assert "copay.child" in editor.get("parameters/").content.decode().split("直すところが")[1]


def test_a_new_parameter_is_written_whole(editor):
    path = "parameters.yaml"
    sent = {
        "do": "add",
        "name": "copay.adult",
        "label": "大人",
        "unit": "yen",
        "source": "条例",
        "first-from": "2026-04-01",
    }
    editor.post("parameters/change/", {"expected": editor.address(path), **sent, "first-value": "500"})
    made = yaml.safe_load(editor.text(path))["copay.adult"]
    assert (made["label"], made["unit"], made["values"][0]["value"]) == ("大人", "yen", 500)


def test_a_missing_section_of_the_manual_is_listed_and_added(editor):
    path = "manual.md"
    text = editor.text(path).replace("{#second_check}", "")
    editor.post("manual/", {"expected": editor.address(path), "text": text})
    page = editor.get("manual/").content.decode()
    assert "節を足す: 第二審査" in page
    editor.post("manual/", {"expected": editor.address(path), "text": text, "add": "second_check"})
    assert "## 第二審査 {#second_check}" in editor.text(path)
    shown = editor.post("manual/?preview", {"text": "## 見出し {#second_check}\n\n**太字** <b>x</b>"}).content.decode()
    assert "<strong>太字</strong> &lt;b&gt;" in shown


def test_a_letter_is_shown_as_pages_and_names_what_it_does_not_know(editor):
    path = "letters/kyakka.typ"
    page = editor.get("letters/kyakka/").content.decode()
    assert "data:image/png;base64" in page
    unknown = editor.text(path) + '\n#value("no.such")\n'
    shown = editor.post("letters/kyakka/?preview", {"text": unknown}).content.decode()
    assert "no.such" in shown
    broken = editor.post("letters/kyakka/?preview", {"text": editor.text(path) + "\n#undefined-thing"}).content.decode()
    assert "文書を組めません" in broken
    editor.post("letters/new/", {"name": "oshirase", "title": "お知らせ"})
    assert "data:image/png" in editor.get("letters/oshirase/").content.decode()


def test_a_precedent_is_run_as_it_is_typed_and_saved_with_a_small_difference(editor):
    path = "precedents/nenrei.yaml"
    before = editor.text(path)
    page = editor.get("precedents/nenrei/0/").content.decode()
    assert "期待どおり" in page
    assert "決定案" in page
    sent = _precedent(editor, 0)
    editor.post("precedents/nenrei/0/", sent)
    assert editor.text(path) == before
    wrong = {**sent, "facts:resident.city": "いいえ"}
    shown = editor.post("precedents/nenrei/0/?preview", wrong).content.decode()
    assert "期待と違う" in shown
    assert "却下" in shown
    editor.post("precedents/nenrei/0/", {**wrong, "outcome": "却下", "reasons": "", "letters": "", "route": ""})
    made = yaml.safe_load(editor.text(path))["precedents"][0]
    assert made["facts"] == {"resident.city": False}
    assert made["expect"]["outcome"] == "却下"


def _precedent(editor: Editor, place: int) -> dict[str, object]:
    """What the browser sends for a precedent as it stands."""
    one = yaml.safe_load(editor.text("precedents/nenrei.yaml"))["precedents"][place]
    expect = {name: "\n".join(value) if isinstance(value, list) else value for name, value in one["expect"].items()}
    expect.pop("results", None)
    return {
        "expected": editor.address("precedents/nenrei.yaml"),
        "id": one["id"],
        "title_": one["title"],
        "issue": one["issue"],
        **expect,
    }


def test_a_precedent_is_copied_and_made_from_a_closed_case(editor):
    from datetime import date

    from honrai.procedures.models import ClosedExample

    path = "precedents/nenrei.yaml"
    count = len(yaml.safe_load(editor.text(path))["precedents"])
    editor.post("precedents/nenrei/add/", {"expected": editor.address(path), "id": "N-90", "copy": "1"})
    kept = ClosedExample.objects.create(
        code=PACK,
        case=1,
        version=1,
        values={"application.kind": "新規", "child.born": "2020-01-02"},
        facts={"resident.found": True},
        attachments=["identity"],
        received_on=date(2026, 4, 3),
        channel="counter",
        outcome="認定",
        closed_at=NOW,
    )
    editor.post("precedents/nenrei/add/", {"expected": editor.address(path), "id": "N-91", "case": kept.pk})
    made = yaml.safe_load(editor.text(path))["precedents"]
    assert [one["id"] for one in made[count:]] == ["N-90", "N-91"]
    assert made[-1]["values"]["child.born"] == date(2020, 1, 2)
    assert made[-1]["expect"] == {"outcome": "認定"}


def _upload(editor: Editor, part: str, name: str, raw: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"expected": editor.address(name), "file": SimpleUploadedFile(name, raw)}
    return editor.post(part, sent)


def test_a_diagram_goes_out_and_comes_back_with_its_differences_named(editor):
    raw = editor.get("flow/download/").content
    assert raw == packs.files(PACK)["flow.bpmn"]
    assert (
        _upload(editor, "flow/", "flow.bpmn", raw.replace("第二審査".encode(), "二次審査".encode())).status_code == 302
    )
    page = editor.get("flow/").content.decode()
    assert "一つ前のファイルとの違い" in page
    assert "二次審査" in page


def test_what_is_not_supported_is_refused_by_name_and_line(editor):
    raw = packs.files(PACK)["flow.bpmn"].replace(b"<userTask", b"<adHocSubProcess", 1)
    answer = _upload(editor, "flow/", "flow.bpmn", raw)
    assert answer.status_code == 422
    assert "取り込めません" in answer.content.decode()
    for part, name in (("flow/", "flow.bpmn"), ("decisions/", "decisions.dmn")):
        answer = _upload(editor, part, name, b"<x/>")
        assert answer.status_code == 422
        assert name in answer.content.decode()
    wrong = packs.files(PACK)["decisions.dmn"].replace(b"application.kind", b"application.kind +", 1)
    assert _upload(editor, "decisions/", "decisions.dmn", wrong).status_code == 422
    assert editor.text("flow.bpmn").encode() == packs.files(PACK)["flow.bpmn"]
