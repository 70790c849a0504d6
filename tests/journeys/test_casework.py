"""Deficiencies by phone in two keys; a blind second check that disagrees; a contractor who tries to decide."""

import pytest
from tests.journeys.test_first_case import _accessible, _tab

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def _sheet() -> bytes:
    """A paper of two pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(2):
        document.new_page(595, 842)
    from io import BytesIO

    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _town(tmp_path, monkeypatch, pack, facts):
    from conftest import CITY_A

    from honrai.cases import testing
    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        return testing.town(CITY_A, tmp_path, monkeypatch, pack=pack, facts=facts)


def _do(work):
    from conftest import CITY_A

    from honrai.platform.cities.tenancy import in_city

    with in_city(CITY_A):
        return work()


def test_a_blind_second_check_that_disagrees(chromium, site, stopped_clock, tmp_path, monkeypatch):
    from honrai.cases import testing
    from honrai.cases.tests.test_checking import FACTS, VALUES

    town = _town(tmp_path, monkeypatch, "shizei-kouza", FACTS)

    def begin():
        _, case = testing.apply(VALUES, pack="shizei-kouza", channel="post", papers=[("request_form", _sheet())])
        testing.work(case, town.operator, "receive_check")
        testing.jobs(case)
        return case.pk

    case = _do(begin)
    second = _tab(chromium, site, town.operator2)
    second.goto(f"{site}/desk/")
    second.keyboard.press("n")
    second.get_by_role("button", name="照合する").wait_for()
    assert VALUES["account.number"] not in second.content()
    assert VALUES["payer.name"] not in second.content()
    second.get_by_text("1 / 2").wait_for()
    second.keyboard.press("PageDown")
    second.get_by_text("2 / 2").wait_for()
    _accessible(second, "blind-check")
    _key(second, VALUES | {"account.number": "1234576"})
    second.keyboard.press("Control+Enter")
    second.get_by_text("最初の入力と違います").wait_for()
    assert "1234576" in second.content()
    third = _tab(chromium, site, town.deputy)
    third.goto(f"{site}/desk/")
    third.keyboard.press("n")
    third.get_by_role("heading", name="相違の判定（1欄）").wait_for()
    third.get_by_role("button", name="判定を終える").click()
    third.get_by_text("すべての欄について").wait_for()
    third.get_by_label("1人目").check()
    third.get_by_label("一致", exact=True).check()
    _accessible(third, "blind-check-third")
    third.get_by_role("button", name="判定を終える").click()
    third.locator(".notice").first.wait_for()

    def check():
        from honrai.cases.models import Case, Rekeying

        row = Case.objects.get(pk=case)
        assert row.values["account.number"] == VALUES["account.number"]
        assert Rekeying.objects.get().choices == {"account.number": "first"}

    _do(check)


def _key(page, values):
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]')
        if not field.count() or isinstance(value, bool | list):
            continue
        if field.first.get_attribute("type") == "radio":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.first.evaluate("element => element.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def test_a_deficiency_by_phone_in_two_keys_and_a_contractor_who_tries_to_decide(
    chromium, site, stopped_clock, tmp_path, monkeypatch
):
    from honrai.cases import testing
    from honrai.platform.events.models import LogEntry

    town = _town(tmp_path, monkeypatch, "kodomo-iryo", None)

    def begin():
        _, case = testing.apply(testing.VALUES | {"insurer.symbol": ""}, channel="phone")
        testing.work(case, town.operator, "receive_check")
        testing.jobs(case)
        return case.pk

    case = _do(begin)
    operator = _tab(chromium, site, town.operator)
    operator.goto(f"{site}/desk/case/{case}/deficiencies/")
    _accessible(operator, "deficiencies")
    operator.keyboard.press("1")
    operator.wait_for_timeout(150)  # a hand: quicker keys are a hand reader's
    operator.keyboard.press("a")
    operator.get_by_text("電話を記録しました").first.wait_for()
    operator.get_by_text("不在：応答なし").wait_for()
    operator.goto(f"{site}/desk/case/{case}/")
    operator.get_by_text("センター（受託者）").first.wait_for()
    assert operator.get_by_text("取下げを受け付ける").count() == 0
    _accessible(operator, "case-clock")
    token = operator.locator("meta[name=csrf]").get_attribute("content")
    for path in (f"case/{case}/act/withdraw/", f"case/{case}/act/transfer/", f"case/{case}/act/correct/"):
        answer = operator.request.post(
            f"{site}/desk/{path}",
            form={"evidence": "x", "reason": "x", "unit": str(town.other), "cause": "訂正"},
            headers={"X-CSRFToken": token, "Referer": site},
        )
        assert answer.status == 403, (path, answer.status)
    clerk = _tab(chromium, site, town.clerk)
    clerk.goto(f"{site}/desk/case/{case}/?topic=applicant")
    clerk.get_by_text("取下げを受け付ける").click()
    clerk.get_by_label("申出が分かる資料").fill("4月15日付け取下書")
    _accessible(clerk, "case-official")
    clerk.get_by_role("button", name="取下げとして終える").click()
    clerk.get_by_text("取下げを受け付け、案件を終えました").first.wait_for()
    assert _do(lambda: LogEntry.objects.get(name="cases.withdrawn").data["by"]) == "staff"
