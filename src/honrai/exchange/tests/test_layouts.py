"""Layouts: what they hold, what is refused, and that a file written is the file read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.exchange.rules.layout import SEPARATOR, BadLayout, Layout, layout_on, read_layout
from honrai.exchange.rules.library import layouts
from honrai.exchange.rules.reading import UnreadableFile, read_file, values_of
from honrai.exchange.rules.values import Bad, reader, write_value
from honrai.exchange.rules.writing import write_file
from honrai.kernel.names import Gaiji
from honrai.kernel.personal_number import has_personal_number_check
from honrai.site.demo.extracts import write_cp932
from honrai.site.demo.residents import generate

FIELDS = """
fields:
  - {id: num, label: 番号, kind: digits, length: 4, width: 4, required: true}
  - {id: name, label: 氏名, length: 12, width: 24}
  - {id: born, label: 生年月日, kind: date, form: FORM, width: WIDTH}
  - {id: sum, label: 金額, kind: whole, width: 9}
  - {id: kind, label: 区分, kind: code, width: 1, codes: {"1": 市立, "2": 私立}}
  - {id: flag, label: 有無, kind: yes_no, width: 1, codes: {"1": true, "0": false}}
  - {id: my, label: 個人番号, kind: drop, width: 12}
"""


def make(shape="csv", encoding="utf-8", form="iso", **more) -> Layout:
    width = {"iso": "10", "yyyymmdd": "8", "wareki7": "7"}[form]
    head = {
        "code": "t",
        "title": "試験",
        "direction": "in",
        "source": "t",
        "system": "試験システム",
        "effective_from": "2026-04-01",
        "key": "[num]",
        "shape": shape,
        "encoding": encoding,
    } | more
    text = "\n".join(f"{name}: {value}" for name, value in head.items())
    return read_layout(text + FIELDS.replace("FORM", form).replace("WIDTH", width))


def read_all(content: bytes, layout: Layout):
    chunks = list(read_file(content, layout))
    return [row for chunk in chunks for row in chunk.rows], [bad for chunk in chunks for bad in chunk.refused]


def test_every_layout_of_the_library_can_be_used_and_codes_do_not_overlap():
    for layout in layouts():
        assert layout_on(layouts(), layout.code, layout.effective_from) is layout


@pytest.mark.parametrize(
    ("day", "found"), [(date(2026, 3, 31), None), (date(2026, 4, 1), 2026), (date(2027, 4, 1), 2027)]
)
def test_a_layout_holds_from_its_day_until_the_next_one(day, found):
    known = [make(effective_to="2027-04-01"), make(effective_from="2027-04-01")]
    if found is None:
        with pytest.raises(LookupError, match="適用期間"):
            layout_on(known, "t", day)
    else:
        assert layout_on(known, "t", day).effective_from.year == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: x", "code"),
        ("code: t", "fields"),
        ("code: t\nfields: [{id: a, label: あ, kind: magic}]\nkey: [a]\ndirection: in\nsystem: s\nencoding: utf-8\nshape: csv\n"
         "title: t\neffective_from: 2026-04-01", "magic"),
        ("code: t\nfields: [{id: a, label: あ}, {id: a, label: い}]\nkey: [b]\ndirection: in\nsource: s\nsystem: s\n"
         "encoding: utf-8\nshape: csv\ntitle: t\neffective_from: 2026-04-01", "b が項目にありません"),
    ],
)  # fmt: skip
def test_a_layout_that_cannot_be_is_refused_with_the_place(text, told):
    with pytest.raises(BadLayout, match=told):
        read_layout(text)


def test_a_fixed_layout_needs_widths_that_fit():
    with pytest.raises(BadLayout, match="width"):
        read_layout(
            "code: t\ntitle: t\ndirection: in\nsource: s\nsystem: s\nencoding: cp932\nshape: fixed\n"
            "effective_from: 2026-04-01\nkey: [a]\nfields: [{id: a, label: あ, kind: date, form: iso, width: 8}]"
        )


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("num", "12", "4桁ではありません"),
        ("num", "", "空です"),
        ("num", "１２３４", "数字だけ"),
        ("name", "あ" * 13, "長すぎます"),
        ("name", "123456789018", "個人番号"),
        ("born", "2026-02-30", "暦にない"),
        ("born", "20260230", "日付の書き方"),
        ("sum", "1000.5", "整数"),
        ("kind", "7", "知らない区分です（1・2"),
        ("flag", "yes", "知らない区分"),
    ],
)
def test_a_wrong_cell_is_refused_with_line_field_and_reason(column, cell, reason):
    good = {"num": "0001", "name": "山田　太郎", "born": "2020-01-01", "sum": "10", "kind": "1", "flag": "0", "my": ""}
    lines = [",".join(good.values()), ",".join((good | {"num": "0002", column: cell}).values())]
    rows, bad = read_all("\r\n".join(lines).encode(), make())
    assert [row.key for row in rows] == ["0001"]
    assert [(each.line, each.field) for each in bad] == [(2, column)]
    assert bad[0].reason.startswith(reason)


def test_lines_are_counted_over_quoted_line_ends_and_short_lines_and_doubles_are_refused():
    text = '0001,"山\r\n田",2020-01-01,1,1,1,\r\n0002,x\r\n0003,a,,,,,\r\n0003,b,,,,,\r\n'
    rows, bad = read_all(text.encode(), make())
    assert [(row.line, row.key) for row in rows] == [(4, "0003")]
    assert {(each.line, each.field) for each in bad} == {(1, "name"), (3, ""), (5, "num")}


def test_a_personal_number_box_is_never_kept():
    rows, _ = read_all("0001,山田,,,,,123456789018\r\n".encode(), make())
    assert "123456789018" not in rows[0].content


def test_bytes_that_are_no_characters_are_refused_by_cell():
    rows, bad = read_all("0001,山田,,,,,\r\n".encode("cp932"), make())
    assert not rows
    assert bad[0].field == "name"
    assert "文字コード" in bad[0].reason


def test_another_heading_or_length_refuses_the_whole_file():
    with pytest.raises(UnreadableFile, match="1列目は「番号」のはず"):
        list(read_file("氏名,番号\r\n".encode(), make(header="labels")))
    with pytest.raises(UnreadableFile, match="バイトの倍数"):
        list(read_file(b"0001", make(shape="fixed", encoding="cp932")))
    with pytest.raises(UnreadableFile, match="引用符"):
        list(read_file('0001,"山田,,,,,\r\n'.encode(), make()))


def test_city_characters_pass_through_cp932_and_unknown_ones_are_never_replaced_in_silence():
    layout = make(encoding="cp932")
    record = {"num": "0001", "name": "\ue001山"}
    written = write_file([record], layout)
    assert written.content.startswith(b"0001,\xf0\x41")
    assert values_of(read_all(written.content, layout)[0][0].content, [f.id for f in layout.kept])["name"] == "\ue001山"
    told = write_file([{"num": "0001", "name": "𠮷田"}, {"num": "0002", "name": "\U00030000"}], layout, Gaiji())
    assert [loss.note for loss in told.losses] == ["1文字目 𠮷（U+20BB7）→吉: 縮退"]
    assert [(each.row, each.field) for each in told.left_out] == [(1, "name")]
    assert told.content == "0001,吉田,,,,,\r\n".encode("cp932")


def test_what_does_not_fit_is_left_out_and_named_never_cut():
    layout = make(shape="fixed", encoding="cp932", form="wareki7")
    told = write_file([{"num": "0001", "name": "山" * 13}, {"num": "12", "name": ""}], layout)
    assert told.content == b""
    assert [each.field for each in told.left_out] == ["name", "num"]


_names = st.text("山田髙﨑邉ァｱー・ 　A'\",\ue000\ue123", max_size=12).filter(lambda text: text == text.rstrip(" 　"))
_records = st.lists(
    st.fixed_dictionaries(
        {
            "num": st.integers(0, 9999).map("{:04}".format),
            "name": _names,
            "born": st.one_of(st.just(""), st.dates(date(1873, 1, 1), date(2060, 12, 31)).map(date.isoformat)),
            "sum": st.one_of(st.just(""), st.integers(-9999999, 99999999).map(str)),
            "kind": st.sampled_from(["", "市立", "私立"]),
            "flag": st.sampled_from(["", "true", "false"]),
        }
    ),
    max_size=6,
    unique_by=lambda record: record["num"],
)


@settings(max_examples=30, deadline=None)
@given(
    _records,
    st.sampled_from(["csv", "fixed"]),
    st.sampled_from(["utf-8", "cp932", "utf-8-sig"]),
    st.sampled_from(["iso", "yyyymmdd", "wareki7"]),
    st.sampled_from(["none", "ids", "labels"]),
)
def test_what_is_written_is_what_is_read(records, shape, encoding, form, header):
    if shape == "fixed":
        encoding, header = "cp932", "none"
    layout = make(shape, encoding, form, header=header)
    written = write_file(records, layout)
    assert not written.left_out
    rows, bad = read_all(written.content, layout)
    assert bad == []
    fields = [each.id for each in layout.kept]
    assert [values_of(row.content, fields) for row in rows] == records
    assert [row.key for row in rows] == [record["num"] for record in records]


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["csv", "fixed"]))
def test_any_bytes_are_read_or_refused_never_an_error(content, shape):
    layout = make(shape, "cp932")
    try:
        rows, _ = read_all(content, layout)
    except UnreadableFile:
        return
    assert all(row.content.count(SEPARATOR) == len(layout.kept) - 1 for row in rows)


def test_the_demo_city_is_read_whole(tmp_path: Path):
    people = generate(150, 7, date(2026, 4, 1))
    write_cp932(people, tmp_path)
    for name, frame in (("residents", people.residents), ("households", people.households)):
        layout = layout_on(layouts(), f"{name}-full", date(2026, 4, 2))
        rows, bad = read_all((tmp_path / f"{name}.csv").read_bytes(), layout)
        assert bad == []
        assert len(rows) == frame.height


def test_no_value_written_can_be_a_personal_number():
    field = make().field("name")
    assert has_personal_number_check("123456789018")
    assert isinstance(write_value("123456789018", field), Bad)
    assert isinstance(reader(field)("123456789018"), Bad)
