"""The screens: who sees what, and the way through each from an empty form to the end."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from honrai.platform.authority.acts import Channel
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api, boards
from honrai.platform.organisations.models import Certificate
from honrai.platform.organisations.testing import small_city
from honrai.platform.signin.testing import signed_in

CSV = "職員番号,氏名,フリガナ,発令区分,職コード\r\nS-head,,,退職,\r\nS-clerk1,,,異動,{}\r\n"


@pytest.fixture
def people(city, stopped_clock):
    return small_city(city)


def _page(answer, status=200):
    text = answer.content.decode()
    assert answer.status_code == status, text
    return text


SCREENS = {
    "organisation": {"head", "personnel", "manager", "operator"},
    "transfers": {"personnel"},
    "self_audit": {"personnel"},
    "certificates": {"personnel", "manager"},
    "account_requests": {"personnel", "manager"},
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("who", ["head", "personnel", "manager", "operator"])
def test_who_opens_which_screen(people, screen, who):
    answer = signed_in(getattr(people, who)).get(reverse(screen))
    assert answer.status_code == (200 if who in SCREENS[screen] else 403)


def test_the_organisation_of_any_day(people):
    browser = signed_in(people.head)
    page = _page(browser.get(reverse("organisation")))
    assert "職員 clerk1" in page
    assert "こども支援課" in page
    assert "総合行政事務センター運営業務" in page
    assert "受託 operator" not in page
    assert "存在する組織はありません" in _page(browser.get(reverse("organisation"), {"on": "R070401"}))
    assert "日付" in _page(browser.get(reverse("organisation"), {"on": "きのう"}))


def test_the_contractor_sees_the_city_by_section(people):
    page = _page(signed_in(people.operator).get(reverse("organisation")))
    assert "職員 clerk1" not in page
    assert "こども支援課 職員" in page


def test_a_persons_history_is_for_the_own_organisation_and_recorded(people):
    url = reverse("person", args=[people.clerk.person])
    assert "主事" in _page(signed_in(people.head).get(url))
    assert LogEntry.objects.filter(name="organisations.person_read", subject_id=people.clerk.person).count() == 1
    _page(signed_in(people.manager).get(url), 403)
    theirs = reverse("person", args=[people.operator.person])
    assert "受付チーム オペレーター" in _page(signed_in(people.manager).get(theirs))
    _page(signed_in(people.head).get(theirs), 403)
    _page(signed_in(people.operator2).get(theirs), 403)
    _page(signed_in(people.operator).get(theirs))
    _page(signed_in(people.head).get(reverse("person", args=[999_999])), 404)


def test_transfers_from_file_to_effect(people):
    browser = signed_in(people.personnel)

    def upload(post):
        file = SimpleUploadedFile("発令.csv", CSV.format(post).encode("cp932"))
        return browser.post(
            reverse("transfers"), {"number": "令和8年10月1日", "effective_on": "R081001", "file": file}, follow=True
        )

    wrong = _page(upload("nowhere"))
    assert "1件に誤りがあります" in wrong
    assert "nowhere" in wrong
    assert "を適用する" not in wrong
    right = _page(upload("head"))
    assert "誤りはありません" in right
    assert "空席になる職" in right
    order = re.search(r"/organisation/transfers/(\d+)/apply/", right).group(1)
    done = browser.post(reverse("transfer_apply", args=[order]), follow=True)
    assert "適用しました" in _page(done)
    assert api.holder_of(people.posts["head"], date(2026, 10, 1)) == people.clerk.person
    _page(browser.post(reverse("transfer_apply", args=[order])), 409)
    empty = SimpleUploadedFile("x.csv", b"a,b\r\n")
    answer = browser.post(reverse("transfers"), {"number": "x", "effective_on": "R081001", "file": empty})
    assert "見出しの列が足りません" in _page(answer, 422)
    _page(browser.post(reverse("transfers"), {}), 422)
    _page(browser.get(reverse("transfer", args=[999_999])), 404)


def test_certificates_for_several_people_at_once(people):
    browser = signed_in(people.personnel)
    page = _page(browser.get(reverse("certificates")))
    assert "担当A-003" in page
    assert "受託 operator" not in page
    ticked = [people.clerk.person, people.operator.person]
    data = {"kind": "test", "since": "R080415", "until": "R090415", "evidence": "点数表", "person": ticked, "score": 90}
    before = Certificate.objects.count()
    assert "2人分" in _page(browser.post(reverse("certificates"), data, follow=True))
    assert Certificate.objects.count() == before + 2
    assert "選んでください" in _page(browser.post(reverse("certificates"), data | {"person": []}), 422)
    refused = browser.post(reverse("certificates"), data | {"person": [*ticked, people.personnel.person]})
    assert "自分の" in _page(refused, 422)
    assert Certificate.objects.count() == before + 2
    own = _page(signed_in(people.manager).get(reverse("certificates")))
    assert "受託 operator" in own
    assert "職員 clerk1" not in own


def test_accounts_from_request_to_invitation(people):
    manager, office = signed_in(people.manager), signed_in(people.personnel)
    url = reverse("account_requests")
    data = {"team": people.team, "role": "operator", "name": "受託 新人", "login": "fresh", "start": "R080501"}
    assert "申請中" in _page(manager.post(url, data, follow=True))
    assert "申請中です" in _page(manager.post(url, data), 422)
    page = _page(office.get(url))
    assert "fresh" in page
    assert "受託 新人" not in page
    number = re.search(r"/organisation/accounts/(\d+)/", page).group(1)
    invited = _page(office.post(reverse("account_answer", args=[number]), {"what": "issue"}))
    assert "http://a.test/signin/invitation/" in invited
    assert "担当A-005" in invited
    manager.post(url, data | {"login": "second"})
    number = re.search(r"/organisation/accounts/(\d+)/", _page(office.get(url))).group(1)
    _page(office.post(reverse("account_answer", args=[number]), {"what": "refuse"}), 422)
    answered = office.post(reverse("account_answer", args=[number]), {"what": "refuse", "answer": "重複"}, follow=True)
    assert "重複" in _page(answered)


def test_the_contract_channel_on_screen(people):
    city, manager, operator = (signed_in(a) for a in (people.head, people.manager, people.operator))
    url = reverse("contract", args=[people.contract])
    order = {"channel": "order", "title": "6月分の入力", "quantity": 200, "due": "R080630"}
    _page(city.post(url, order), 422)  # orders are numbered dealings, never loose messages
    terms = api.Message(contract=people.contract, channel=Channel.ORDER, title="6月分の入力", quantity=200)
    api.send(actor=people.head, now=people.now, message=terms)
    page = _page(city.get(url))
    assert "保留" in page
    assert "特定の人へは送れません" in page
    assert "6月分の入力" not in _page(manager.get(url))
    duty = reverse("contract_duty", args=[people.contract])
    assert "1件が届きました" in _page(manager.post(duty, {"what": "start"}, follow=True))
    page = _page(manager.get(url))
    message = re.search(r"/message/(\d+)/", page).group(1)
    assert "受託 operator" in page
    at = reverse("contract_message", args=[people.contract, message])
    _page(city.post(at, {"person": people.operator.person}), 403)
    assert "割り当てました" in _page(manager.post(at, {"person": people.operator.person}, follow=True))
    assert "受託 operator" not in _page(city.get(url))
    assert "完了にしました" in _page(operator.post(at, {}, follow=True))
    assert "在席を終えました" in _page(manager.post(duty, {"what": "end"}, follow=True))
    _page(city.post(duty, {"what": "start"}), 403)
    _page(operator.post(url, {"channel": "query", "title": "x"}), 422)
    _page(city.get(reverse("contract", args=[999_999])), 404)


def test_the_monthly_self_audit_counts_and_names_nobody(people, stopped_clock):
    at = stopped_clock.at
    order = api.Message(contract=people.contract, channel=Channel.ORDER, title="入力")
    explained = api.Message(
        contract=people.contract,
        channel=Channel.EQUIPMENT,
        title="端末",
        reason="貸与端末の操作",
        supervisor=people.manager.person,
    )
    api.send(actor=people.head, now=at, message=order)
    api.send(actor=people.head, now=at, message=explained)
    api.start_duty(actor=people.manager, now=at + timedelta(hours=2), until=at + timedelta(hours=9))
    api.send(actor=people.head, now=at + timedelta(hours=3), message=order)
    back = api.send(
        actor=people.head, now=at, message=api.Message(contract=people.contract, channel=Channel.RETURN, title="差戻し")
    )
    reach_past = reverse("contract_message", args=[people.contract, back])
    _page(signed_in(people.head).post(reach_past, {"person": people.operator.person}), 403)
    stopped_clock.at += timedelta(hours=5)
    [found] = boards.self_audit(people.personnel, at.replace(day=1), stopped_clock.at)
    assert found.sent == (("発注", 2), ("差戻し", 1), ("貸与機器の説明", 1))
    assert (found.held, found.longest_wait, found.blocked) == (1, timedelta(hours=2), 1)
    assert found.exceptions == (("貸与機器の説明", "貸与端末の操作"),)
    page = _page(signed_in(people.personnel).get(reverse("self_audit")))
    assert "最長 2:00:00" in page
    assert "受託 " not in page
    assert "契約連絡はありません" in _page(signed_in(people.personnel).get(reverse("self_audit"), {"on": "R070401"}))
