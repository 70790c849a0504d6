"""A child's card: applied for on a phone, completed once, checked twice, approved, issued; nobody takes a step not theirs."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
PICTURES = os.environ.get("HONRAI_PICTURES")


@pytest.fixture
def town(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A
    from tests.shared_data import ROOT

    from honrai.cases import api as cases
    from honrai.cases.ports import ports
    from honrai.cases.testing import FACTS
    from honrai.platform.authority.api import Rank, set_level, system_actor
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.files import api as files
    from honrai.platform.files.stores import EncryptedStore, FolderStore
    from honrai.platform.organisations.testing import DAY, NOW, START, small_city
    from honrai.procedures import api as procedures

    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    monkeypatch.setattr(ports, "facts", [lambda question: FACTS])
    with in_city(CITY_A):
        people = small_city(CITY_A)
        setup = system_actor(CITY_A, START)
        set_level(
            actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=START, source="規程"
        )
        procedures.publish(files=procedures.files_of_folder(ROOT / "packs" / "kodomo-iryo"), actor=setup, now=NOW)
        cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=DAY)
    return people


def _tab(chromium, site, actor=None, *, phone=False):
    """Open a tab as an applicant on a phone, or signed in as somebody."""
    size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
    context = chromium.new_context(viewport=size, locale="ja-JP")
    if actor is not None:
        from honrai.platform.signin.testing import signed_in

        cookie = signed_in(actor).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return context.new_page()


def _accessible(page, name=""):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
    if PICTURES and name:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def _run_jobs():
    """Do what the job worker does with waiting deliveries."""
    from conftest import CITY_A
    from django.db import connection

    from honrai.platform import clock
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.events.api import deliver

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'events.deliver' ORDER BY id")
        waiting = [row[0] for row in cursor.fetchall()]
    import json

    for args in waiting:
        args = json.loads(args) if isinstance(args, str) else args
        with in_city(CITY_A):
            deliver(args["entry"], args["subscriber"], now=clock.now())


def _apply(phone, site):
    phone.goto(f"{site}/apply/")
    _accessible(phone, "apply-choose")
    phone.locator("section", has_text="こども医療費助成 資格認定").get_by_role("button").click()
    phone.get_by_label("新規").check()
    phone.get_by_role("button", name="次へ").click()
    phone.go_back()
    phone.get_by_label("新規").check()
    phone.get_by_role("button", name="次へ").click()
    _fill(phone)
    phone.get_by_role("link", name="内容の確認へ").click()
    _accessible(phone, "apply-check")
    phone.get_by_role("button", name="この内容で申請する").click()
    phone.get_by_role("heading", name="申請を受け付けました").wait_for()
    _accessible(phone, "apply-done")
    number, secret = phone.locator(".figure").all_inner_texts()
    return number, secret


def _fill(phone):
    """Answer every question of every page the form asks, by its label."""
    from honrai.cases.testing import VALUES

    for _ in range(12):
        if "papers" in phone.url:
            return
        for name, value in VALUES.items():
            field = phone.locator(f'[name="{name}"]:visible')
            if field.count() and field.first.get_attribute("type") == "radio":
                phone.locator(f'[name="{name}"][value="{value}"]').check()
            elif field.count() and value is True:
                field.check()
            elif field.count():
                field.fill(str(value))
            elif phone.locator(f'[name="{name}_1"]:visible').count():
                for box, part in enumerate(str(value).split("-"), 1):
                    phone.locator(f'[name="{name}_{box}"]').fill(part)
            phone.locator("h1").click()  # leave the box: the page asks which questions apply now
            phone.locator("form[data-asks]:not([aria-busy])").wait_for()
        phone.get_by_role("button", name="次へ").click()
        assert phone.locator(".error-summary").count() == 0, phone.locator(".error-summary").inner_text()
    raise AssertionError("the form has no end")


def _finish_next(page, site, result=""):
    page.goto(f"{site}/desk/")
    page.keyboard.press("n")
    page.get_by_role("heading", name="この作業を終える").wait_for()
    _accessible(page)
    if result:
        page.get_by_label(result, exact=True).check()
    page.keyboard.press("Control+Enter") if not result else page.get_by_role("button", name="終えて次へ").click()
    page.locator(".notice").first.wait_for()


def test_a_childs_card(chromium, site, town, tmp_path):
    phone = _tab(chromium, site, phone=True)
    number, secret = _apply(phone, site)

    operator = _tab(chromium, site, town.operator)
    operator.goto(f"{site}/desk/work/")
    _accessible(operator, "work")
    operator.goto(f"{site}/desk/")
    operator.keyboard.press("n")
    operator.get_by_role("heading", name="この作業を終える").wait_for()
    _accessible(operator, "task")
    operator.get_by_role("button", name="終えて次へ").click()
    _run_jobs()

    phone.goto(f"{site}/apply/status/")
    phone.get_by_label("受付番号").fill(number)
    phone.get_by_label("照会番号").fill(secret)
    phone.get_by_role("button", name="確かめる").click()
    _accessible(phone, "mine")
    phone.get_by_role("link", name="不足を送る").click()
    photo = tmp_path / "shikaku.png"
    photo.write_bytes(PHOTO)
    phone.locator("input[type=file]").first.set_input_files(photo)
    _accessible(phone)
    phone.get_by_role("button", name="送る").click()
    phone.get_by_text("審査しています").wait_for()

    _finish_next(operator, site)
    _run_jobs()
    second = _tab(chromium, site, town.operator2)
    _finish_next(second, site, "一致")

    clerk = _tab(chromium, site, town.clerk)
    _finish_next(clerk, site)
    from conftest import CITY_A

    from honrai.approvals import api as approvals
    from honrai.cases.models import Case, Task
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(CITY_A):
        document = Task.objects.get(node="approve", state="open").document
        approvals.approve(document=document, actor=town.head, now=NOW)
        case = Case.objects.get().pk

    operator.goto(f"{site}/desk/case/{case}/")
    _accessible(operator, "case")
    clerk.goto(f"{site}/desk/")
    clerk.keyboard.press("n")
    clerk.get_by_text("文書番号を付けて発行します").wait_for()
    clerk.get_by_role("button", name="終えて次へ").click()
    clerk.get_by_text("文書を発行しました").first.wait_for()
    _accessible(clerk, "case-issued")
