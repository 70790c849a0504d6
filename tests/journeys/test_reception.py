"""A counter clerk takes in an agent with 委任状; the telephone, the post, a file, two applications that look like one."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.journey, pytest.mark.slow]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PICTURES = os.environ.get("HONRAI_PICTURES")


@pytest.fixture
def town(site, stopped_clock, tmp_path, monkeypatch):
    from conftest import CITY_A

    from honrai.cases import testing
    from honrai.parties.models import Household, Resident
    from honrai.parties.rules.keys import kana_key, name_key
    from honrai.platform.cities.tenancy import in_city
    from honrai.platform.organisations.testing import START

    with in_city(CITY_A):
        people = testing.town(CITY_A, tmp_path, monkeypatch)
        testing.cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=START)
        for number, name, kana, protected in (
            ("1001", "本来　花子", "ホンライ　ハナコ", False),
            ("1002", "本来　葉子", "ホンライ　ヨウコ", True),
        ):
            Household.objects.create(
                number=f"H{number}",
                head_number=number,
                address="本来市中央区本町1-1",
                postcode="8600001",
                protected=protected,
            )
            Resident.objects.create(
                number=number, household_number=f"H{number}", name=name, kana=kana, name_key=name_key(name),
                kana_key=kana_key(kana), born_on="2026-04-10",
            )  # fmt: skip
    return people


def _tab(chromium, site, actor):
    from honrai.platform.signin.testing import signed_in

    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
    context.add_cookies([{"name": "sessionid", "value": signed_in(actor).cookies["sessionid"].value, "url": site}])
    return context.new_page()


def _seen(page, name):
    """No AA violation; a picture where wanted."""
    found = Axe().run(page, options=AA).response["violations"]
    assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found])
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def _key_form(page, values):
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]:visible')
        if not field.count():
            continue
        if field.first.get_attribute("type") == "radio":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif value is True:
            field.check()
        else:
            field.fill(str(value))
        page.locator("h1").click()
        page.locator("form[data-asks]:not([aria-busy])").first.wait_for()


def _settled(page):
    page.locator("form[data-asks]:not([aria-busy])").first.wait_for()


def test_a_clerk_takes_in_an_agent_with_a_mandate(chromium, site, town, tmp_path):
    from honrai.cases.testing import PDF, VALUES

    page = _tab(chromium, site, town.clerk)
    page.goto(f"{site}/intake/")
    _seen(page, "reception-home")
    page.get_by_role("button", name="窓口").first.click()

    page.get_by_label("検索の目的").select_option("counter")
    page.get_by_label("フリガナ").fill("ホンライ")
    page.get_by_label("生年月日").fill("R080410")
    page.get_by_role("button", name="さがす", exact=True).click()
    page.get_by_text("支援措置のため表示できません").wait_for()
    page.get_by_role("button", name="「お子さま").first.click()
    page.get_by_text("本来　花子さんの登録内容を様式に入れました").wait_for()

    page.get_by_role("button", name="記録して様式へ").click()
    page.get_by_text("本人確認（来た人の）：").first.wait_for()
    page.get_by_label("任意代理人").check()
    _settled(page)
    page.get_by_label("代理人の氏名").fill("本来　三郎")
    page.get_by_label("本人との関係").fill("祖父")
    page.get_by_label("代理権を確認した書類").select_option("mandate")
    page.get_by_label("写真付きの書類 1点").check()
    page.get_by_label("運転免許証").check()
    page.get_by_role("button", name="記録して様式へ").click()
    page.get_by_text("委任の範囲を入力してください").wait_for()
    assert page.get_by_label("代理人の氏名").input_value() == "本来　三郎"
    page.get_by_label("委任の範囲").fill("申請と証の受領")
    _seen(page, "reception-person")
    page.get_by_role("button", name="記録して様式へ").click()

    page.get_by_role("button", name="保存して次へ").wait_for()
    assert page.locator('[name="child.name"]').input_value() == "本来　花子"
    assert not page.locator('[name="application.old_number"]:visible').count()
    _key_form(page, VALUES)
    page.locator('[name="child.born"]').fill("きのう")
    page.keyboard.press("Control+Enter")
    page.get_by_text("入力内容を確かめてください").wait_for()
    assert page.locator('[name="guardian.name"]').input_value().replace("　", " ") == "本来 太郎"
    page.locator('[name="child.born"]').fill("R080410")
    _seen(page, "reception-form")
    page.keyboard.press("Control+Enter")

    scan = {"name": "mandate.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_role("heading", name="委任状・代理権の書類").wait_for()
    page.locator("input[type=file]").first.set_input_files(scan)
    page.get_by_role("button", name="入れる").first.click()
    page.get_by_text("読取り").first.wait_for()
    _seen(page, "reception-papers")
    page.get_by_role("link", name="確認へ").click()

    page.get_by_text("足りないもの").wait_for()
    _seen(page, "reception-check")
    for name, part in (("様式を印刷", "/print/"), ("", "/slip/")):
        if name:
            address = page.get_by_role("link", name=name).get_attribute("href")
            assert page.request.get(site + address).body().startswith(b"%PDF"), part
    page.get_by_role("button", name="この内容で受け付ける").dblclick()
    page.get_by_role("heading", name="受け付けました").wait_for()
    _seen(page, "reception-done")
    address = page.get_by_role("link", name="受付票").get_attribute("href")
    slip = page.request.get(site + address)
    assert slip.headers["content-type"] == "application/pdf"
    if PICTURES:
        _picture_of(slip.body(), "reception-slip")
    page.go_back()
    page.get_by_role("heading", name="受け付けました").wait_for()
    from conftest import CITY_A

    from honrai.cases.models import Case
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        case = Case.objects.get()
        assert (case.party, case.channel) == ("1001", "counter")
        assert [one["id"] for one in case.attachments] == ["委任状・代理権の書類"]


def _picture_of(pdf, name):
    import pypdfium2

    pypdfium2.PdfDocument(pdf)[0].render(scale=1.5).to_pil().save(Path(PICTURES) / f"{name}.png")


def test_the_telephone_is_a_script_and_the_post_is_keyed_beside_its_page(chromium, site, town):
    page = _tab(chromium, site, town.operator)
    page.goto(f"{site}/intake/")
    page.get_by_role("button", name="電話").first.click()
    for label in ("氏名", "生年月日", "住所"):
        page.locator("form[data-asks]").get_by_label(label, exact=True).check()
    page.get_by_label("電話での聞き取り").check()
    page.get_by_role("button", name="記録して様式へ").click()
    page.get_by_label("新規").check()
    page.get_by_role("button", name="次の質問へ").click()
    page.get_by_text("復唱").wait_for()
    _seen(page, "reception-telephone")
    page.get_by_role("link", name="聞き取りを終える").click()
    page.get_by_text("電話では受けられません").first.wait_for()

    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.procedures import api as procedures

    with in_city(CITY_A):
        version = procedures.version_on("kodomo-iryo", town.day).id
        paper = procedures.form_pdf(version, {"child.name": "本来　花子"})
    page.goto(f"{site}/intake/mail/")
    page.get_by_label("手続").select_option("kodomo-iryo")
    page.get_by_label("読み取った紙").set_input_files(
        {"name": "紙.pdf", "mimeType": "application/pdf", "buffer": paper}
    )
    page.get_by_label("消印日").fill("R080413")
    page.get_by_role("button", name="登録する").click()
    page.get_by_text("郵送物を登録しました").wait_for()
    _seen(page, "reception-mail")
    page.get_by_role("button", name="入力する").click()
    page.get_by_role("heading", name="紙面").wait_for()
    address = page.locator(".page-image").get_attribute("src")
    assert page.request.get(site + address).headers["content-type"] == "image/png"
    page.locator('[name="child.name"]').fill("本来　花子")
    _seen(page, "reception-post")


def test_a_file_is_checked_and_two_applications_are_compared(chromium, site, town):
    from conftest import CITY_A

    from honrai.cases import testing
    from honrai.intake.reception.tests.test_batching import _row, _table
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        testing.apply()
        testing.apply(testing.VALUES | {"guardian.phone": "096-111-1111"}, channel="api")
        table = _table(_row("本来　一郎"), _row("本来　次郎", **{"child.born": "きのう"}))
    page = _tab(chromium, site, town.clerk)
    page.goto(f"{site}/intake/files/")
    page.get_by_label("手続").select_option("kodomo-iryo")
    page.get_by_label("申請の一覧").set_input_files({"name": "申請.csv", "mimeType": "text/csv", "buffer": table})
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_role("button", name="1件を受け付ける").wait_for()
    _seen(page, "reception-batch")
    page.get_by_role("button", name="1件を受け付ける").click()
    page.get_by_text("受付を始めました").wait_for()
    page.goto(f"{site}/intake/doubles/")
    _seen(page, "reception-doubles")
    page.get_by_role("link", name="見比べる").first.click()
    _seen(page, "reception-double")
    page.get_by_label("同じ申請").check()
    page.get_by_label("理由").fill("電話で本人に確認")
    page.get_by_role("button", name="判断を記録する").click()
    page.get_by_text("取下げは申請者が決めることです").first.wait_for()
    page.get_by_label("あとの申請").check()
    page.get_by_label("申請者に確かめ").check()
    page.get_by_role("button", name="判断を記録する").click()
    page.get_by_text("判断を記録しました").wait_for()


def test_rows_on_a_phone(chromium, site, town):
    from conftest import CITY_A

    from honrai.cases import testing
    from honrai.platform.cities.tenancy import in_city
    from honrai.procedures import api as procedures

    with in_city(CITY_A):
        files = procedures.files_of_folder(testing.PACKS / "hitorioya-iryo")
        procedures.publish(files=files, actor=town.head, now=town.now)
    page = chromium.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP").new_page()
    page.goto(f"{site}/apply/")
    page.locator("section", has_text="ひとり親家庭等医療費").first.get_by_role("button").click()
    number = [one.id for one in procedures_sections(town, "hitorioya-iryo")].index("children")
    page.goto(f"{site}/apply/step/{number}/")
    page.locator('[name="children-0-children.name"]').fill("本来　花子")
    page.get_by_role("button", name="もう1件追加する").click()
    page.get_by_text("2件目", exact=True).wait_for()
    assert page.locator('[name="children-0-children.name"]').input_value() == "本来　花子"
    _seen(page, "apply-rows-on-a-phone")
    page.get_by_role("button", name="この2件目を消す").click()
    page.locator('[name="children-1-children.name"]').wait_for(state="detached")
    page.get_by_role("button", name="次へ").click()
    page.get_by_text("入力内容を確かめてください").wait_for()
    assert page.locator('[name="children-0-children.name"]').input_value() == "本来　花子"


def procedures_sections(town, code):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city
    from honrai.procedures import api as procedures

    with in_city(CITY_A):
        return procedures.runnable(procedures.version_on(code, town.day).id).pack.form.sections
