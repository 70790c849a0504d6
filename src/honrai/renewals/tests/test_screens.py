"""The screens of renewals as a browser sees them, and who is turned away."""

import pytest
from django.urls import reverse

from honrai.platform.events.models import LogEntry
from honrai.platform.signin.testing import signed_in
from honrai.renewals.models import Run
from honrai.renewals.testing import item, judged, renewal_town


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    return renewal_town(city, tmp_path, monkeypatch)


def test_from_the_list_to_why_one_came_out_so(people):
    browser = signed_in(people.clerk)
    first, run = judged(people.clerk, rehearsal=True, note="一回目"), judged(people.clerk)
    assert "重度心身障がい者医療費" in browser.get(reverse("renewals:runs")).content.decode()
    page = browser.get(reverse("renewals:run", args=[run.pk])).content.decode()
    assert "合計 14人" in page
    assert "決裁に出す" in page
    assert "決裁に出す" not in browser.get(reverse("renewals:run", args=[first.pk])).content.decode()
    listed = browser.get(reverse("renewals:items", args=[run.pk]), {"kind": "check"}).content.decode()
    assert "0000007" in listed
    assert "0000001" not in listed
    one = browser.get(reverse("renewals:item", args=[run.pk, item(run, "0000003").pk])).content.decode()
    assert "proposal_09" in one
    assert "本人の限度額" in one
    assert LogEntry.objects.filter(name="renewals.read").count() == 1
    both = browser.get(reverse("renewals:compare"), {"first": first.pk, "second": run.pk}).content.decode()
    assert "違いはありません" in both


def test_starting_and_undoing_from_the_screen(people):
    browser = signed_in(people.clerk)
    assert "重度心身障がい者医療費" in browser.get(reverse("renewals:new")).content.decode()
    given = {"procedure": "judo-iryo", "basis_on": "R080415", "kind": "rehearsal", "note": ""}
    answer = browser.post(reverse("renewals:new"), given)
    run = Run.objects.get()
    assert answer.url == reverse("renewals:run", args=[run.pk])
    done = judged(people.clerk)
    browser.post(reverse("renewals:act", args=[done.pk, "undo"]), {"reason": "古い所得"})
    assert Run.objects.get(pk=done.pk).state == "undone"


def test_contractors_and_other_sections_are_turned_away(people):
    run = judged(people.clerk)
    for actor in (people.operator, people.personnel):
        browser = signed_in(actor)
        assert browser.get(reverse("renewals:run", args=[run.pk])).status_code == 403
        assert browser.post(reverse("renewals:act", args=[run.pk, "submit"])).status_code == 403
    assert signed_in(people.operator).get(reverse("renewals:runs")).status_code == 403
