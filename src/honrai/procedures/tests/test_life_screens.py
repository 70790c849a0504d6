"""The screens of the life of a version through HTTP: what each person sees and may do; a contractor's pack stays its own."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in
from honrai.procedures import api
from honrai.procedures.models import Draft, DraftEdit, Inquiry, MovePlan, Opinion, PackVersion
from honrai.procedures.operations.gating import take_step
from honrai.procedures.rules.sources import files_of_folder, zip_of_files
from honrai.procedures.testing import PACKS, changed, consult, keep_files_in, next_draft, run_gate, wards

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def town(city, tmp_path, monkeypatch):
    keep_files_in(tmp_path, monkeypatch)
    return wards(city)


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def zipped(files):
    return SimpleUploadedFile("pack.zip", zip_of_files(files), content_type="application/zip")


def test_the_list_shows_versions_by_state_drafts_and_what_ones_office_must_answer(town):
    draft = next_draft(town)
    api.ask(draft=draft, actor=town.people.clerk, now=NOW)
    shown = text(signed_in(town.wards["東区"]).get("/procedures/"))
    assert "意見照会に回答してください（1件）" in shown
    assert "施行中" in shown
    assert "意見照会中" in shown
    assert "条件に合うものはありません" in text(signed_in(town.people.clerk).get("/procedures/?state=past"))
    contractor = text(signed_in(town.people.operator).get("/procedures/"))
    assert "意見照会中" not in contractor
    assert "空の案を作る" not in contractor


def test_a_version_shows_every_part(town):
    browser = signed_in(town.people.clerk)
    at = f"/procedures/version/{town.version}/"
    assert "<svg" in browser.get(at).content.decode()
    for part, word in {
        "form": "フリガナ",
        "tables": "判断表",
        "amounts": "根拠",
        "manual": "受付",
        "letters": "結果と文書",
        "precedents": "N-02",
    }.items():
        page = browser.get(f"{at}?part={part}")
        assert page.status_code == 200
        assert word in page.content.decode(), part


def test_a_draft_walks_from_the_list_to_the_decider_by_screen(town):
    people = town.people
    clerk = signed_in(people.clerk)
    clerk.post(f"/procedures/version/{town.version}/draft/")
    draft = Draft.objects.get()
    files = changed(version=town.version)
    clerk.post(f"/procedures/draft/{draft.pk}/do/replace/", {"zip": zipped(files), "lock": 0})
    assert DraftEdit.objects.filter(draft=draft).count() == 1
    clerk.post(f"/procedures/draft/{draft.pk}/do/ask/")
    for inquiry in Inquiry.objects.filter(draft=draft):
        answerer = signed_in(town.wards.get(inquiry.name, people.second))
        answerer.post(
            f"/procedures/inquiry/{inquiry.pk}/answer/",
            {f"inquiry{inquiry.pk}-comment": "様式の字が小さい" if inquiry.name == "東区" else ""},
        )
    opinion = Opinion.objects.get()
    at = f"/procedures/opinion/{opinion.pk}/dispose/"
    refused = clerk.post(at, {f"opinion{opinion.pk}-disposition": "adopted"})
    assert refused.status_code == 422
    clerk.post(at, {f"opinion{opinion.pk}-disposition": "adopted", f"opinion{opinion.pk}-reason": "字を大きくした"})
    assert "採用" in text(clerk.get(f"/procedures/draft/{draft.pk}/consult/"))
    clerk.post(f"/procedures/draft/{draft.pk}/do/check/")
    assert "検査しています" in text(clerk.get(f"/procedures/draft/{draft.pk}/gate/"))
    run = draft.gate_runs.get()
    while take_step(run=run.pk, now=NOW):
        pass
    assert "適合" in text(clerk.get(f"/procedures/draft/{draft.pk}/gate/"))
    clerk.post(f"/procedures/draft/{draft.pk}/do/submit/")
    draft.refresh_from_db()
    assert draft.state == "deciding"
    head = signed_in(people.head)
    page = head.get(f"/approvals/document/{draft.document}/")
    assert "公開前検査結果" in text(page)


def test_a_comment_box_keeps_what_was_typed_when_the_consultation_closed_meanwhile(town):
    draft = next_draft(town)
    consult(town, draft)
    run_gate(draft, town.people.clerk)
    api.submit(draft=draft, actor=town.people.clerk, now=NOW)
    inquiry = Inquiry.objects.get(draft=draft, name="東区")
    page = signed_in(town.wards["東区"]).post(
        f"/procedures/inquiry/{inquiry.pk}/answer/", {f"inquiry{inquiry.pk}-comment": "遅れました"}
    )
    assert page.status_code == 422


def test_two_wards_are_compared_and_each_difference_decided(town):
    clerk = signed_in(town.people.clerk)
    draft = next_draft(town)
    at = f"/procedures/draft/{draft}/wards/"
    east = changed(("manual.md", "## ", "## 東区の"), version=town.version)
    clerk.post(at, {"ward": "東区", "zip": zipped(east)})
    west = changed(("procedure.yaml", "retention_years: 5", "retention_years: 7"), version=town.version)
    clerk.post(at, {"ward": "西区", "zip": zipped(west)})
    assert "未定" in text(clerk.get(at))
    keep = {"part": "procedure.yaml", "element": "保存年限", "ward": "西区", "keep": "1"}
    assert clerk.post(at, {**keep, "reason": ""}).status_code == 422
    clerk.post(at, {**keep, "reason": "区の文書規程による"})
    assert "区の文書規程による" in api.draft_files(draft, town.people.clerk)["wards.yaml"].decode()
    run_gate(draft, town.people.clerk)
    assert "違いの扱いが決まっていません" in text(clerk.get(f"/procedures/draft/{draft}/gate/"))


def test_the_differences_page_shows_cells_pictures_and_text(town):
    draft = next_draft(
        town,
        ("manual.md", "## ", "## 新しい"),
        ("flow.bpmn", 'honrai:minutes="2"', 'honrai:minutes="3"'),
    )
    at = f"/procedures/compare/?a=version-{town.version}&b=draft-{draft}"
    page = signed_in(town.people.clerk).get(at)
    shown = page.content.decode()
    assert page.status_code == 200
    assert shown.count("<svg") == 2
    assert '<tr class="added">' in shown
    assert "2026-06-01" in shown
    assert signed_in(town.people.clerk).get("/procedures/compare/?a=version-1x&b=").status_code == 404
    assert signed_in(town.people.operator).get(at).status_code == 404


def test_nothing_of_a_city_draft_is_open_to_contractors_and_nothing_of_theirs_to_the_city(town):
    people = town.people
    draft = next_draft(town)
    folder = next(path for path in sorted((PACKS / "contractor").iterdir()) if "kodomo-iryo" in path.name)
    inner = api.start_draft(actor=people.manager, now=NOW, files=files_of_folder(folder))
    run_gate(inner, people.manager)
    version = api.publish_inner(draft=inner, actor=people.manager, now=NOW)
    pages = ("", "inside/", "consult/", "gate/", "wards/")
    for key, stranger, friend in ((draft, people.manager, people.clerk), (inner, people.head, people.operator)):
        outside, inside = signed_in(stranger), signed_in(friend)
        for page in pages:
            assert outside.get(f"/procedures/draft/{key}/{page}").status_code == 404
            assert inside.get(f"/procedures/draft/{key}/{page}").status_code == 200
        for act in ("ask", "check", "submit", "publish", "withdraw", "stop"):
            before = Draft.objects.get(pk=key).state
            assert outside.post(f"/procedures/draft/{key}/do/{act}/").status_code == 404
            assert Draft.objects.get(pk=key).state == before
    assert signed_in(people.head).get(f"/procedures/version/{version}/").status_code == 404
    assert signed_in(people.operator).get(f"/procedures/version/{version}/").status_code == 200
    for actor in (people.personnel, people.operator):
        assert signed_in(actor).post(f"/procedures/version/{town.version}/draft/").status_code == 403
    assert PackVersion.objects.count() == 2
    assert not MovePlan.objects.exists()
