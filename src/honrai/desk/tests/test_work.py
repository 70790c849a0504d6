"""Finding and taking work: who sees what, what stands in the address, what is kept and shared."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honrai.cases import api as cases
from honrai.cases.models import Case, Task
from honrai.desk.models import SavedView
from honrai.desk.saved_views import save_view, views_of
from honrai.platform.authority.api import Conflict, Denied, Invalid
from honrai.platform.organisations.api import declare_recusal, set_skill
from honrai.platform.organisations.testing import DAY, NOW
from honrai.platform.signin.testing import signed_in

WORK = "/desk/work/"


def page(actor, **query):
    return signed_in(actor).get(WORK, query).content.decode()


def test_the_list_is_of_the_own_place_only(people, opened):
    opened(2)
    assert "08-000001" in page(people.operator)
    assert "08-000001" not in page(people.clerk)
    assert "08-000001" not in page(people.personnel)


def test_filters_stand_in_the_address(people, opened):
    opened(4)
    task = Task.objects.order_by("pk").first()
    cases.claim(task=task.pk, actor=people.operator, now=NOW)
    assert "全1件" in page(people.operator, whose="mine")
    assert "全3件" in page(people.operator, whose="free")
    assert "全1件" in page(people.operator, q="08-000002")
    assert "全1件" in page(people.operator, q="2")
    assert "全4件" in page(people.operator, procedure="kodomo-iryo", step="receive_check")
    assert "条件に合うものはありません" in page(people.operator, ward="東区")
    cases.hold(task=task.pk, reason="本人に確認中", actor=people.operator, now=NOW)
    assert "本人に確認中" in page(people.operator, whose="held")
    assert "全3件" in page(people.operator)


def test_whoever_is_at_work_is_shown_by_the_name_one_may_know(people, opened):
    opened(1)
    cases.claim(task=Task.objects.get().pk, actor=people.operator, now=NOW)
    assert "受託 operator が作業中" in page(people.operator2)


def test_the_most_urgent_by_weight_comes_first(people, opened):
    opened(2)
    cases.set_route(procedure="kodomo-iryo", unit=people.unit, contract=people.contract, since=DAY, lead_days=90)
    heavy = opened(1)[0]
    assert Case.objects.get(pk=heavy).lead_days == 0  # arrived twelve days before the weight was set
    weighty = opened(1)[0]
    first = cases.claim_next(actor=people.operator, now=NOW)
    assert Task.objects.get(pk=first).case_id == weighty


def test_a_skill_is_asked_for(people, opened):
    opened(1)
    Task.objects.update(skill="iryo", skill_level=2)
    assert cases.claim_next(actor=people.operator, now=NOW) is None
    assert "待っている作業はありません" in page(people.operator)
    assert "08-000001" in page(people.manager)
    set_skill(actor=people.manager, now=NOW, person=people.operator.person, code="iryo", level=2, since=DAY)
    assert "08-000001" in page(people.operator)


def test_ones_own_case_and_ones_own_step_are_not_offered(people, opened):
    opened(2)
    declare_recusal(actor=people.manager, now=NOW, person=people.operator.person, party="P1", reason="own", since=DAY)
    shown = page(people.operator)
    assert "08-000001" not in shown
    assert "08-000002" in shown
    Task.objects.update(not_by=people.operator.person)
    assert "08-000002" not in page(people.operator)
    assert "08-000002" in page(people.operator2)


def test_more_rows_make_no_more_queries(people, opened):
    def queries():
        browser = signed_in(people.operator)
        browser.get(WORK)
        with CaptureQueriesContext(connection) as asked:
            browser.get(WORK)
        return len(asked)

    opened(2)
    few = queries()
    opened(20)
    for task in Task.objects.order_by("pk")[:5]:
        cases.claim(task=task.pk, actor=people.operator, now=NOW)
    assert queries() <= few + 1  # one more: the names of those at work


def test_a_view_is_kept_shared_and_removed(people, opened):
    opened(3)
    browser = signed_in(people.operator)
    answer = browser.post(
        f"{WORK}views/", {"name": "東区の急ぎ", "query": "due=late&page=3", "shared": "on", "pinned": "on"}
    )
    assert answer.status_code == 302
    assert SavedView.objects.get().query == "due=late"
    assert [one.name for one in views_of(people.operator2, "work")] == ["東区の急ぎ"]
    assert views_of(people.clerk, "work") == []
    view = SavedView.objects.get().pk
    assert signed_in(people.operator2).post(f"{WORK}views/{view}/remove/").status_code == 403
    assert signed_in(people.manager).post(f"{WORK}views/{view}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_a_screen(people):
    keep = {"query": "", "shared": False, "pinned": False, "actor": people.clerk, "now": NOW}
    with pytest.raises(Invalid, match="名前"):
        save_view(name=" ", screen="work", **keep)
    with pytest.raises(Invalid, match="保存できません"):
        save_view(name="一覧", screen="elsewhere", **keep)
    save_view(name="一覧", screen="work", **(keep | {"shared": True}))
    assert SavedView.objects.get().unit == people.unit


def test_the_box_opens_a_receipt_and_finds_by_name(people, opened):
    first = opened(3)[0]
    browser = signed_in(people.operator)
    task = Task.objects.get(case_id=first).pk
    answer = browser.post(reverse("desk:open"), {"q": "０８－０００００１"})
    assert answer.headers["Location"] == reverse("desk:task", args=[task])
    assert signed_in(people.personnel).post(reverse("desk:open"), {"q": "1"}).headers["Location"] == reverse(
        "desk:open"
    )
    asked = browser.post(reverse("desk:open"), {"q": "見本"}).content.decode()
    assert "目的を選んでください" in asked
    for text in ("見本", "みほん", "R080302", "20260302"):
        found = browser.post(reverse("desk:open"), {"q": text, "purpose": "case"}).content.decode()
        assert "08-000001" in found, text
        assert "08-000002" not in found, text
    assert (
        "08-000001"
        not in signed_in(people.personnel).post(reverse("desk:open"), {"q": "見本", "purpose": "case"}).content.decode()
    )


def test_a_protected_case_is_hidden_from_the_contractor_and_not_found_by_address(people, opened):
    case = opened(1)[0]
    Case.objects.filter(pk=case).update(protected=True, place_key="東京都千代田区永田町1-7-1")
    address = Case.objects.get(pk=case).place_key
    for actor, text in ((people.operator, "見本"), (people.clerk, address)):
        found = signed_in(actor).post(reverse("desk:open"), {"q": text, "purpose": "case"}).content.decode()
        assert "08-000001" not in found
    assert "（支援措置）" in page(people.operator)
    assert "見本 一郎" not in page(people.operator)


def test_a_lapsed_claim_is_free_again(people, opened):
    opened(1)
    cases.claim_next(actor=people.operator, now=NOW - timedelta(hours=1))
    assert "全1件" in page(people.operator2, whose="free")


def test_a_shared_out_task_is_taken_by_nobody_else(people, opened):
    opened(2)
    one, other = Task.objects.order_by("urgent_on", "pk")
    Task.objects.filter(pk=one.pk).update(assigned_to=people.operator2.person)
    assert cases.claim_next(actor=people.operator, now=NOW) == other.pk
    with pytest.raises(Conflict, match="割り当て"):
        cases.claim(task=one.pk, actor=people.operator, now=NOW)
    assert cases.claim_next(actor=people.operator2, now=NOW) == one.pk


def test_an_official_sees_no_work_of_the_contract(people, opened):
    opened(1)
    with pytest.raises(Denied):
        cases.claim(task=Task.objects.get().pk, actor=people.clerk, now=NOW)
