"""Who is meant: two independent keys, nobody else as near; anything less goes before a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.parties.rules.keys import grams, kana_key, name_key, place_key
from honrai.parties.rules.matching import Candidate, Wanted, judge, nearly_born

BORN = date(2020, 5, 1)
SAME = Wanted("ヤマダハナコ", "山田花子", BORN, "x1-2-3")


def one(number="1", kana="ヤマダハナコ", name="山田花子", born=BORN, place="x1-2-3"):
    return Candidate(number, kana, (name,), born, place)


@pytest.mark.parametrize(
    ("wanted", "found", "state"),
    [
        (SAME, [one()], "found"),
        (SAME, [one(place="elsewhere")], "found"),
        (SAME, [one(name="山田華子")], "found"),
        (SAME, [one(kana="")], "found"),
        (SAME, [], "none"),
        (SAME, [one(kana="サトウ", name="佐藤", place="y")], "none"),
        (SAME, [one(kana="ヤマダタロウ", name="山田太郎")], "unclear"),  # a twin: birth and place only
        (SAME, [one(born=date(1980, 1, 1), place="y")], "none"),
        (SAME, [one(born=date(1980, 1, 1))], "unclear"),  # name and place, another day of birth
        (SAME, [one(born=date(2021, 5, 1), place="y")], "unclear"),  # a year out
        (SAME, [one(born=date(2020, 1, 5), place="y")], "unclear"),  # day and month changed over
        (SAME, [one("1"), one("2")], "unclear"),
        (SAME, [one("1"), one("2", place="y")], "found"),
        (Wanted("ヤマダハナコ", "", None, "x1-2-3"), [one()], "found"),
        (Wanted("ヤマダハナコ", "", None, "x1-2-3"), [one("1"), one("2", born=date(1950, 1, 1))], "unclear"),
        (Wanted("", "", BORN, "x1-2-3"), [one()], "unclear"),
    ],
)
def test_who_is_meant(wanted, found, state):
    assert judge(wanted, found).state == state


_texts = st.sampled_from(["", "ヤマダ", "サトウ"])
_days = st.sampled_from([None, date(2020, 5, 1), date(2020, 1, 5), date(1990, 1, 1)])
_places = st.sampled_from(["", "a", "b"])
_candidates = st.lists(
    st.builds(
        Candidate, st.text("123456789", min_size=1, max_size=4), _texts, _texts.map(lambda t: (t,)), _days, _places
    ),
    unique_by=lambda c: c.number,
)


@given(st.builds(Wanted, _texts, _texts, _days, _places), _candidates)
def test_nobody_is_found_on_one_key_and_never_one_of_two_alike(wanted, found):
    judged = judge(wanted, found)
    if judged.state == "found":
        assert len(judged.keys) >= 2
        chosen = next(c for c in found if c.number == judged.number)
        alike = [
            c
            for c in found
            if (c.kana, c.names, c.born_on, c.place) == (chosen.kana, chosen.names, chosen.born_on, chosen.place)
        ]
        assert alike == [chosen]


def test_slips_of_the_day_of_birth():
    assert nearly_born(date(2020, 5, 1), date(2019, 5, 1))
    assert nearly_born(date(2020, 5, 1), date(2020, 1, 5))
    assert not nearly_born(date(2020, 5, 1), date(2020, 5, 1))
    assert not nearly_born(date(2020, 5, 1), date(1960, 11, 30))
    assert not nearly_born(None, date(2020, 5, 1))


def test_keys_join_spellings():
    assert name_key("髙橋　𠮷子", "", "TAKAHASHI Yoshiko").startswith("高橋吉子|")
    assert grams("山田|ab") == ("山田", "ab")
    assert grams("李") == ()
    assert kana_key("ﾔﾏﾀﾞ ﾊﾅｺ") == kana_key("ヤマダ　ハナコ")
    assert place_key("") == ""
