"""The pages without any script: from what happened to the receipt, also when people go back, double click or lie."""

import pytest
from django.test import Client

from honrai.intake.life_events import operations
from honrai.intake.life_events.models import Submission
from honrai.intake.life_events.tests.samples import filled
from honrai.intake.life_events.tests.town import BIRTH, PHOTO
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in

QUESTIONS = {
    "token": "t" * 32,
    "born_on_0": "",
    "born_on_1": "2026",
    "born_on_2": "4",
    "born_on_3": "10",
    "registered": "true",
    "insurance": "会社などの健康保険",
    "small": "false",
    "public_servant": "false",
    "single": "true",
    "single_reason": "未婚",
}


@pytest.fixture
def browser(town):
    return Client(headers={"host": "a.test"})


def _sent(fields, values, prefix="") -> dict[str, str]:
    """Return answers as a browser sends them."""
    out: dict[str, str] = {}
    for name, kind in fields:
        value = values[name]
        if kind == "date_era":
            parts = ["", *value.split("-")]
            out |= {f"{prefix}{name}_{index}": part for index, part in enumerate(parts)}
        else:
            out[f"{prefix}{name}"] = (
                {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
            )
    return out


def _answer_all(browser) -> None:
    done = filled("birth", BIRTH)
    for number, sheet in enumerate(done.sheets):
        fields = [(field.id, field.type) for field in sheet.fields]
        if sheet.repeat:
            data = {f"{sheet.id}-rows": "1"}
            row = done.rows_of(sheet)[0] if sheet.least else {}
            named = {field.id: row.get(sheet.column(field), "") for field in sheet.fields}
            data |= _sent(fields, named, f"{sheet.id}-0-") if sheet.least else {}
        else:
            data = _sent(fields, done.values)
        answer = browser.post(f"/apply/life/page/{number}/", data)
        assert answer.status_code == 302, (sheet.id, answer.content.decode()[-3000:])


def test_from_the_question_to_one_receipt_without_script(browser):
    assert "子どもが生まれた" in browser.get("/apply/").content.decode()
    assert browser.post("/apply/life/about/birth/", QUESTIONS).status_code == 302
    plan = browser.get("/apply/life/plan/").content.decode()
    assert "必要な手続は3件です" in plan
    assert "4月27日" in plan  # 児童手当, 15 days, moved by a Saturday
    assert browser.post("/apply/life/plan/", {"step": ["kodomo-iryo", "hitorioya-iryo"]}).status_code == 302
    _answer_all(browser)
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser.post("/apply/life/papers/", {"insurance": SimpleUploadedFile("a.png", PHOTO)})
    check = browser.get("/apply/life/check/").content.decode()
    assert "2件まとめて申請する" in check
    assert "まだ入力していない" not in check
    assert browser.post("/apply/life/check/", {"email": ""}).status_code == 302
    done = browser.get("/apply/life/done/").content.decode()
    assert "08-000001" in done
    secret = browser.session["life_event_receipt"]["secret"]
    other = Client(headers={"host": "a.test"})
    other.post("/apply/status/", {"number": "08-000001", "secret": secret})
    mine = other.get("/apply/life/mine/").content.decode()
    assert mine.count("<h2>") == 2
    assert other.get("/apply/life/answer/").status_code == 302  # nothing is asked yet


def test_a_condition_opens_a_question_and_what_was_typed_stays(browser):
    page = browser.post("/apply/life/about/birth/", QUESTIONS | {"single_reason": "離婚", "born_on_2": "13"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "離婚・死別の日：入力してください" in text
    assert 'value="13"' in text
    hidden = browser.post("/apply/life/about/birth/", QUESTIONS | {"single": "false", "asks": "1"}).json()["hidden"]
    assert hidden == ["single_reason", "single_since"]


def test_a_double_click_is_one_draft_and_going_back_changes_it(browser):
    for _ in range(2):
        browser.post("/apply/life/about/birth/", QUESTIONS)
    browser.post("/apply/life/about/birth/", QUESTIONS | {"single": "false"})
    row = Submission.objects.get()
    assert row.chosen == ["kodomo-iryo"]
    assert "続きから入力する" in browser.get("/apply/").content.decode()


@pytest.mark.parametrize("token", ["", "x", "x" * 500])
def test_a_bad_token_begins_nothing(browser, token):
    page = browser.post("/apply/life/about/birth/", QUESTIONS | {"token": token})
    assert "もう一度はじめて" in page.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("path", ["plan/", "page/0/", "papers/", "check/"])
def test_without_a_draft_the_way_back_is_told(browser, path):
    page = browser.get(f"/apply/life/{path}")
    assert page.status_code < 500
    assert "最初からやり直して" in page.content.decode()


def test_a_foreign_paper_or_key_is_told(browser):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser.post("/apply/life/about/birth/", QUESTIONS)
    page = browser.post("/apply/life/papers/", {"z" * 90: SimpleUploadedFile("a.png", PHOTO)})
    assert "この申請にない書類" in page.content.decode()
    assert browser.post("/apply/life/papers/", {"remove": "1 OR 1"}).status_code == 302
    assert browser.get("/apply/life/page/999/").status_code == 200


def test_the_counter_asks_the_same_and_needs_a_person(browser, town):
    assert browser.get("/counter/life/").status_code == 302  # to the sign-in
    clerk = signed_in(town.clerk)
    assert "窓口" in clerk.get("/counter/life/").content.decode()
    one_box = {"born_on": "R080410"} | {name: value for name, value in QUESTIONS.items() if "born_on" not in name}
    assert clerk.post("/counter/life/about/birth/", one_box).status_code == 302
    plan = clerk.get("/counter/life/plan/").content.decode()
    assert "要確認" in plan
    assert Submission.objects.get().channel == "counter"


def test_staff_see_the_cases_of_a_submission_they_may_see(town):
    from honrai.intake.life_events.tests.town import APPLICANT, begun

    draft = begun()
    operations.submit(submission=draft, who=APPLICANT, now=NOW)
    page = signed_in(town.clerk).get(f"/desk/together/{draft}/")
    assert page.content.decode().count("08-000001-") == 2
    assert signed_in(town.personnel).get(f"/desk/together/{draft}/").status_code == 404
