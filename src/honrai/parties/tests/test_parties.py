"""Residents on real PostgreSQL: taken in, found through indexes, closed by 支援措置, read on the record, facts for cases."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import CITY_A, CITY_B
from django.db import connection

from honrai.exchange.testing import load_bytes, load_records, take_back
from honrai.parties import api
from honrai.parties.api import Asked, Criteria, facts_about, ports, read_person, search
from honrai.parties.models import Gram, Household, Match, Resident, Search
from honrai.parties.operations.matching import wanted_from
from honrai.parties.queries import residents
from honrai.parties.rules.keys import END
from honrai.parties.rules.matching import Wanted
from honrai.parties.rules.searching import OFTEN, SAME
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.api import Kind, system_actor
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.site.demo.extracts import write_cp932
from honrai.site.demo.residents import generate

NOW = datetime(2026, 4, 15, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
DAY = date(2026, 4, 14)
CLERK = Actor(city=CITY_A, kind=Kind.STAFF, day=NOW.date(), person=11, account=1)
GUARD = replace(CLERK, person=12, charges=frozenset({api.PROTECTION}))
WORKER = Actor(city=CITY_A, kind=Kind.CONTRACTOR, day=NOW.date(), person=13, contract=7)
HANAKO, TARO, HIDDEN_ONE = "1000000001", "1000000002", "1000000003"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)


@pytest.fixture
def town(city):
    load_town()
    return city


def person(number, name, kana, birth, home="2000000001", **more):
    return {
        "person_no": number, "household_no": home, "name": name, "kana": kana, "birth": birth, "resident_since": "2020-01-01",
        "insurance": "国民健康保険", "relation": "子",
    } | more  # fmt: skip


def home(number, head, address, **more):
    return {"household_no": number, "head_no": head, "address": address, "size": "2"} | more


def load(layout, records, days=0, city=CITY_A):
    return load_records(
        layout, records, as_of=DAY + timedelta(days), actor=system_actor(city, NOW.date()), now=NOW + timedelta(days)
    )


def load_town(city=CITY_A):
    load("residents-full", [
        person(HANAKO, "髙橋　花子", "タカハシ　ハナコ", "2020-05-01"),
        person(TARO, "髙橋　太郎", "タカハシ　タロウ", "1985-02-03", relation="世帯主"),
        person(HIDDEN_ONE, "李　美", "リ　ミ", "1990-07-07", home="2000000002"),
    ], city=city)  # fmt: skip
    load("households-full", [
        home("2000000001", TARO, "東京都千代田区永田町一丁目7番1号"),
        home("2000000002", HIDDEN_ONE, "東京都千代田区永田町一丁目8番1号", protected="true", welfare="true"),
    ], city=city)  # fmt: skip


def names(found):
    return [hit.name for hit in found.hits]


def look(actor=CLERK, purpose="case", now=NOW, **criteria):
    return search(Criteria(**criteria), purpose=purpose, actor=actor, now=now)


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({"name": "高橋"}, {HANAKO, TARO}),
        ({"name": "髙橋花"}, {HANAKO}),
        ({"name": "李美"}, {HIDDEN_ONE}),
        ({"name": "佐藤"}, set()),
        ({"name": "橋花子太"}, set()),
        ({"kana": "ﾀｶﾊｼ"}, {HANAKO, TARO}),
        ({"kana": "たかはしはな"}, {HANAKO}),
        ({"kana": "ハナコ"}, set()),
        ({"born_on": date(2020, 5, 1)}, {HANAKO}),
        ({"address": "千代田区永田町1-7-1"}, {HANAKO, TARO}),
        ({"number": TARO}, {TARO}),
        ({"kana": "タカハシ", "born_on": date(1985, 2, 3)}, {TARO}),
    ],
)
def test_people_are_found_by_each_key(town, criteria, found):
    assert {hit.number for hit in look(**criteria).hits} == found


@pytest.mark.parametrize(
    ("purpose", "detail", "criteria", "told"),
    [
        ("", "", {"name": "高橋"}, "目的を選んで"),
        ("other", "あ", {"name": "高橋"}, "5文字以上"),
        ("case", "", {}, "1つ以上"),
        ("case", "", {"name": "李"}, "2文字以上"),
        ("case", "", {"kana": " "}, "1つ以上|フリガナ"),
    ],
)
def test_a_search_needs_a_purpose_and_something_to_go_by(town, purpose, detail, criteria, told):
    with pytest.raises(Invalid, match=told):
        search(Criteria(**criteria), purpose=purpose, detail=detail, actor=CLERK, now=NOW)


def test_every_search_and_every_read_is_recorded_with_ids_only(town):
    look(name="高橋")
    read_person(HANAKO, actor=CLERK, now=NOW)
    entry = LogEntry.objects.get(name="parties.searched")
    assert set(entry.data["residents"]) == set(
        Resident.objects.filter(name__startswith="髙橋").values_list("pk", flat=True)
    )
    assert "高橋" not in str(entry.data)
    read = LogEntry.objects.get(name="parties.person_read")
    assert read.subject_id == Resident.objects.get(number=HANAKO).pk


def test_too_many_hits_show_none(town):
    load("residents-daily", [
        person(f"{3000000000 + n}", "鈴木　一", "スズキ　ハジメ", "1970-01-01", change="put") for n in range(51)
    ], days=1)  # fmt: skip
    found = look(kana="スズキ")
    assert (found.hits, found.too_many) == ((), True)
    assert len(look(kana="スズキ", born_on=date(1970, 1, 2)).hits) == 0


def test_searching_often_and_the_same_person_again_and_again_alerts_the_audit(town):
    alerted = [look(name="髙橋花", now=NOW + timedelta(days=n)).alerted for n in range(SAME)]
    assert alerted == [False] * (SAME - 1) + [True]
    later = NOW + timedelta(days=30)
    often = [
        look(replace(CLERK, person=99), kana="タカハシ", now=later + timedelta(seconds=n)).alerted for n in range(OFTEN)
    ]
    assert often == [False] * (OFTEN - 1) + [True]
    assert set(LogEntry.objects.filter(name="parties.search_alert").values_list("data__reason", flat=True)) == {
        "same-person", "often",
    }  # fmt: skip


def test_protection_closes_address_and_household_but_for_its_desk(town):
    shown = look(name="李美").hits[0]
    assert (shown.address, shown.protected) == (api.HIDDEN, True)
    view = read_person(HIDDEN_ONE, actor=CLERK, now=NOW)
    assert (view.address, view.postcode, view.household, view.resident_since) == (api.HIDDEN, "", (), None)
    assert "永田町" in read_person(HIDDEN_ONE, actor=GUARD, now=NOW).address
    assert look(address="千代田区永田町1-8-1").hits == ()
    assert len(look(GUARD, address="千代田区永田町1-8-1").hits) == 1


def test_a_contractor_finds_only_people_of_cases_of_the_contract(town, monkeypatch):
    monkeypatch.setattr(ports, "visible_cases", lambda actor, cases, now: frozenset(cases) & {501})
    assert look(WORKER, name="高橋").hits == ()
    with pytest.raises(NotFound):
        read_person(HANAKO, actor=WORKER, now=NOW)
    Match.objects.create(case=501, number=HANAKO, at=NOW)
    Match.objects.create(case=502, number=TARO, at=NOW)
    assert names(look(WORKER, name="高橋")) == ["髙橋　花子"]
    view = read_person(HANAKO, actor=WORKER, now=NOW)
    assert (view.household, view.cases) == ((), (501,))
    with pytest.raises(NotFound):
        read_person(TARO, actor=WORKER, now=NOW)


def test_applicants_and_robots_never_search_and_nobody_finds_relatives(town):
    for kind in (Kind.APPLICANT, Kind.ROBOT):
        with pytest.raises(Denied):
            look(Actor(city=town, kind=kind, day=NOW.date()), name="高橋")
    related = replace(CLERK, recused=frozenset({HANAKO}))
    assert names(look(related, name="高橋")) == ["髙橋　太郎"]
    with pytest.raises(NotFound):
        read_person(HANAKO, actor=related, now=NOW)


def test_a_merged_number_finds_the_person(town):
    load("person-merges", [{"change": "put", "old_no": "1999999999", "new_no": HANAKO, "merged_on": "2026-04-01"}])
    assert names(look(number="1999999999")) == ["髙橋　花子"]
    assert read_person("1999999999", actor=CLERK, now=NOW).number == HANAKO


def test_changes_move_the_name_index_and_undo_moves_it_back(town):
    second = load("residents-full", [
        person(HANAKO, "山本　花子", "ヤマモト　ハナコ", "2020-05-01"),
        person(TARO, "髙橋　太郎", "タカハシ　タロウ", "1985-02-03", relation="世帯主"),
    ], days=1)  # fmt: skip
    assert {hit.number for hit in look(name="高橋").hits} == {TARO}
    assert {hit.number for hit in look(name="山本").hits} == {HANAKO}
    assert not look(name="李美").hits
    take_back(second, actor=system_actor(CITY_A, NOW.date()), now=NOW)
    assert {hit.number for hit in look(name="高橋").hits} == {HANAKO, TARO}
    assert {hit.number for hit in look(name="李美").hits} == {HIDDEN_ONE}
    assert not look(name="山本").hits


def test_one_city_never_finds_people_of_another(committed):
    with in_city(CITY_A):
        load_town()
    with in_city(CITY_B):
        other = replace(CLERK, city=CITY_B)
        assert look(other, name="高橋").hits == ()
        assert look(other, kana="タカハシ").hits == ()
        assert Resident.objects.count() + Household.objects.count() + Gram.objects.count() == 0
        with pytest.raises(NotFound):
            read_person(HANAKO, actor=other, now=NOW)


FACTS = (
    "resident.found", "resident.city", "resident.registered_on", "resident.protected", "insurance.status",
    "insurance.insurer_number", "welfare.receiving", "public_fund.full", "overlap.scheme", "recipient.active", "x.unknown",
)  # fmt: skip


def ask(case=1, fresh=None, **values):
    subject = wanted_from({f"child.{k}": v for k, v in values.items()}, "child", "guardian")
    asked = Asked(case, "kodomo-iryo", FACTS, subject, "", NOW.date(), fresh or {})
    return facts_about(asked, now=NOW)


def test_facts_about_a_child_come_from_last_nights_extracts(town):
    load(
        "other-benefits",
        [{"benefit_no": "1", "person_no": HANAKO, "scheme": "ひとり親家庭等医療", "since": "2025-04-01"}],
    )
    load("child-medical-ledger", [{
        "recipient_no": "0000001", "person_no": HANAKO, "name": "髙橋　花子", "birth": "2020-05-01", "since": "2020-05-01",
        "insurer_no": "01430016", "state": "有効",
    }])  # fmt: skip
    assert ask(kana="タカハシ ハナコ", born="2020-05-01") == {
        "resident.found": True, "resident.city": True, "resident.registered_on": "2020-01-01", "resident.protected": False,
        "insurance.status": "加入", "insurance.insurer_number": "01430016", "welfare.receiving": False,
        "public_fund.full": False, "overlap.scheme": "ひとり親", "recipient.active": True,
    }  # fmt: skip
    assert Match.objects.get(case=1).number == HANAKO
    assert LogEntry.objects.filter(name="parties.person_read", case_id=1).count() == 1


def test_nobody_found_is_a_fact_unclear_is_none(town):
    assert ask(kana="スズキ　イチロウ", born="2019-01-01") == {"resident.found": False, "resident.city": False}
    assert ask(kana="タカハシ　ハナコ", born="2020-01-05") == {}
    assert ask(kana="", born="2020-05-01") == {}
    assert Match.objects.count() == 0


def test_protection_is_told_to_casework(town):
    found = ask(kana="リ　ミ", name="李　美", born="1990-07-07")
    assert (found["resident.protected"], found["welfare.receiving"]) == (True, True)


def test_old_extracts_and_none_tell_nothing(city):
    assert ask(kana="タカハシ　ハナコ", born="2020-05-01") == {}
    load_town()
    stale = ask(kana="タカハシ　ハナコ", born="2020-05-01", fresh={"resident.protected": 0, "resident.found": 1})
    assert "resident.protected" not in stale
    assert stale["resident.found"] is True


def test_the_demo_city_is_taken_in_whole(city, tmp_path):
    people = generate(300, 11, DAY)
    write_cp932(people, tmp_path)
    for name in ("residents", "households"):
        content = (tmp_path / f"{name}.csv").read_bytes()
        done = load_bytes(f"{name}-full", content, as_of=DAY, actor=system_actor(city, NOW.date()), now=NOW)
        assert done.rejected == 0
    assert Resident.objects.count() == 300
    assert Household.objects.count() == people.households.height
    one = people.residents.row(5, named=True)
    found = facts_about(
        Asked(1, "kodomo-iryo", ("resident.found",), Wanted(), one["person_no"], NOW.date(), {}), now=NOW
    )
    assert found == {"resident.found": True}


def test_two_character_names_are_found_through_an_index_in_a_city_of_100_000(committed, owner):
    with connection.cursor() as cursor, in_city(CITY_A):
        cursor.execute(
            "INSERT INTO parties_resident (city_id, number, household_number, relation, name, kana, romaji, alias, name_key,"
            " kana_key, sex, born_on, born_as_recorded, nationality, insurance, disability, disability_grade)"
            " SELECT 1, n::text, n::text, '', chr(19968 + n %% 900) || chr(20968 + n %% 700), '', '', '',"
            " chr(19968 + n %% 900) || chr(20968 + n %% 700), chr(12450 + n %% 80) || chr(12450 + n %% 70) || n::text, '',"
            " date '1950-01-01' + n %% 25000, '', '', '', '', '' FROM generate_series(1, 100000) n", []
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO parties_gram (city_id, gram, resident_id) SELECT 1, name_key, id FROM parties_resident"
        )
    owner.execute("ANALYZE parties_resident, parties_gram")
    with in_city(CITY_A):
        for criteria, index in (
            (Criteria(name=chr(19968 + 5) + chr(20968 + 5)), "residents_by_gram"),
            (Criteria(kana="アア1"), "residents_by_kana"),
            (Criteria(born_on=date(1980, 1, 1)), "residents_by_birth"),
        ):
            rows = residents(criteria).order_by("kana_key", "id")[:51]
            plan = rows.explain()
            assert index in plan, plan
            assert "Seq Scan" not in plan, plan
        assert residents(Criteria(name=chr(19968 + 5) + chr(20968 + 5))).count() >= 1
    assert END > "ン"
    assert Search.app_grants == "SELECT, INSERT"
