"""The board and the home page: counts are exact, and what a contract does is one box for the city."""

from datetime import timedelta

import pytest

from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.platform.authority.api import Denied
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.testing import signed_in

BOARD = "/desk/board/kodomo-iryo/"


def page(actor, address):
    answer = signed_in(actor).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_city_sees_the_contract_as_one_box(people, opened):
    opened(3)
    cases.claim_next(actor=people.operator, now=NOW)
    city = page(people.head, BOARD)
    assert "センター（受託者）の作業" in city
    assert 'data-id="receive_check"' not in city
    assert "受付・形式審査" not in city.split("</svg>")[0]
    assert "3件" in city
    own = page(people.manager, BOARD)
    assert 'data-id="receive_check"' in own
    assert "センター（受託者）の作業" not in own


def test_counts_are_by_step_and_ward(people, opened):
    opened(3)
    Task.objects.filter(pk=Task.objects.order_by("pk").first().pk).update(ward="東区", due_on=NOW.date() - timedelta(9))
    loads = cases.loads("kodomo-iryo", people.manager, NOW)
    assert sorted((one.ward, one.count, one.late) for one in loads) == [("", 2, 0), ("東区", 1, 1)]
    assert "待ち1件　期限超過1件" in page(people.manager, BOARD + "?ward=東区")
    assert [(one.count, one.late) for one in cases.totals(people.head, NOW)] == [(3, 1)]


def test_a_board_shows_a_firm_nothing_of_the_city(people, opened):
    opened(1)
    Task.objects.update(contract=None, unit=people.unit)
    assert cases.loads("kodomo-iryo", people.manager, NOW) == []
    assert cases.totals(people.operator, NOW) == []
    from honrai.platform.authority.api import system_actor

    with pytest.raises(Denied):
        cases.totals(system_actor(1, NOW.date()), NOW)


def test_only_its_manager_sees_the_people_of_a_contract(people, opened):
    opened(2)
    task = cases.claim_next(actor=people.operator, now=NOW)
    assert [(one.person, one.held) for one in cases.people_loads(people.manager, NOW)] == [(people.operator.person, 1)]
    for actor in (people.operator, people.head):
        with pytest.raises(Denied):
            cases.people_loads(actor, NOW)
        assert "自社の担当者" not in page(actor, "/desk/board/")
    assert "受託 operator" in page(people.manager, "/desk/board/")
    cases.complete(task=task, result="", actor=people.operator, now=NOW)
    assert cases.people_loads(people.manager, NOW)[0].done == 1


def test_waiting_is_measured_to_the_first_claim(people, opened):
    opened(1)
    Task.objects.update(opened_at=NOW - timedelta(hours=5))
    task = cases.claim_next(actor=people.operator, now=NOW - timedelta(hours=1))
    cases.claim(task=task, actor=people.operator, now=NOW)
    cases.complete(task=task, result="", actor=people.operator, now=NOW)
    wait = cases.waits("kodomo-iryo", people.manager, NOW)[0]
    assert (wait.node, wait.wait_median, wait.work_median) == ("receive_check", 4.0, 1.0)
    assert [(one.node, one.contract) for one in cases.waits("kodomo-iryo", people.head, NOW)] == [("", True)]


def test_late_work_stands_on_the_board_of_those_who_answer_for_it(people, opened):
    opened(2)
    Task.objects.update(due_on=NOW.date() - timedelta(2))
    assert "08-000001" in page(people.head, "/desk/board/")
    assert "受付・形式審査" not in page(people.head, "/desk/board/")
    assert "受付・形式審査" in page(people.manager, "/desk/board/")
    assert "08-000001" not in page(people.personnel, "/desk/board/")


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("operator", ["待っている作業", "3日以内に期限の作業"], ["決裁を待つ", "市からの発注", "封印"]),
        ("manager", ["市からの発注・照会など", "いま作業中の全員", "遅れ・滞り"], ["決裁を待つ"]),
        ("clerk", ["期限を過ぎた案件", "申請者の回答を待つ案件"], ["市からの発注", "封印"]),
        ("head", ["決裁を待つ文書", "遅れ・滞り", "手続ごとの進み具合"], ["市からの発注"]),
        ("personnel", ["止まった裏側の処理", "まだ封印していない記録"], ["待っている作業", "市からの発注"]),
    ],
)
def test_home_is_of_the_role(people, opened, who, shown, hidden):
    opened(2)
    Case.objects.filter(number="08-000001").update(paused_since=NOW.date(), paused_for="補正")
    text = page(getattr(people, who), "/desk/")
    assert [word for word in shown if word not in text] == []
    assert [word for word in hidden if word in text] == []


def test_home_counts_lead_to_lists_of_that_many(people, opened):
    opened(4)
    Task.objects.filter(case__number="08-000003").update(due_on=NOW.date() - timedelta(1))
    browser = signed_in(people.operator)
    for card in browser.get("/desk/").context["cards"]:
        if card.url.startswith("/desk/work/") and card.figure:
            assert f"全{card.figure}件" in browser.get(card.url).content.decode(), card
