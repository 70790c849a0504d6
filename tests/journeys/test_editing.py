"""Editing a draft in the browser: what is typed shows at once in the preview, is saved, and is taken back; nowhere an AA violation.

`HONRAI_PICTURES=docs/images/screens` keeps a picture of each screen.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")
PARTS = {
    "form": 'form/?at=["sections",1,"fields",0]',
    "paper": "form/?face=paper",
    "parameters": 'parameters/?new=["copay.child","values"]',
    "manual": "manual/",
    "letter": "letters/kyakka/",
    "precedents": "precedents/?run=1",
    "precedent": "precedents/nenrei/1/",
    "flow": "flow/",
    "decisions": "decisions/",
    "history": "history/?path=form.yaml",
}


@pytest.fixture
def draft(site, stopped_clock, page):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import NOW, small_city
    from honrai.platform.signin.testing import signed_in
    from honrai.procedures import api
    from honrai.procedures.rules.sources import files_of_folder

    with in_city(CITY_A):
        people = small_city(CITY_A)
        files = files_of_folder(Path(__file__).parents[2] / "packs" / "kodomo-iryo")
        version = api.publish(files=files, actor=people.head, now=NOW)
        made = api.start_draft(actor=people.clerk, now=NOW, version=version)
    cookie = signed_in(people.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return f"{site}/procedures/edit/{made}/", f"{site}/procedures/print/version/{version}/manual/"


def test_a_form_is_edited_with_preview_saved_and_taken_back(page, draft):
    editor, manual = draft
    page.goto(editor + PARTS["form"])
    page.get_by_label("問い(申請者が読む言葉)").fill("お子さまのお名前")
    expect(page.locator("#preview")).to_contain_text("お子さまのお名前", timeout=20_000)
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".outline")).to_contain_text("お子さまのお名前", timeout=20_000)
    page.locator("h1").click()
    _look(page, "edited")
    page.keyboard.press("z")
    expect(page.locator(".outline")).not_to_contain_text("お子さまのお名前", timeout=20_000)
    for name, part in PARTS.items():
        page.goto(editor + part)
        _look(page, name)
    page.goto(manual)
    _look(page, "manual-page")


def _look(page, name: str) -> None:
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"editor-{name}.png"))
