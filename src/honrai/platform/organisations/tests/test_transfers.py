"""発令: reading, preview with errors per line, applying; what happens at 00:00 of April 1."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api
from honrai.platform.organisations.models import Assignment, Person
from honrai.platform.organisations.testing import NOW, small_city
from honrai.platform.organisations.transfer_rules import Action, BadFile, Held, Line, Standing, plan, read_lines

APRIL = date(2027, 4, 1)
EVE = APRIL - timedelta(days=1)
HEAD = "職員番号,氏名,フリガナ,発令区分,職コード\r\n"


@pytest.fixture
def people(city):
    return small_city(city)


def _load(people, text, number="令和9年4月1日発令", encoding="utf-8", actor=None):
    return api.load_transfers(
        actor=actor or people.personnel,
        now=NOW,
        number=number,
        effective_on=APRIL,
        content=(HEAD + text).encode(encoding),
    )


CHAIN = "S-head,,,退職,\r\nS-clerk1,職員 clerk1,,異動,head\r\nS-clerk2,,,異動,clerk1\r\nN-1,新人 一郎,シンジン,採用,clerk2\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_chain_takes_effect_at_midnight_and_work_stays_with_the_posts(people, encoding):
    order = _load(people, CHAIN, encoding=encoding)
    planned = api.preview_transfers(actor=people.personnel, order=order)
    assert planned.sound
    assert planned.leavers == ("S-head",)
    assert api.holder_of(people.posts["head"], APRIL) == people.head.person  # nothing has changed yet
    assert api.apply_transfers(actor=people.personnel, now=NOW, order=order) == 4
    hired = Person.objects.get(number="N-1").pk
    before, after = (
        [api.holder_of(people.posts[p], day) for p in ("head", "clerk1", "clerk2")] for day in (EVE, APRIL)
    )
    assert before == [people.head.person, people.clerk.person, people.second.person]
    assert after == [people.clerk.person, people.second.person, hired]
    assert api.actor_for(people.head.account, people.city, EVE).posts == {people.posts["head"]}
    with pytest.raises(api.NoPlace):
        api.actor_for(people.head.account, people.city, APRIL)
    [entry] = LogEntry.objects.filter(name="organisations.transfers_applied")
    assert entry.data["leavers"] == [people.head.person]
    assert entry.data["posts"] == sorted(people.posts[p] for p in ("head", "clerk1", "clerk2"))
    with pytest.raises(Conflict, match="適用済み"):
        api.apply_transfers(actor=people.personnel, now=NOW, order=order)
    with pytest.raises(Conflict, match="適用済み"):
        _load(people, CHAIN)


def test_concurrent_and_acting_posts(people):
    first = _load(people, "S-clerk1,,,代理,head\r\nS-head,,,兼務,personnel\r\nS-personnel,,,退職,\r\n", number="1")
    api.apply_transfers(actor=people.personnel, now=NOW, order=first)
    assert {p.kind for p in api.organisation_on(APRIL, people=[people.head.person])} == {"main", "concurrent"}
    acting = api.actor_for(people.clerk.account, people.city, APRIL)
    assert any(seat.acting and seat.post == people.posts["head"] for seat in acting.seats)


def test_ending_concurrent_and_acting_posts(people):
    api.apply_transfers(actor=people.personnel, now=NOW, order=_load(people, "S-clerk1,,,代理,head\r\n", number="1"))
    stop = api.load_transfers(
        actor=people.personnel,
        now=NOW,
        number="2",
        effective_on=date(2027, 10, 1),
        content=(HEAD + "S-clerk1,,,代理解除,head\r\nS-clerk1,,,兼務解除,head\r\n").encode(),
    )
    planned = api.preview_transfers(actor=people.personnel, order=stop)
    assert [bool(item.errors) for item in planned.lines] == [False, True]
    with pytest.raises(Conflict, match="誤り"):
        api.apply_transfers(actor=people.personnel, now=NOW, order=stop)


WRONG = [
    ("S-clerk1,,,昇天,head", "発令区分"),
    ("S-nobody,,,異動,head", "職員はいません"),
    ("S-clerk1,別人,,異動,head", "氏名が登録と違います"),
    ("S-clerk1,,,異動,nowhere", "職コード"),
    ("S-clerk1,,,異動,head", "2人になります"),
    ("S-clerk1,,,採用,head", "登録済み"),
    ("N-2,,,採用,head", "氏名が必要"),
    (",,,退職,", "職員番号がありません"),
    ("A-003,,,異動,head", "受託者"),
    ("S-clerk1,,,兼務解除,clerk1", "就いていません"),
    ("S-clerk1,,,代理,clerk1", "すでにこの職"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_errors_are_told_by_line_and_nothing_is_applied(people, line, message):
    order = _load(people, f"S-second,,,退職,\r\n{line}\r\n".replace("S-second", "S-clerk2"))
    first, second = api.preview_transfers(actor=people.personnel, order=order).lines
    assert first.errors == ()
    assert any(message in error for error in second.errors), second.errors
    assert second.line.line == 3
    count = Assignment.objects.count()
    with pytest.raises(Conflict):
        api.apply_transfers(actor=people.personnel, now=NOW, order=order)
    assert Assignment.objects.count() == count


def test_a_list_can_be_loaded_again_until_it_is_applied(people):
    _load(people, "S-clerk1,,,異動,head\r\n")
    order = _load(people, CHAIN)
    assert len(api.preview_transfers(actor=people.personnel, order=order).lines) == 4


def test_only_those_charged_with_transfers(people):
    order = _load(people, CHAIN)
    for actor in (people.head, people.manager, people.operator):
        for call in (api.preview_transfers, lambda **k: api.apply_transfers(now=NOW, **k)):
            with pytest.raises(Denied):
                call(actor=actor, order=order)
    with pytest.raises(Denied):
        _load(people, CHAIN, actor=people.head)
    with pytest.raises(NotFound):
        api.preview_transfers(actor=people.personnel, order=999_999)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "見出し"),
        (b"\x81", "文字コード"),
        (HEAD.encode(), "行がありません"),
        ("職員番号\r\n1\r\n".encode(), "発令区分"),
    ],
)
def test_files_that_are_no_list(content, message):
    with pytest.raises(BadFile, match=message):
        read_lines(content)


def test_a_bad_file_is_an_invalid_request(people):
    with pytest.raises(Invalid, match="見出し"):
        api.load_transfers(actor=people.personnel, now=NOW, number="1", effective_on=APRIL, content=b"x")


STANDING = Standing(
    names={"1": "一", "2": "二"},
    outsiders=frozenset(),
    posts={"p": "主事", "q": "主事"},
    held=[Held("1", "p", "main"), Held("2", "q", "main")],
)


def _line(number, action, post="", line=2):
    return Line(line, number, "", "", action, post)


def test_two_people_swap_posts():
    swapped = plan([_line("1", "異動", "q"), _line("2", "異動", "p", 3)], STANDING)
    assert swapped.sound
    assert swapped.vacant == ()


def test_a_leaver_gets_no_post_and_leaves_a_vacancy():
    bad = plan([_line("1", "退職"), _line("1", "兼務", "q", 3), _line("2", "退職", "", 4)], STANDING)
    assert any("退職する人" in e for e in bad.lines[1].errors)
    assert bad.vacant == ("p",)
    twice = plan([_line("1", "退職"), _line("1", "退職", "", 3)], STANDING)
    assert not twice.sound
    assert not plan([], STANDING).sound


_PEOPLE, _POSTS = ["1", "2", "3"], ["p", "q", "r", "s"]
_LINES = st.builds(
    Line,
    line=st.just(2),
    number=st.sampled_from([*_PEOPLE, "9"]),
    name=st.just("新人"),
    kana=st.just(""),
    action=st.sampled_from(Action),
    post=st.sampled_from(_POSTS),
)


@given(st.lists(_LINES, max_size=6))
@settings(max_examples=300)
def test_a_sound_list_never_leaves_a_post_doubled_or_a_person_in_two_main_posts(lines):
    held = [Held("1", "p", "main"), Held("2", "q", "main"), Held("2", "r", "concurrent"), Held("1", "q", "acting")]
    standing = Standing(dict.fromkeys(_PEOPLE, "新人"), frozenset(), dict.fromkeys(_POSTS, "職"), held)
    found = plan(lines, standing)
    if not found.sound:
        assert not lines or any(item.errors for item in found.lines)
        return
    ended = {held for item in found.lines for held in item.ends}
    after = [h for h in held if h not in ended] + [item.starts for item in found.lines if item.starts]
    holders = [h.post for h in after if h.kind != "acting"]
    mains = [h.number for h in after if h.kind == "main"]
    assert len(holders) == len(set(holders))
    assert len(mains) == len(set(mains))
    assert len({(h.number, h.post) for h in after}) == len(after)
    assert not {h.number for h in after} & set(found.leavers)
    assert set(found.vacant) == {h.post for h in ended if h.kind != "acting"} - set(holders)


def test_a_long_list_is_applied_by_a_job_and_stopped_before_anything_is_written(people, monkeypatch):
    from honrai.platform import clock
    from honrai.platform.organisations import tasks
    from honrai.platform.organisations.views import transfers as views
    from honrai.platform.signin.testing import signed_in

    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(views, "LONG", 1)
    order = _load(people, CHAIN)
    browser, page = signed_in(people.personnel), f"/organisation/transfers/{order}/"
    assert "順番を待っています" in browser.post(f"{page}apply/", follow=True).content.decode()
    with pytest.raises(Conflict, match="適用中"):
        api.order_transfers(actor=people.personnel, now=NOW, order=order)
    with pytest.raises(Denied):
        api.stop_transfers(actor=people.clerk, now=NOW, order=order)
    assert "中止しています" in browser.post(f"{page}stop/", follow=True).content.decode()
    tasks.carry_out(order)
    assert "1件も適用されていません" in browser.get(page).content.decode()
    assert browser.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    assert not Assignment.objects.filter(period__startswith=APRIL).exists()
    assert not Person.objects.filter(number="N-1").exists()
    with pytest.raises(Conflict, match="適用中ではありません"):
        api.stop_transfers(actor=people.personnel, now=NOW, order=order)
    browser.post(f"{page}apply/")
    assert "順番を待っています" in browser.get(f"{page}progress/").content.decode()
    for _ in range(2):
        tasks.carry_out(order)
    assert "に適用しました" in browser.get(page).content.decode()
    assert LogEntry.objects.filter(name="organisations.transfers_applied").count() == 1
