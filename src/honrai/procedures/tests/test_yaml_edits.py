"""Edits of YAML touch the element meant and no other byte."""

import difflib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.errors import Invalid
from honrai.procedures.rules import yaml_edits as edits
from honrai.procedures.rules.revisions import undo_stack
from honrai.procedures.tests import packs

YAML_FILES = [
    (code, name)
    for code in packs.CITY
    for name in packs.files(code)
    if name.endswith(".yaml") and name != "procedure.yaml"
]
FORM = packs.files("kodomo-iryo")["form.yaml"].decode()
FIELDS = [
    ("sections", s, "fields", f)
    for s, section in enumerate(yaml.safe_load(FORM)["sections"])
    for f in range(len(section["fields"]))
]


def _changed_lines(before: str, after: str) -> list[str]:
    return [
        line
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]


@pytest.mark.parametrize(("code", "name"), YAML_FILES)
def test_a_change_that_changes_nothing_keeps_every_byte(code, name):
    text = packs.files(code)[name].decode()
    assert edits.set_keys(text, (), {}) == text


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12))
def test_one_label_changes_one_line_and_reads_back_as_typed(path, label):
    after = edits.set_keys(FORM, path, {"label": label})
    assert len(_changed_lines(FORM, after)) in (0, 2)
    read = yaml.safe_load(after)
    for part in path:
        read = read[part]
    assert read["label"] == label
    assert isinstance(read["label"], str)


@pytest.mark.parametrize("text", ["12:30", "0123", "yes", "null", "1_000", "2026-04-01", "~", "a: b", "# x", "- x", ""])
def test_a_text_stays_a_text(text):
    after = edits.set_keys("a: b\n", (), {"a": text or None, "c": text})
    assert yaml.safe_load(after) == ({"a": text, "c": text} if text else None) or (not text and after.strip() == "{}")


def test_a_new_key_goes_where_it_usually_stands_and_an_empty_one_goes_out():
    order = ("id", "label", "type", "required", "hint")
    after = edits.set_keys(FORM, FIELDS[0], {"hint": "一つだけ", "required": None}, order)
    assert _changed_lines(FORM, after)[1] == (
        "+      - {id: application.kind, label: 申請の区分, type: choice, hint: 一つだけ, options: [新規, 変更, 再交付, 喪失]}"
    )


def test_entries_come_go_and_move_alone():
    path = ("sections", 1, "fields")
    added = edits.insert(FORM, path, {"id": "child.note", "label": "メモ", "type": "text"})
    assert _changed_lines(FORM, added) == ["+      - {id: child.note, label: メモ, type: text}"]
    assert edits.remove(added, (*path, 5)) == FORM
    moved = edits.move(FORM, (*path, 0), 1)
    assert sorted(moved.splitlines()) == sorted(FORM.splitlines())
    assert edits.move(moved, (*path, 1), -1) == FORM
    assert edits.move(FORM, (*path, 0), -1) == FORM


def test_comments_stay_with_the_file():
    text = "# 先頭\na:\n  label: x  # 右\n  values:\n    - {from: 2023-12-01, value: 700}  # 行\n"
    after = edits.insert(text, ("a", "values"), {"from": edits.scalar("2026-04-01"), "value": edits.scalar("1.050")})
    assert after == text + "    - {from: 2026-04-01, value: 1.050}\n"


def test_a_new_top_entry_and_a_list_that_was_not_there():
    after = edits.put_key("a: {b: 1}\n", "c.d", {"label": "名", "values": [{"from": 1}]})
    assert yaml.safe_load(after) == {"a": {"b": 1}, "c.d": {"label": "名", "values": [{"from": 1}]}}
    with pytest.raises(Invalid):
        edits.put_key(after, "a", {})
    assert yaml.safe_load(edits.insert("", ("sections",), {"id": "x"})) == {"sections": [{"id": "x"}]}


def test_what_cannot_be_edited_says_so():
    for call in (
        lambda: edits.set_keys("a: [", (), {"a": "b"}),
        lambda: edits.set_keys("a: 1", ("b", 3), {"a": "b"}),
        lambda: edits.remove("a: 1", ("b",)),
        lambda: edits.move("a: [1]", ("a", 7), 1),
        lambda: edits.insert("a: 1", ("a",), {"x": "y"}),
        lambda: edits.scalar("[1"),
    ):
        with pytest.raises(Invalid):
            call()


def test_undo_goes_back_step_by_step_and_through_what_was_undone():
    done = [("a", "b"), ("b", "c")]
    assert undo_stack(done) == ("a", "b", "c")
    assert undo_stack([*done, ("c", "b")]) == ("a", "b")
    assert undo_stack([*done, ("c", "b"), ("b", "a")]) == ("a",)
    assert undo_stack([*done, ("c", "b"), ("b", "d")]) == ("a", "b", "d")
    assert undo_stack([]) == ()
