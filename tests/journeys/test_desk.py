"""The desk in a real browser: thirty tasks by keyboard only with the IME on, and every screen to find and take work."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
TASKS = 30
#: A key as an IME sends it while it composes: the page must not take it for itself.
COMPOSING = """key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
    {key, keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""


@pytest.fixture
def people(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases import api as cases
    from honrai.cases.testing import open_one, town
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import START

    with in_city(CITY_A):
        made = town(CITY_A, tmp_path, monkeypatch)
        cases.set_route(procedure="kodomo-iryo", unit=made.unit, contract=made.contract, since=START)
        for number in range(1, TASKS + 3):
            open_one(number)
    return made


def _sign_in(page, site, actor):
    from honrai.platform.signin.testing import signed_in

    page.context.clear_cookies()
    cookie = signed_in(actor).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])


def _look(page, name):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), caret="initial")


def test_thirty_tasks_by_keyboard_with_the_ime_on(page, site, people):
    from conftest import CITY_A

    from honrai.cases.models import Task
    from honrai.platform.cities.tenancy import in_city

    _sign_in(page, site, people.operator)
    page.goto(f"{site}/desk/")
    page.keyboard.press("n")
    ime = page.context.new_cdp_session(page)
    for number in range(TASKS):
        page.get_by_role("heading", name="この作業を終える").wait_for()
        address = page.url
        page.evaluate(COMPOSING, "n")
        page.evaluate(COMPOSING, "Enter")
        if number == 0:
            _compose(page, ime)
        assert page.url == address
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url, before=address: url != before)
    with in_city(CITY_A):
        done = Task.objects.filter(node="receive_check", state="done", done_by=people.operator.person)
        assert done.count() == TASKS
        assert done.values("case").distinct().count() == TASKS


def _compose(page, ime):
    """Compose Japanese into a box of the form with the browser's own input method: no shortcut, nothing sent, text arrives."""
    box = page.locator("main input[type=text], main input:not([type])").first
    before = box.input_value()
    box.focus()
    page.keyboard.press("End")
    ime.send("Input.imeSetComposition", {"text": "は", "selectionStart": 1, "selectionEnd": 1})
    page.evaluate(COMPOSING, "Enter")
    page.evaluate(COMPOSING, "/")
    assert page.evaluate("document.activeElement.id") != "quick"
    ime.send("Input.insertText", {"text": "花"})
    assert box.input_value() == before + "花"
    box.fill(before)


def test_screens_to_find_and_take_work(page, site, people):
    _sign_in(page, site, people.operator)
    page.goto(f"{site}/desk/")
    _look(page, "desk-home-operator")
    page.goto(f"{site}/desk/work/")
    _look(page, "desk-work")
    page.keyboard.press("f")
    page.locator("main input[name=q]:focus").wait_for()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.get_by_text("全1件").wait_for()
    assert "q=3" in page.url
    _bundle(page, site)
    page.goto(f"{site}/desk/work/")
    page.wait_for_timeout(100)
    page.keyboard.type("https://localhost/apply/status/?number=08-000007")  # a hand reader: a burst, then Enter
    page.keyboard.press("Enter")
    page.get_by_text("08-000007").first.wait_for()
    page.keyboard.press("/")
    page.locator("#quick:focus").wait_for()
    page.keyboard.type("みほん")
    page.keyboard.press("Enter")
    page.get_by_text("検索の目的を選んでください").wait_for()
    page.get_by_label("検索の目的").select_option("case")
    page.get_by_role("button", name="さがす", exact=True).click()
    page.get_by_role("heading", name="案件").wait_for()
    _look(page, "desk-found")


def _bundle(page, site):
    page.goto(f"{site}/desk/bundles/")
    page.get_by_role("button", name="束を作る").click()
    for number in (5, 2, 9):
        page.get_by_label("受付票のQRコード").fill(f"08-{number:06}")
        page.keyboard.press("Enter")
        page.get_by_text(f"08-{number:06} を加えました").wait_for()
    _look(page, "desk-bundle")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.get_by_role("heading", name="この作業を終える").wait_for()
    assert page.get_by_text("08-000005").count()
    page.keyboard.press("Control+Enter")
    page.get_by_text("08-000002").first.wait_for()
    page.goto(f"{site}/desk/bundles/")
    _look(page, "desk-bundles")


def test_bulk_board_and_homes(page, site, people):
    from conftest import CITY_A

    from honrai.cases.tasks import run_bulk
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.api import Announced
    from honrai.platform.events.models import LogEntry

    _sign_in(page, site, people.manager)
    page.goto(f"{site}/desk/")
    _look(page, "desk-home-manager")
    page.goto(f"{site}/desk/work/?procedure=kodomo-iryo")
    page.locator("summary", has_text="まとめて処理する").click()
    page.get_by_label("操作", exact=True).select_option("assign")
    page.get_by_label("割り当てる相手").select_option(str(people.operator2.person))
    _look(page, "desk-work-bulk")
    page.locator("main button.danger", has_text="まとめて処理する").click()
    page.get_by_text("この画面を閉じても続きます").wait_for()
    with in_city(CITY_A):
        entry = LogEntry.objects.get(name="cases.bulk_asked")
        run_bulk(Announced(entry.pk, entry.name, entry.data, entry.at, people.manager.who, ("bulk", None), None))
    page.get_by_role("button", name="元に戻す").wait_for()
    _look(page, "desk-bulk")
    page.goto(f"{site}/desk/board/kodomo-iryo/")
    _look(page, "desk-board-manager")
    _sign_in(page, site, people.head)
    page.goto(f"{site}/desk/")
    _look(page, "desk-home-head")
    page.goto(f"{site}/desk/board/")
    _look(page, "desk-boards")
    page.goto(f"{site}/desk/board/kodomo-iryo/")
    _look(page, "desk-board-city")
    assert page.locator('[data-id="receive_check"]').count() == 0
    for who in ("clerk", "personnel"):
        _sign_in(page, site, getattr(people, who))
        page.goto(f"{site}/desk/")
        _look(page, f"desk-home-{who}")
