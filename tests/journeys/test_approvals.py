"""一覧決裁 with two pulled out, by keyboard; a deputy; paper out and back; every page without an AA violation."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.journeys.test_first_case import _run_jobs

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
COUNT, FEW = 300, 10


@pytest.fixture
def at(request, site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.approvals import api
    from honrai.approvals.testing import NOW, START, drawn, office
    from honrai.platform.authority.api import Rank, system_actor
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.files import api as files
    from honrai.platform.files.stores import EncryptedStore, FolderStore

    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    with in_city(CITY_A):
        made = office(CITY_A)
        setup = system_actor(CITY_A, START)
        api.set_sampling(actor=setup, now=NOW, percent=3, at_least=1, since=START, source="一覧決裁要領第3条")
        for number in range(getattr(request, "param", FEW)):
            subject = f"こども医療費受給資格認定（C-{number:04}）について"
            reasons = [
                {"text": "対象となる年齢です。", "basis": "見本市こども医療費助成条例第3条"},
                {"text": "市内に住所があります。", "basis": ""},
            ]
            proposal = {
                "outcome": "認定",
                "kind": "grant",
                "reasons": reasons,
                "rules": ["資格の判定 行2"],
                "results": {"資格の始まる日": "2026-04-01"},
            }
            drawn(made.people, subject=subject, proposal=proposal, flagged=number == 7)
        refusal = {
            "outcome": "却下",
            "kind": "refuse",
            "reasons": [{"text": "市外に転出しています。", "basis": "見本市こども医療費助成条例第3条"}],
        }
        drawn(made.people, subject="こども医療費受給資格認定（C-9001）について", proposal=refusal)
        api.set_route_line(
            actor=setup,
            now=NOW,
            kind=api.StepKind.CONSULT,
            unit=made.people.other,
            rank=Rank.SUBSECTION_HEAD,
            turn=1,
            since=START,
            source="文書規程第20条",
            over=500_000,
        )
        drawn(made.people, subject="福祉機器の購入補助（D-0001）について", amount=800_000, group="")
    return made


def _tab(chromium, site, actor):
    from honrai.platform.signin.testing import signed_in

    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
    context.add_cookies([{"name": "sessionid", "value": signed_in(actor).cookies["sessionid"].value, "url": site}])
    return context.new_page()


def _accessible(page, name):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


@pytest.mark.parametrize("at", [COUNT], indirect=True)
def test_a_stack_of_three_hundred_by_keyboard_with_two_pulled_out(chromium, site, at):
    page = _tab(chromium, site, at.people.head)
    page.goto(f"{site}/approvals/")
    _accessible(page, "approvals-inbox")
    page.keyboard.press("m")
    page.get_by_role("heading", name="一覧決裁").wait_for()
    _accessible(page, "approvals-stack-unopened")
    for pulled in range(2):
        page.keyboard.press("n")
        page.get_by_role("heading", name="について").wait_for()
        if not pulled:
            _accessible(page, "approvals-document")
        page.keyboard.press("o")
        page.locator("#out_reason").fill("世帯の状況を確かめる")
        page.keyboard.press("Control+Enter")
        page.get_by_text("束から抜きました").wait_for()
    while page.get_by_text("開いて確認してください").count():
        page.keyboard.press("n")
        page.get_by_role("heading", name="について").wait_for()
        page.keyboard.press("u")
        page.get_by_role("heading", name="一覧決裁").wait_for()
    page.keyboard.press("a")
    _accessible(page, "approvals-stack-confirm")
    page.get_by_role("button", name="決裁する", exact=True).click()
    page.get_by_text("順に登録しています").wait_for()
    _accessible(page, "approvals-stack-progress")
    _run_jobs()
    _approved(COUNT + 1 - 2)
    page.goto(f"{site}/approvals/")
    _accessible(page, "approvals-inbox-after")
    page.get_by_role("link", name="K").first.click()
    page.get_by_role("heading", name="ほかの扱い").wait_for()
    page.keyboard.press("a")
    page.get_by_text("決裁しました").wait_for()


def _approved(count):
    from conftest import CITY_A

    from honrai.approvals.models import Document
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        assert Document.objects.filter(state="decided").count() == count


def test_route_deputy_paper_and_archive(chromium, site, at):
    other = _tab(chromium, site, at.people.personnel)
    other.goto(f"{site}/approvals/route/")
    other.get_by_role("link", name="K").first.click()
    _accessible(other, "approvals-route-document")
    other.locator("#agree_note").fill("予算の範囲内です")
    other.get_by_role("button", name="確認済みにする").click()
    other.get_by_text("確認済みにしました").wait_for()

    deputy = _tab(chromium, site, at.acting)
    deputy.goto(f"{site}/approvals/?q=D-0001")
    deputy.get_by_role("link", name="K").first.click()
    deputy.get_by_role("button", name="決裁する a").click()
    deputy.get_by_text("入力内容を確かめてください").wait_for()
    deputy.get_by_label("不在の理由").fill("出張")
    deputy.get_by_role("button", name="決裁する a").click()
    deputy.get_by_text("決裁しました").wait_for()
    head = _tab(chromium, site, at.people.head)
    head.goto(f"{site}/approvals/afterwards/")
    _accessible(head, "approvals-afterwards")
    head.get_by_role("link", name="K").first.click()
    _accessible(head, "approvals-afterwards-document")
    head.get_by_role("button", name="後閲した").click()
    head.get_by_text("後閲を記録しました").wait_for()

    clerk = _tab(chromium, site, at.people.second)
    clerk.goto(f"{site}/approvals/outside/")
    for box in range(2):
        clerk.locator("input[name=document]").nth(box).check()
    with clerk.expect_response(lambda answer: "/made/" in answer.url) as printed:
        clerk.get_by_role("button", name="印刷して紙で決裁").click()
    assert printed.value.headers["content-type"] == "application/pdf"
    clerk.goto(f"{site}/approvals/outside/")
    _accessible(clerk, "approvals-outside")
    code = clerk.get_by_role("link", name="K").first.inner_text()
    clerk.locator("#id_code").fill(code)
    clerk.keyboard.press("Enter")
    clerk.get_by_role("heading", name="用紙のとおりに入力").wait_for()
    clerk.get_by_label("承認").check()
    clerk.get_by_label("決裁日").fill("R080415")
    clerk.get_by_label("決裁者", exact=False).first.select_option(index=1)
    _accessible(clerk, "approvals-paper")
    scan = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}
    clerk.get_by_label("読取りファイル").set_input_files(scan)
    clerk.get_by_role("button", name="登録する").click()
    clerk.get_by_text("紙の決裁を登録しました").wait_for()
    wrong = {"name": "back.csv", "mimeType": "text/csv", "buffer": "起案番号,文書番号,決裁日\nX,1,R8.4.15\n".encode()}
    clerk.get_by_label("文書管理から出力したCSV").set_input_files(wrong)
    clerk.get_by_role("button", name="取り込む").click()
    clerk.get_by_text("取り込めませんでした").wait_for()
    _accessible(clerk, "approvals-imported")
    clerk.goto(f"{site}/approvals/all/")
    _accessible(clerk, "approvals-all")
