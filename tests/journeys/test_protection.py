"""支援措置: the abuser, registered 保護者, asks for the child's card on the web, by phone and at the counter and learns nothing;
the letter to the former household stops until two officials have looked at it."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
CHILD, NEW_HOME = "本来 葉子", "本来市東区新町5-6"


def _facts(question):
    from honrai.cases.testing import FACTS

    return FACTS | {"resident.protected": question.values.get("child.name") == CHILD}


@pytest.fixture
def town(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases.ports import ports
    from honrai.contact import testing
    from honrai.parties.models import Gram, Household, Resident
    from honrai.parties.rules.keys import grams, kana_key, name_key
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        people = testing.town(CITY_A, tmp_path, monkeypatch)
        monkeypatch.setattr(ports, "facts", [_facts])
        Household.objects.create(number="H1", head_number="1000", address=testing.OLD_HOME)
        Household.objects.create(number="H2", head_number="1001", address=NEW_HOME, protected=True)
        for number, home, name, kana in (
            ("1000", "H1", "本来 太郎", "ホンライ タロウ"),
            ("1001", "H2", CHILD, "ホンライ ヨウコ"),
        ):
            row = Resident.objects.create(
                number=number, household_number=home, name=name, kana=kana, name_key=name_key(name),
                kana_key=kana_key(kana), born_on="2026-04-10",
            )  # fmt: skip
            Gram.objects.bulk_create(Gram(gram=gram, resident=row) for gram in grams(row.name_key))
        testing.protect(people, ["1001"], other="本来 太郎", household="H1")
    return people


def _applied(people, values):
    """Apply on the web as the 保護者, and let the operator and the job worker do their part; return receipt and case."""
    from conftest import CITY_A

    from honrai.cases.testing import PDF, VALUES, apply, jobs, work
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        receipt, case = apply(VALUES | values, papers=(("insurance", PDF),))
        work(case, people.operator, "receive_check")
        jobs(case)
    return receipt, case


def _tab(chromium, site, actor=None, phone=False):
    from honrai.platform.signin.testing import signed_in

    size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
    context = chromium.new_context(viewport=size, locale="ja-JP")
    if actor is not None:
        context.add_cookies([{"name": "sessionid", "value": signed_in(actor).cookies["sessionid"].value, "url": site}])
    return context.new_page()


def _seen(page, name):
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"protection-{name}.png"))


def _status(chromium, site, receipt, name):
    page = _tab(chromium, site, phone=True)
    page.goto(f"{site}/apply/status/")
    page.locator('[name="number"]').fill(receipt.number)
    page.locator('[name="secret"]').fill(receipt.secret)
    page.locator("main form button").last.click()
    page.get_by_text("審査しています").first.wait_for()
    _seen(page, name)
    shown = re.sub(r"\d{2}-\d{6}", "NUMBER", page.locator("main").inner_text())
    page.context.close()
    return shown


def test_on_the_web_the_page_of_a_protected_child_reads_as_any_other(chromium, site, town):
    ordinary = _status(chromium, site, _applied(town, {})[0], "status-other")
    protected = _status(
        chromium, site, _applied(town, {"child.name": CHILD, "child.kana": "ホンライ ヨウコ"})[0], "status"
    )
    assert protected == ordinary
    assert "支援" not in protected
    assert NEW_HOME not in protected


def test_by_phone_and_at_the_counter_nobody_can_tell_where_the_child_is(chromium, site, town):
    receipt, case = _applied(town, {"child.name": CHILD, "child.kana": "ホンライ ヨウコ"})
    assert receipt.number
    phone = _tab(chromium, site, town.operator)
    phone.goto(f"{site}/people/")
    phone.get_by_label("目的").first.select_option("phone")
    phone.get_by_label("フリガナ").fill("ホンライ")
    phone.locator("main form button").first.click()
    phone.wait_for_load_state()
    said = phone.locator("main").inner_text()
    assert "葉子" not in said
    assert "新町" not in said
    _seen(phone, "phone")
    for path in (f"/desk/case/{case.pk}/", "/desk/work/", "/desk/cases/", "/letters/"):
        phone.goto(site + path)
        assert "新町" not in phone.content()
        assert "葉子" not in phone.content(), path
    counter = _tab(chromium, site, town.clerk)
    counter.goto(f"{site}/people/")
    counter.get_by_label("目的").first.select_option("counter")
    counter.get_by_label("フリガナ").fill("ホンライ ヨウコ")
    counter.locator("main form button").first.click()
    counter.get_by_text("支援措置のため表示できません").first.wait_for()
    assert "新町" not in counter.content()
    _seen(counter, "counter")


def test_the_letter_to_the_former_household_stops_for_two_officials(chromium, site, town):
    from conftest import CITY_A

    from honrai.contact.models import ItemState
    from honrai.contact.testing import issued
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        items = issued(town)
    operator = _tab(chromium, site, town.operator)
    operator.goto(f"{site}/letters/")
    assert "認定通知書" not in operator.locator("main").inner_text()
    assert operator.goto(f"{site}/letters/stops/").status == 403
    for actor, name in ((town.head, "first"), (town.second, "second")):
        page = _tab(chromium, site, actor)
        page.goto(f"{site}/letters/stops/")
        _seen(page, f"stops-{name}")
        page.get_by_role("link", name="こども医療費助成 受給資格認定通知書").click()
        page.get_by_role("heading", name="止めた理由").wait_for()
        assert NEW_HOME not in page.content()
        _seen(page, f"stop-{name}")
        page.get_by_label("確かめたこと").fill("申出の記録と照らした")
        page.get_by_role("button", name="この宛先でよい").click()
        page.get_by_text(f"{1 if name == 'first' else 2}人目として確かめました").wait_for()
    with in_city(CITY_A):
        items[0].refresh_from_db()
        assert items[0].state == ItemState.WAITING
    clerk = _tab(chromium, site, town.clerk)
    clerk.goto(f"{site}/letters/")
    _seen(clerk, "queue")
    clerk.get_by_role("button", name="束にして印刷する").click()
    clerk.get_by_role("heading", name="中身").wait_for()
    _seen(clerk, "batch")
    for screen in ("item/" + str(items[0].pk), "batches", "seals", "seals/ledger", "stock", "stamps", "printers"):
        assert clerk.goto(f"{site}/letters/{screen}/").status == 200
        _seen(clerk, "letters-" + screen.replace("/", "-"))
