"""Within a page that is read a question is asked once; outside one, each time."""

from honrai.platform.cities.memory import once, remember, remembering, shelf


def test_a_question_is_asked_once_while_remembering_and_each_time_outside():
    asked = []

    @once
    def double(number, *, plus=0):
        asked.append(number)
        return number * 2 + plus

    assert [double(2), double(2)] == [4, 4]
    assert asked == [2, 2]
    with remembering():
        assert [double(2), double(2), double(3), double(2, plus=1), double(2, plus=1)] == [4, 4, 6, 5, 5]
    assert asked == [2, 2, 2, 3, 2]
    with remembering():
        double(2)
    assert asked == [2, 2, 2, 3, 2, 2]


def test_what_is_known_is_laid_down_and_a_none_is_an_answer_too():
    asked = []

    @once
    def nothing():
        asked.append(1)

    with remembering():
        remember(nothing, "known")
        assert nothing() == "known"
    with remembering():
        assert nothing() is None
        assert nothing() is None
    assert asked == [1]


def test_nobody_keeps_a_shelf_outside():
    shelf("people")[1] = "x"
    assert shelf("people") == {}
