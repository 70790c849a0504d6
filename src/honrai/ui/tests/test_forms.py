"""Fields take what people type, say how to mend what is wrong, and keep what was typed."""

from datetime import date

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from honrai.ui.forms import EraDateField, ThreeBoxDateField


class Sample(forms.Form):
    one = EraDateField(label="収受日", required=False)
    boxes = ThreeBoxDateField(label="生年月日", required=False)


def _form(one: str = "", boxes: tuple[str, str, str, str] = ("", "", "", "")) -> Sample:
    data = {"one": [one]} | {f"boxes_{n}": [value] for n, value in enumerate(boxes)}
    return Sample(MultiValueDict(data))


@pytest.mark.parametrize("typed", ["R080401", "5080401", "20260401", "令和8年4月1日", "Ｒ８．４．１"])
def test_one_box(typed):
    form = _form(one=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["one"] == date(2026, 4, 1)


def test_a_wrong_date_says_how_and_keeps_what_was_typed():
    form = _form(one="080401")
    assert not form.is_valid()
    assert "R080401" in form.errors["one"][0]
    assert 'value="080401"' in str(form["one"])


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [(("R", "8", "4", "1"), date(2026, 4, 1)), (("", "2026", "4", "1"), date(2026, 4, 1)), (("", "", "", ""), None)],
)
def test_three_boxes(boxes, expected):
    form = _form(boxes=boxes)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["boxes"] == expected


@pytest.mark.parametrize(
    ("boxes", "told"),
    [(("R", "8", "", "1"), "月を入力"), (("R", "8", "2", "30"), "ありません"), (("S", "65", "1", "1"), "昭和")],
)
def test_three_boxes_say_what_is_wrong(boxes, told):
    form = _form(boxes=boxes)
    assert not form.is_valid()
    assert told in form.errors["boxes"][0]
