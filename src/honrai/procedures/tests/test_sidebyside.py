"""Side by side, nothing is lost: from the lines and rows shown both sides can be read again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.procedures.rules.sidebyside import compare, lines_between, rows_between
from honrai.procedures.rules.wards import Word, matrix, open_differences, ward_record

from .packs import pack
from .test_gate import FLOW, TABLE, broken

LINES = st.lists(st.sampled_from(["一", "二", "三", ""]), max_size=12)
ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=8)


@settings(max_examples=60, deadline=None)
@given(LINES, LINES)
def test_both_texts_can_be_read_from_the_lines(old, new):
    shown = lines_between("\n".join(old), "\n".join(new), around=100)
    if "\n".join(old).splitlines() == "\n".join(new).splitlines():
        assert shown == ()
        return
    before = [line.text for line in shown if line.mark in {"same", "removed"}]
    after = [line.text for line in shown if line.mark in {"same", "added"}]
    assert (before, after) == ("\n".join(old).splitlines(), "\n".join(new).splitlines())


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_both_tables_can_be_read_from_the_rows(old, new):
    shown = rows_between(old, new, 2)
    before = [tuple(cell.before for cell in row.cells) for row in shown if row.mark != "added"]
    after = [tuple(cell.after for cell in row.cells) for row in shown if row.mark != "removed"]
    assert (before, after) == (old, new)
    assert all(any(cell.changed for cell in row.cells) == (row.mark != "same") for row in shown)


def test_a_changed_cell_is_shown_in_its_row_and_a_changed_step_in_the_flow():
    found = compare(
        pack("kodomo-iryo"), broken((TABLE, '"市外"</text></inputEntry>', '"確認できない"</text></inputEntry>'))
    )
    changed = [row for table in found.tables for row in table.rows if row.mark == "changed"]
    assert len(changed) == 1
    assert sum(cell.changed for cell in changed[0].cells) == 1
    assert found.count == 1
    moved = compare(pack("kodomo-iryo"), broken((FLOW, ' honrai:minutes="2"', ' honrai:minutes="5"')))
    assert len(moved.flow) == 1


def test_equal_packs_have_no_difference():
    assert compare(pack("kodomo-iryo"), pack("kodomo-iryo")).count == 0


def test_each_ward_is_decided_by_itself_and_a_word_counts_for_what_was_said():
    own, east = pack("kodomo-iryo"), broken(("procedure.yaml", "retention_years: 5", "retention_years: 7"))
    west = broken(("procedure.yaml", "retention_years: 5", "retention_years: 10"))
    packs = {"東区": east, "西区": west, "南区": own}
    (row,) = matrix(own, packs, {})
    assert [cell.differs for cell in row.cells] == [True, True, False]
    assert len(open_differences([row])) == 1
    key = (row.part, row.element)
    words = {("東区", *key): Word("7", True, "区の規程"), ("西区", *key): Word("9", True, "古い内容への判断")}
    (row,) = matrix(own, packs, words)
    assert row.open
    assert "西区" in open_differences([row])[0].message
    words[("西区", *key)] = Word("10", False)
    (row,) = matrix(own, packs, words)
    assert not row.open
    record = ward_record([row]).decode()
    assert "区の規程" in record
    assert "西区" not in record
