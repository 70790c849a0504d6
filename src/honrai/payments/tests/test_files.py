"""Bank files to the byte: written, read back, and every bad record found alone."""

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.bank_account import BankAccount
from honrai.payments.rules.banks import account_values, adapters, load_adapters, standard, yucho_debit_values
from honrai.payments.rules.dates import month_day, nearest_day
from honrai.payments.rules.layout import DATA, BadLayout, layouts, load_layout
from honrai.payments.rules.problems import BadFile, FieldError
from honrai.payments.rules.reading import read_file
from honrai.payments.rules.totals import Purpose, Totals
from honrai.payments.rules.writing import Header, write_file
from honrai.payments.tests.sample import DEBIT, TODAY, debit, transfer

VECTOR = [
    "19101322000001ﾋｶﾞｼﾔﾏﾄｼ                                11020001ﾐｽﾞﾎ           001               11234567",
    "20001ﾐｽﾞﾎ           101                   17654321ﾔﾏﾀﾞ ﾀﾛｳ                      00000380000202601000123450300000",
    "29900ﾕｳﾁﾖ           058                   11234567ｻﾄｳ ﾊﾅｺ                       00000394001202601000678900300000",
    "8000002000000077400000000000000000000000000000000000000",
    "9",
]
ROWS = [
    debit("20260100012345030000", 38000, bank_name="ミズホ", holder="ヤマダ　タロウ"),
    {
        **debit("20260100067890030000", 39400, bank_name="ユウチョ", holder="さとう はなこ", new_code="1"),
        **account_values(BankAccount.of_yucho("10530", "12345671")),
    },
]


def vector(newline: str = "\r\n") -> bytes:
    return "".join(line.ljust(120) + newline for line in VECTOR).encode("shift_jis")


def no_newline():
    return replace(standard(), newline="none")


def header_of_vector() -> Header:
    return replace(DEBIT, originator="1322000001")


def test_the_published_example_is_written_to_the_byte():
    written = write_file(header_of_vector(), ROWS, TODAY)
    assert written.content == vector("\r\n")
    assert written.totals == Totals(2, 77400)
    assert write_file(header_of_vector(), ROWS, TODAY, no_newline()).content == vector("")


@pytest.mark.parametrize("newline", ["", "\r\n"])
@pytest.mark.parametrize("end", [b"", b"\x1a"])
def test_the_published_example_is_read_with_either_line_end(newline, end):
    file = read_file(vector(newline) + end, TODAY)
    assert file.usable
    assert file.header == header_of_vector()
    assert [row.line for row in file.rows] == [2, 3]
    assert file.rows[1].values["holder"] == "ｻﾄｳ ﾊﾅｺ"
    assert file.totals == Totals(2, 77400)


def test_an_independent_reading_by_position_finds_the_same():
    record = write_file(header_of_vector(), ROWS, TODAY).content[122:242].decode("shift_jis")
    assert (record[0], record[1:5], record[20:23], record[42], record[43:50]) == ("2", "0001", "101", "1", "7654321")
    assert (record[80:90], record[90], record[91:111], record[111]) == ("0000038000", "0", "20260100012345030000", "0")


def test_a_transfer_stands_where_the_standard_says():
    header = replace(DEBIT, kind="21")
    row = transfer(clearing="", customer_1="12", customer_2="345", urgency="7")
    record = write_file(header, [row], TODAY).content[122:242].decode("shift_jis")
    assert record[38:42] == "    "
    assert (record[91:101], record[101:111], record[111:113]) == ("0000000012", "0000000345", "7 ")
    assert write_file(header, [row], TODAY).content[244:263] == b"8000001000000000100"


def test_edi_takes_the_place_of_the_customer_codes_only_when_marked():
    header = replace(DEBIT, kind="21")
    content = write_file(header, [transfer(edi="ｲﾘﾖｳﾋ 202610", edi_mark="Y")], TODAY).content
    assert content[122:242].decode("shift_jis")[91:113] == "ｲﾘﾖｳﾋ 202610".ljust(20) + "0Y"
    row = read_file(content, TODAY).rows[0]
    assert row.values["edi"] == "ｲﾘﾖｳﾋ 202610"
    assert "customer_1" not in row.values
    with pytest.raises(BadFile, match="総合振込にない項目があります: edi"):
        write_file(header, [transfer(edi="ｲﾘﾖｳﾋ")], TODAY)


def test_salary_and_bonus_share_a_layout():
    for kind in ("11", "12", "71", "72"):
        content = write_file(replace(DEBIT, kind=kind), [transfer(employee="77", section="5")], TODAY).content
        assert content[:3] == b"1" + kind.encode()
        assert content[122 + 91 : 122 + 111] == b"00000000770000000005"
        assert read_file(content, TODAY).header.kind == kind


BAD_VALUES = [
    # what is changed, field of the problem, code, position
    ({"amount": 0}, "引落金額", "zero", 81),
    ({"amount": -1}, "引落金額", "not-number", 81),
    ({"amount": 10**10}, "引落金額", "too-long", 81),
    ({"holder": "山田"}, "預金者名", "character", 51),
    ({"holder": "ﾔﾏﾀﾞ&"}, "預金者名", "character", 55),
    ({"holder": ""}, "預金者名", "missing", 51),
    ({"holder": "　 "}, "預金者名", "missing", 51),
    ({"holder": "ガ" * 16}, "預金者名", "too-long", 51),
    ({"bank": "1"}, "引落銀行番号", "length", 2),
    ({"branch": "1x1"}, "引落支店番号", "not-digits", 21),
    ({"account": "12345678"}, "口座番号", "length", 44),
    ({"account_kind": "4"}, "預金種目", "code", 43),
    ({"new_code": "7"}, "新規コード", "code", 91),
    ({"customer": "1" * 21}, "顧客番号", "length", 92),
    ({"bank_name": "ﾐｽﾞﾎ(ﾎﾝﾃﾝ)"}, "引落銀行名", "character", 10),
    ({"result": "1"}, "振替結果コード", "result-in-request", 112),
    ({"remark": "x"}, "", "unknown-field", 0),
]


@pytest.mark.parametrize(("change", "field", "code", "position"), BAD_VALUES)
def test_nothing_is_written_when_one_record_is_wrong(change, field, code, position):
    with pytest.raises(BadFile) as caught:
        write_file(DEBIT, [debit("1"), debit("2") | change, debit("3")], TODAY)
    (problem,) = caught.value.problems
    assert (problem.line, problem.position, problem.field, problem.code) == (2, position, field, code)
    assert problem.reason.endswith("。")
    assert problem.remedy.endswith("。")


def test_every_problem_is_told_at_once():
    with pytest.raises(BadFile) as caught:
        write_file(replace(DEBIT, day=date(2027, 9, 1), bank="1"), [debit(amount=0), debit("2", bank="")], TODAY)
    assert [(p.line, p.code) for p in caught.value.problems] == [
        (0, "far-day"),
        (0, "length"),
        (1, "zero"),
        (2, "missing"),
    ]


def test_an_empty_file_and_an_unknown_kind_are_refused():
    with pytest.raises(BadFile, match="明細がありません"):
        write_file(DEBIT, [], TODAY)
    with pytest.raises(BadFile, match="種別コード「99」は扱えません"):
        write_file(replace(DEBIT, kind="99"), [debit()], TODAY)


def test_totals_too_large_for_the_trailer_are_refused():
    with pytest.raises(BadFile, match="12桁を超えています"):
        write_file(DEBIT, [debit(str(n), 9_999_999_999) for n in range(101)], TODAY)


def test_the_same_customer_and_amount_twice_is_refused_in_a_debit():
    with pytest.raises(BadFile) as caught:
        write_file(DEBIT, [debit("7", 100), debit("7", 200), debit("007", 100)], TODAY)
    (problem,) = caught.value.problems
    assert (problem.line, problem.code) == (3, "duplicate")


def test_the_same_account_and_amount_twice_is_shown_in_a_transfer():
    written = write_file(replace(DEBIT, kind="21"), [transfer(), transfer(amount=7), transfer()], TODAY)
    assert [found.lines for found in written.duplicates] == [(1, 3)]


def put(content: bytes, line: int, position: int, text: bytes) -> bytes:
    """Overwrite bytes of a record of a CR LF file."""
    at = (line - 1) * 122 + position - 1
    return content[:at] + text + content[at + len(text) :]


BAD_BYTES = [
    # record, position, bytes put there, (line, position, code) of each problem
    (2, 81, b"00000380 0", [(2, 89, "not-digits")]),
    (2, 51, b"\x80", [(2, 51, "byte")]),
    (2, 51, b"a", [(2, 51, "character")]),
    (2, 43, b"5", [(2, 43, "code")]),
    (3, 1, b"7", [(3, 1, "record")]),
    (3, 112, b"3", [(3, 112, "result-in-request")]),
    (4, 8, b"000000077401", [(4, 8, "total")]),
    (4, 2, b"000003", [(4, 2, "total")]),
    (4, 20, b"000001", [(4, 20, "total")]),
    (1, 4, b"1", [(1, 4, "code")]),
    (1, 55, b"0231", [(1, 55, "day")]),
    (1, 2, b"99", [(1, 1, "kind")]),
    (1, 1, b"\xf1", [(1, 1, "kind")]),
]


@pytest.mark.parametrize(("line", "position", "text", "expected"), BAD_BYTES)
def test_a_bad_record_is_found_alone(line, position, text, expected):
    file = read_file(put(vector(), line, position, text), TODAY)
    assert [(p.line, p.position, p.code) for p in file.problems] == expected
    if line in (2, 3) and expected[0][2] != "result-in-request":
        assert len(file.rows) == 1


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["empty"]),
        (vector("\n"), ["newline"]),
        (vector("\r"), ["newline"]),
        (vector("")[:-1], ["missing-record", "length"]),
        (vector()[:366], ["missing-record", "missing-record"]),
        (vector().replace(b" \r\n", b"\r\n", 1), ["length", "kind"]),
        (vector()[:244] + vector()[122:], ["duplicate", "total", "total"]),
        (vector()[:366] + vector(), ["missing-record"]),
        (b"PK\x03\x04 not a bank file", ["length"]),
    ],
    ids=["empty", "lf", "cr", "cut", "no-end", "short-header", "twice", "two-files", "zip"],
)
def test_a_broken_file_says_what_is_broken(content, codes):
    found = [problem.code for problem in read_file(content, TODAY).problems]
    if codes == ["missing-record"]:
        assert "order" in found
    else:
        assert sorted(found) == sorted(codes)


def test_one_short_record_leaves_the_others_readable():
    lines = vector().split(b"\r\n")
    lines[1] = lines[1].rstrip()
    file = read_file(b"\r\n".join(lines), TODAY)
    assert [(p.line, p.code) for p in file.problems] == [(2, "length")]
    assert [row.line for row in file.rows] == [3]


def test_banks_differ_and_their_wishes_are_data():
    wide, narrow = adapters()["wide"], standard()
    assert narrow.fold("ヲノー", "party") == "ｵﾉ-"
    assert wide.fold("ヲノー", "party") == "ｦﾉｰ"
    assert narrow.refused("ｱ/｢,", "party") == "/｢,"
    assert not wide.refused("ｱ/｢,", "party")
    assert narrow.refused("A-", "payroll") == "A-"
    blank = write_file(DEBIT, [debit()], TODAY, wide).content
    assert blank[122 + 111 : 122 + 112] == b" "
    assert read_file(blank, TODAY).usable
    without = replace(narrow, header_account=False)
    assert write_file(DEBIT, [debit()], TODAY, without).content[95:103] == b" " * 8
    assert load_adapters((DATA / "adapters.yaml").read_text("utf-8")) == adapters()


def test_yen_is_the_byte_5c_and_not_a_backslash():
    row = transfer(edi="¥100", edi_mark="Y")
    content = write_file(replace(DEBIT, kind="21"), [row], TODAY).content
    assert content[122 + 91] == 0x5C
    assert read_file(content, TODAY).rows[0].values["edi"] == "¥100"


def test_yucho_in_debits_follows_the_bank():
    assert yucho_debit_values("10530", "12345671", standard())["branch"] == "058"
    assert yucho_debit_values("１０５３０", "12345671", adapters()["wide"])["branch"] == "053"


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("0104", date(2026, 12, 28), date(2027, 1, 4)),
        ("1228", date(2027, 1, 4), date(2026, 12, 28)),
        ("0229", date(2028, 1, 31), date(2028, 2, 29)),
        ("0331", date(2026, 4, 1), date(2026, 3, 31)),
        ("0229", date(2027, 2, 1), None),
        ("0230", date(2028, 2, 1), None),
        ("0000", date(2028, 2, 1), None),
        ("1301", date(2028, 2, 1), None),
    ],
)
def test_the_year_of_a_day_is_the_nearest(text, today, day):
    if day is None:
        with pytest.raises(FieldError):
            nearest_day(text, today)
    else:
        assert nearest_day(text, today) == day


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-200, 200))
@settings(max_examples=100)
def test_a_day_that_can_be_written_is_read_back(today, away):
    day = date.fromordinal(today.toordinal() + away)
    try:
        text = month_day(day, today)
    except FieldError:
        assert abs(away) >= 183
    else:
        assert nearest_day(text, today) == day


def test_layouts_of_the_wrong_size_are_refused():
    text = (DATA / "layouts/debit.yaml").read_text("utf-8")
    with pytest.raises(BadLayout, match="119 バイト"):
        load_layout(text.replace("kind: number, width: 10", "kind: number, width: 9"))
    with pytest.raises(BadLayout, match="同じ項目"):
        load_layout(text.replace("id: filler_end", "id: filler"))
    with pytest.raises(BadLayout, match="key"):
        load_layout(text.replace("key: [customer", "key: [client"))
    assert all(layout.confirm and layout.source for layout in layouts().values())


NAMES = st.text("ｱｶﾞﾊﾟﾝｦｬｰアガヴッー()-. A0あ", min_size=1, max_size=14)
KINDS = ("91", "21", "11", "72")


@st.composite
def files(draw):
    kind = draw(st.sampled_from(KINDS))
    adapter = draw(st.sampled_from(list(adapters().values())))
    layout = layouts()[kind]
    digits = {f.id: f for f in layout.records["data"] if f.kind == "digits" and f.id not in ("record", "result")}
    rows = []
    for n in range(draw(st.integers(1, 4))):
        row = {"holder": draw(NAMES), "amount": draw(st.integers(1, 10**10 - 1))}
        for id, f in digits.items():
            row[id] = draw(
                st.sampled_from(f.codes) if f.codes else st.text(string.digits, min_size=f.width, max_size=f.width)
            )
        if layout.results:
            row["customer"] = f"{n}{row['customer'][1:]}"
        rows.append(row)
    return replace(DEBIT, kind=kind), rows, adapter


@given(files())
@settings(max_examples=150)
def test_what_is_written_is_read_back_and_writes_the_same_bytes(case):
    header, rows, adapter = case
    try:
        written = write_file(header, rows, TODAY, adapter)
    except BadFile:
        letters = "payroll" if header.kind in ("11", "72") else "party"
        folded = [adapter.fold(row["holder"], letters) for row in rows]
        assert any(adapter.refused(name, letters) or len(name) > 30 or not name.strip() for name in folded)
        return
    file = read_file(written.content, TODAY, adapter)
    assert file.usable
    assert file.totals == written.totals
    assert [row.values["amount"] for row in file.rows] == [row["amount"] for row in rows]
    assert write_file(file.header, [row.values for row in file.rows], TODAY, adapter).content == written.content


@given(st.binary(max_size=400), st.integers(0, 609))
@settings(max_examples=100)
def test_no_bytes_make_the_reader_stumble(noise, at):
    for content in (noise, vector()[:at] + noise + vector()[at + len(noise) :]):
        file = read_file(content, TODAY, purpose=Purpose.RESULT)
        assert all(p.reason and p.remedy for p in file.problems)
