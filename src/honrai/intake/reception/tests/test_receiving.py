"""Taking in at the counter, on the telephone, by post and from other systems: state, audit, event, refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from honrai.cases.models import Case
from honrai.cases.testing import PDF, VALUES
from honrai.intake import api
from honrai.intake.models import Application
from honrai.intake.reception.models import Duplicate, Mail, Reception
from honrai.intake.reception.receiving import PAGE
from honrai.platform.authority.api import Conflict, Denied, Invalid, Kind
from honrai.platform.cities.models import City
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW

VISITOR = api.Visitor(manner="one", documents=("licence",))
TODAY = NOW.date()


def _begin(actor, channel="counter", token="c" * 30, **more):
    return api.begin(procedure="kodomo-iryo", channel=channel, token=token, actor=actor, now=NOW, **more)


def _whole(actor, channel="counter", token="c" * 30, visitor=VISITOR, values=VALUES, **more):
    key = _begin(actor, channel, token, **more)
    if channel != "post":
        api.identify(application=key, visitor=visitor, actor=actor, now=NOW)
    api.keep(application=key, values=values, actor=actor, now=NOW)
    return key, api.take_in(application=key, actor=actor, now=NOW)


def test_the_counter_opens_one_case_however_often_it_is_sent(town):
    key, receipt = _whole(town.clerk)
    assert api.take_in(application=key, actor=town.clerk, now=NOW) == receipt
    assert len(receipt.secret) == 10
    assert Case.objects.get().channel == "counter"
    assert LogEntry.objects.filter(name="reception.identified").get().data["documents"] == ["licence"]
    later = api.take_in(application=key, actor=town.clerk, now=NOW + timedelta(hours=2))
    assert (later.number, later.secret) == (receipt.number, "")


def test_nobody_is_taken_in_unidentified_and_nothing_without_a_name(town):
    key = _begin(town.clerk)
    with pytest.raises(Invalid, match="本人確認"):
        api.take_in(application=key, actor=town.clerk, now=NOW)
    api.identify(application=key, visitor=VISITOR, actor=town.clerk, now=NOW)
    with pytest.raises(Invalid, match="だれの申請"):
        api.take_in(application=key, actor=town.clerk, now=NOW)
    assert not Case.objects.exists()


def test_an_agent_is_noted_with_the_mandate_and_without_any_number(town):
    agent = replace(
        VISITOR,
        acting="mandated",
        agent_name="本来　三郎",
        agent_relation="弟",
        agent_proof="mandate",
        agent_scope="申請と証の受領",
        note="個人番号 123456789018 を見せた",
    )
    key = _begin(town.clerk)
    with pytest.raises(Invalid, match="個人番号"):
        api.identify(application=key, visitor=agent, actor=town.clerk, now=NOW)
    api.identify(application=key, visitor=replace(agent, note=""), actor=town.clerk, now=NOW)
    row = Reception.objects.get()
    assert (row.acting, row.agent_name, row.agent_scope) == ("mandated", "本来　三郎", "申請と証の受領")


def test_what_is_missing_does_not_hold_up_what_arrived(town):
    _, receipt = _whole(town.clerk, values={"child.name": "本来　花子"})
    assert Case.objects.get(number=receipt.number).values == {"child.name": "本来　花子"}


def test_the_centre_takes_in_what_its_contract_handles_and_nobody_else_opens_it(town):
    key = _begin(town.operator)
    for other in (town.operator2, town.clerk):
        with pytest.raises(Denied):
            api.keep(application=key, values={}, actor=other, now=NOW)
    with pytest.raises(Conflict):
        _begin(town.operator2)
    stranger = replace(town.operator, contract=None, memberships=())
    foreign = replace(town.operator, contract=town.contract + 1)
    for nobody in (stranger, foreign, replace(town.clerk, kind=Kind.APPLICANT)):
        with pytest.raises(Denied):
            _begin(nobody, token="d" * 30)


def test_the_telephone_is_refused_where_the_pack_does_not_offer_it(town):
    with pytest.raises(Invalid, match="この方法では"):
        api.begin(procedure="shugaku-enjo", channel="phone", token="p" * 30, actor=town.clerk, now=NOW)
    _, receipt = _whole(town.clerk, "phone", visitor=api.Visitor(manner="asked", documents=("name", "born", "address")))
    assert Case.objects.get(number=receipt.number).channel == "phone"


def _mail(actor, **more):
    said = {"arrived_on": TODAY, "postmarked_on": TODAY - timedelta(days=3)} | more
    return api.register(procedure="kodomo-iryo", content=PDF, name="紙.pdf", actor=actor, now=NOW, **said)


@pytest.mark.parametrize(("counted", "days"), [([], 0), (["kodomo-iryo"], 3)])
def test_post_arrives_on_the_day_the_city_counts(town, counted, days):
    City.objects.filter(pk=town.city).update(settings={"postmark_counts": counted})
    mail = _mail(town.clerk)
    key, receipt = _whole(town.clerk, "post", mail=mail)
    case = Case.objects.get(number=receipt.number)
    assert case.received_on == TODAY - timedelta(days=days)
    assert [one["id"] for one in case.attachments] == [PAGE]
    assert Mail.objects.get().application_id == key


def test_a_page_is_keyed_by_one_person_and_goes_back_when_given_up(town):
    mail = _mail(town.clerk)
    key = _begin(town.clerk, "post", mail=mail)
    with pytest.raises(Conflict, match="ほかの人が入力"):
        _begin(town.second, "post", token="e" * 30, mail=mail)
    Application.objects.exclude(pk=key).delete()
    api.drop(application=key, actor=town.clerk, now=NOW)
    assert not Application.objects.filter(pk=key).exists()
    assert Mail.objects.get().application is None


@pytest.mark.parametrize(
    "wrong", [{"arrived_on": TODAY + timedelta(days=1)}, {"postmarked_on": TODAY + timedelta(days=1)}]
)
def test_post_with_impossible_dates_is_refused(town, wrong):
    with pytest.raises(Invalid):
        _mail(town.clerk, **wrong)


def _apply(actor, key="k1", values=VALUES, **more):
    return api.apply(procedure="kodomo-iryo", channel="api", key=key, values=values, actor=actor, now=NOW, **more)


def test_another_system_sends_twice_and_applies_once(town):
    paper = api.SentPaper("insurance", "shikaku.pdf", PDF)
    first = _apply(town.clerk, papers=[paper])
    assert _apply(town.clerk, papers=[paper]) == first
    assert Case.objects.count() == 1
    with pytest.raises(Conflict, match="違う内容"):
        _apply(town.clerk, values=VALUES | {"child.name": "本来　次郎"})


def test_what_cannot_be_read_is_named_field_by_field_and_nothing_is_kept(town):
    with pytest.raises(api.Incomplete) as refused:
        _apply(town.clerk, values=VALUES | {"child.born": "きのう", "nonsense": "x"})
    assert ("nonsense", "この様式にない欄です") in refused.value.problems
    assert any(where == "生年月日" for where, _ in refused.value.problems)
    with pytest.raises(api.Incomplete, match="氏名"):
        _apply(town.clerk, values={name: value for name, value in VALUES.items() if name != "child.name"})
    assert not Application.objects.exists()


def test_the_second_application_for_a_child_is_shown_beside_the_first(town):
    _, first = _whole(town.clerk)
    second = _apply(town.clerk, values=VALUES | {"guardian.phone": "096-111-1111"})
    [found] = api.open_pairs(town.clerk, NOW)
    pair = api.side_by_side(found.pk, actor=town.clerk, now=NOW)
    assert {"電話番号" in line.label for line in pair.lines if line.differs} == {True, False}
    assert not api.open_pairs(town.personnel, NOW)
    with pytest.raises(Denied):
        api.side_by_side(found.pk, actor=town.personnel, now=NOW)
    with pytest.raises(Invalid, match="申請者が決める"):
        api.decide(
            duplicate=found.pk,
            verdict="same",
            reason="電話で確認",
            withdrawn=second.application,
            actor=town.clerk,
            now=NOW,
        )
    said = {"duplicate": found.pk, "verdict": "same", "reason": "電話で確認", "withdrawn": second.application}
    with pytest.raises(Denied), transaction.atomic():
        api.decide(**said, consent=True, actor=town.operator, now=NOW)
    api.decide(**said, consent=True, actor=town.clerk, now=NOW)
    assert Case.objects.get(number=second.number).outcome == "取下げ"
    assert Case.objects.get(number=first.number).closed_at is None
    with pytest.raises(Conflict):
        api.decide(duplicate=found.pk, verdict="separate", reason="x", actor=town.clerk, now=NOW)


def test_two_applications_may_be_separate_and_nobody_is_told(town):
    _whole(town.clerk)
    _apply(town.clerk)
    [found] = Duplicate.objects.all()
    api.decide(duplicate=found.pk, verdict="separate", reason="別の子どもです", actor=town.clerk, now=NOW)
    assert not api.open_pairs(town.clerk, NOW)
    assert Case.objects.filter(closed_at=None).count() == 2
    assert LogEntry.objects.filter(name="reception.duplicate_decided").exists()


def test_a_child_of_another_name_or_birthday_is_no_double(town):
    _whole(town.clerk)
    _apply(town.clerk, key="a", values=VALUES | {"child.kana": "ホンライ ジロウ", "child.name": "本来　次郎"})
    _apply(town.clerk, key="b", values=VALUES | {"child.born": "2024-04-10"})
    assert not Duplicate.objects.exists()
