"""The form as people fill it in: rows added and taken out, questions that come and go, nothing typed lost."""

from datetime import date

from django.http import QueryDict

from honrai.procedures.forms import APPLICANT, DESK, STAFF, answers_of, applicable, sheets_of

from .packs import pack

ON = date(2026, 5, 11)


def _sheet(code: str, section: str, data: str | None = None, kept=None, face=APPLICANT):
    made = pack(code)
    [wanted] = [one for one in made.form.sections if one.id == section]
    sent = None if data is None else QueryDict(data)
    [sheet] = sheets_of(made, [wanted], sent, kept or {}, on=ON, face=face)
    return sheet


ROW = (
    "members-{0}-members.name=本来　花子&members-{0}-members.born_0=R&members-{0}-members.born_1=2&"
    "members-{0}-members.born_2=4&members-{0}-members.born_3=1&members-{0}-members.relation=子"
)


def test_a_fresh_page_offers_the_rows_the_pack_asks_for_at_least():
    assert len(_sheet("shugaku-enjo", "members").forms) == 2
    assert len(_sheet("judo-iryo", "members").forms) == 1
    assert len(_sheet("shugaku-enjo", "members", kept={"members": [{"name": "本来　花子"}] * 3}).forms) == 3


def test_rows_travel_as_the_rules_read_them():
    sheet = _sheet("shugaku-enjo", "members", "members-rows=2&" + ROW.format(0) + "&" + ROW.format(1))
    assert sheet.is_valid()
    row = {"name": "本来　花子", "born": "2020-04-01", "relation": "子"}
    assert sheet.values() == {"members": [row, row]}


def test_a_row_is_added_and_taken_out_without_a_script_and_nothing_typed_is_lost():
    data = "members-rows=2&" + ROW.format(0) + "&members-1-members.name=本来　次郎&members-1-members.born_1=abc"
    more = _sheet("shugaku-enjo", "members", data + "&add=members")
    assert more.rearranged
    assert not more.is_valid()
    assert len(more.forms) == 3
    assert more.typed()["members"][1] == {"name": "本来　次郎", "born": "abc//"}
    less = _sheet("shugaku-enjo", "members", data + "&drop=members-0")
    assert [row["name"] for row in less.typed()["members"]] == ["本来　次郎"]
    assert less.forms[0]["members.born"].value() == "abc//"


def test_a_blank_extra_row_is_no_mistake_but_a_needed_one_is():
    full = "members-rows=3&" + ROW.format(0) + "&" + ROW.format(1)
    sheet = _sheet("shugaku-enjo", "members", full)
    assert sheet.is_valid()
    assert len(sheet.values()["members"]) == 2
    assert not _sheet("shugaku-enjo", "members", "members-rows=2&" + ROW.format(0)).is_valid()


def test_more_rows_than_the_pack_allows_are_not_drawn():
    assert len(_sheet("shugaku-enjo", "members", "members-rows=999").forms) == 15
    assert not _sheet("shugaku-enjo", "members", "members-rows=15").room


def test_a_question_comes_and_goes_with_the_answer_it_depends_on():
    bank = "consent.to_school"
    kept = {bank: False}
    assert "account.bank" not in _sheet("shugaku-enjo", "account", kept=kept).hidden()
    assert "account.bank" in _sheet("shugaku-enjo", "account", kept={bank: True}).hidden()
    sheet = _sheet("shugaku-enjo", "account", "account.bank=9900", kept)
    assert {"account.branch", "account.number"} <= set(sheet.hidden())
    assert "account.yucho_symbol" in sheet.forms[0].errors
    assert "account.number" not in sheet.forms[0].errors


def test_what_stands_in_a_hidden_question_is_not_taken():
    sent = "account.bank=9900&account.number=まちがい"
    sent += "&account.yucho_symbol=10000&account.yucho_number=12345671&account.holder=ホンライ"
    sheet = _sheet("shugaku-enjo", "account", sent, {"consent.to_school": False}, STAFF)
    assert sheet.is_valid()
    assert "account.number" not in sheet.values()


def test_the_desk_still_shows_what_was_answered_and_no_longer_applies():
    kept = {"consent.to_school": True, "account.bank": "0001"}
    assert "account.bank" not in _sheet("shugaku-enjo", "account", kept=kept, face=DESK).hidden()


def test_answers_to_questions_not_asked_do_not_belong_to_the_application():
    given = {
        "consent.to_school": True,
        "account.bank": "0001",
        "account.branch": "001",
        "members": [{}, {"name": "甲"}],
    }
    assert applicable(pack("shugaku-enjo"), given, ON) == {"consent.to_school": True, "members": [{"name": "甲"}]}


def test_rows_read_one_after_another():
    [section] = [one for one in pack("shugaku-enjo").form.sections if one.id == "members"]
    told = answers_of(section, {"members": [{"name": "甲", "born": "2020-04-01"}, {"name": "乙", "born": "????"}]})
    assert told == [
        ("1件目　氏名", "甲"),
        ("1件目　生年月日", "令和2年4月1日"),
        ("2件目　氏名", "乙"),
        ("2件目　生年月日", "????"),
    ]
