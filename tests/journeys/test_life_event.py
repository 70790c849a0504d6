"""A mother on a phone: a birth, one combined form, a photo nobody can read, one answer, the card; staff see all of it together."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
PICTURES = os.environ.get("HONRAI_PICTURES")
OWN = {
    "insurer.fringe": "ない",
    "application.partner": False,
    "status.pension": False,
    "insurer.name": "全国健康保険協会",
}
SAID = {"person_name": "本来　恵子", "kana": "ホンライ　ケイコ", "account_holder": "ホンライ ケイコ"}


@pytest.fixture
def town(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases.ports import ports
    from honrai.cases.testing import FACTS
    from honrai.intake.life_events.tests.town import settle
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.files import api as files
    from honrai.platform.files.stores import EncryptedStore, FolderStore

    monkeypatch.setattr(files, "_store", lambda: EncryptedStore(FolderStore(tmp_path), bytes(32)))
    monkeypatch.setattr(ports, "facts", [lambda question: {k: v for k, v in FACTS.items() if k in question.facts}])
    with in_city(CITY_A):
        return settle(CITY_A)


def _tab(chromium, site, actor=None):
    size = {"width": 1366, "height": 768} if actor is not None else {"width": 390, "height": 844}
    context = chromium.new_context(viewport=size, locale="ja-JP")
    if actor is not None:
        from honrai.platform.signin.testing import signed_in

        cookie = signed_in(actor).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return context.new_page()


def _look(page, name, *, whole=False):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name}: wider than the screen by {wide}px"
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"life-{name}.png"), full_page=whole)


def _put(page, name, kind, value):
    if kind == "date_era":
        for box, part in enumerate(value.split("-"), 1):
            page.locator(f'[name="{name}_{box}"]').fill(part)
    elif kind in ("yes_no", "choice", "choices") and page.locator(f'[name="{name}"]').first.get_attribute("type"):
        said = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        page.locator(f'[name="{name}"][value="{said}"]').check()
    elif kind in ("consent", "signature"):
        page.locator(f'[name="{name}"]').check()
    else:
        page.locator(f'[name="{name}"]').fill(str(value))
    page.locator("h1").click()  # leave the box: the page asks which questions apply now
    page.locator("form[data-asks]:not([aria-busy])").wait_for()


def _questions(phone):
    from honrai.intake.life_events.tests.samples import event
    from honrai.intake.life_events.tests.town import BIRTH

    for field in event("birth").questions:
        if field.id in BIRTH:
            _put(phone, field.id, field.type, BIRTH[field.id])


def _pages(phone):
    """Answer every page as the mother would; a page she need not answer is passed with 次へ."""
    from honrai.intake.life_events.tests.samples import filled
    from honrai.intake.life_events.tests.town import BIRTH

    done = filled("birth", BIRTH)
    for sheet in done.sheets:
        phone.get_by_role("heading", name=sheet.title, exact=True, level=1).wait_for()
        for field in sheet.fields if not sheet.repeat or sheet.least else ():
            name = f"{sheet.id}-0-{field.id}" if sheet.repeat else field.id
            kept = done.rows_of(sheet)[0][sheet.column(field)] if sheet.repeat else done.values[field.id]
            about_child = sheet.id == "children"
            if field.id != "parent.january":
                own = kept if about_child else SAID.get(field.type, kept)
                _put(phone, name, field.type, OWN.get(field.id, own))
        if sheet.id in ("children", "parent", "account"):
            _look(phone, f"page-{sheet.id}", whole=True)
        phone.get_by_role("button", name="次へ").click()
        assert phone.locator(".error-summary").count() == 0, phone.locator(".error-summary").inner_text()


def _staff_finds_the_photo_unreadable(town):
    from conftest import CITY_A

    from honrai.cases import api as cases
    from honrai.cases.models import Case
    from honrai.cases.testing import jobs, open_task
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(CITY_A):
        case = Case.objects.get(procedure="kodomo-iryo")
        task = open_task(case, "receive_check")
        cases.claim(task=task.pk, actor=town.operator, now=NOW)
        cases.add_deficiency(case=case.pk, code="X-insurance", actor=town.operator, now=NOW)
        cases.complete(task=task.pk, result="", actor=town.operator, now=NOW)
        jobs(case)
        assert case.paused_for == "補正"
    return case


def _staff_decides_and_issues(town, case):
    from conftest import CITY_A

    from honrai.approvals import api as approvals
    from honrai.cases import api as cases
    from honrai.cases.testing import jobs, open_task, work
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW

    with in_city(CITY_A):
        case.refresh_from_db()
        settled = tuple(case.deficiencies.exclude(state="settled").values_list("pk", flat=True))
        work(case, town.operator, "receive_check", settled=settled)
        jobs(case)
        work(case, town.operator2, "second_check", "一致")
        work(case, town.clerk, "draft")
        approvals.approve(document=open_task(case, "approve").document, actor=town.head, now=NOW)
        issue = open_task(case, "issue")
        cases.claim(task=issue.pk, actor=town.clerk, now=NOW)
        cases.issue(task=issue.pk, actor=town.clerk, now=NOW)


def test_a_mother_on_a_phone(chromium, site, town, tmp_path):
    phone = _tab(chromium, site)
    phone.goto(f"{site}/apply/")
    _look(phone, "choose")
    phone.get_by_role("link", name="子どもが生まれた").click()
    _questions(phone)
    _look(phone, "questions", whole=True)
    phone.get_by_role("button", name="必要な手続を見る").click()
    phone.get_by_role("heading", name="必要な手続は3件です").wait_for()
    _look(phone, "plan", whole=True)
    phone.get_by_role("button", name="まとめて入力をはじめる").click()
    _pages(phone)

    blurred = tmp_path / "blurred.png"
    blurred.write_bytes(PHOTO)
    phone.locator('input[name="insurance"]').set_input_files(blurred)
    phone.get_by_text("送信済み").wait_for()
    _look(phone, "papers", whole=True)
    phone.get_by_role("link", name="内容の確認へ").click()
    phone.get_by_role("button", name="2件まとめて申請する").wait_for()
    _look(phone, "check", whole=True)
    phone.get_by_role("button", name="2件まとめて申請する").click()
    phone.get_by_role("heading", name="2件の申請を受け付けました").wait_for()
    _look(phone, "done", whole=True)
    number, secret = phone.locator(".figure").all_inner_texts()

    case = _staff_finds_the_photo_unreadable(town)
    clerk = _tab(chromium, site, town.clerk)
    clerk.goto(f"{site}/desk/case/{case.pk}/")
    clerk.get_by_role("link", name="まとめて申請された手続").click()
    assert clerk.locator("tbody tr").count() == 2
    _look(clerk, "together")

    later = _tab(chromium, site)
    later.goto(f"{site}/apply/status/?number={number}")
    later.get_by_label("照会番号").fill(secret)
    later.get_by_role("button", name="確かめる").click()
    later.get_by_role("link", name="不足をまとめて送る").wait_for()
    _look(later, "mine", whole=True)
    later.get_by_role("link", name="不足をまとめて送る").click()
    later.locator('input[name="insurance"]').set_input_files(blurred)
    _look(later, "answer", whole=True)
    later.get_by_role("button", name="送る", exact=True).last.click()
    later.get_by_role("heading", name="申請の状況").wait_for()
    assert later.get_by_role("link", name="不足をまとめて送る").count() == 0

    _staff_decides_and_issues(town, case)
    later.reload()
    later.get_by_text("受給資格者証").first.wait_for()
    _look(later, "issued", whole=True)
    later.get_by_text("この手続だけ取り下げる").last.click()
    _look(later, "withdraw")


def test_the_counter_asks_the_same(chromium, site, town):
    clerk = _tab(chromium, site, town.clerk)
    clerk.goto(f"{site}/counter/life/")
    _look(clerk, "counter")
    clerk.get_by_role("link", name="引っ越してきた").click()
    clerk.get_by_label("新しい家に住み始めた日").fill("R080401")
    _look(clerk, "counter-questions")
