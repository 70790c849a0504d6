"""Convenience store barcodes and the customer bar code of the post: published vectors and what cannot be printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honrai.kernel.address import parse_address
from honrai.kernel.check_digits import mod10_weights_3_1
from honrai.kernel.convenience_barcode import ConvenienceBarcode
from honrai.kernel.errors import Invalid
from honrai.kernel.postal_barcode import PostalBarcode, address_number
from honrai.kernel.public_codes import PostalCode
from honrai.kernel.yen import Yen


@pytest.mark.parametrize(
    "body", ["9191234501234567890123456789010103310123000", "9194238617895391785393569273010307311031290"]
)
def test_published_check_digits(body):
    assert mod10_weights_3_1(body) == 3


def test_a_slip_of_the_city():
    slip = ConvenienceBarcode.parse("91912345202601000123450030000026110200380008")
    assert slip == ConvenienceBarcode(
        biller="912345", free="202601000123450030000", reissue=0, due=date(2026, 11, 2), amount=Yen(38_000)
    )
    assert slip.digits == "91912345202601000123450030000026110200380008"
    assert slip.printed == "(91)912345-2026010001234500300000-261102-0-038000-8"
    assert ConvenienceBarcode.parse(slip.printed) == slip


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text("0123456789", min_size=21, max_size=21),
    st.integers(0, 9),
    st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2098, 12, 31))),
    st.integers(1, 300_000).map(Yen),
)
def test_every_slip_reads_back_and_no_digit_may_slip(biller, free, reissue, due, amount):
    slip = ConvenienceBarcode(biller, free, reissue, due, amount)
    assert len(slip.digits) == 44
    assert ConvenienceBarcode.parse(slip.digits) == slip
    wrong = slip.digits[:20] + str((int(slip.digits[20]) + 1) % 10) + slip.digits[21:]
    with pytest.raises(Invalid, match="検査数字"):
        ConvenienceBarcode.parse(wrong)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": Yen(300_001)}, "slip-amount"),
        ({"amount": Yen(0)}, "slip-amount"),
        ({"biller": "12345"}, "slip-digits"),
        ({"free": "1"}, "slip-digits"),
        ({"reissue": 10}, "slip-marks"),
        ({"stamp": 2}, "slip-marks"),
        ({"due": date(1999, 1, 1)}, "slip-due"),
    ],
)
def test_what_cannot_be_printed(change, code):
    fields = {"biller": "912345", "free": "0" * 21, "reissue": 0, "due": None, "amount": Yen(1), **change}
    with pytest.raises(Invalid) as raised:
        ConvenienceBarcode(**fields)
    assert raised.value.code == code


@pytest.mark.parametrize("text", ["", "92" + "0" * 42, "91" + "0" * 41])
def test_not_a_slip(text):
    with pytest.raises(Invalid, match="44桁"):
        ConvenienceBarcode.parse(text)


def test_a_slip_with_an_impossible_date():
    body = "91912345" + "0" * 22 + "261332" + "0" + "000100"
    with pytest.raises(Invalid, match="支払期限"):
        ConvenienceBarcode.parse(body + str(mod10_weights_3_1(body)))


# The examples by which the manual says a program is right: postal code, address beyond the part it names, characters.
MANUAL = [
    ("263-0023", "3丁目30-8　郵便ビル403号", "3 - 3 0 - 8 - 4 0 3 CC4 CC4 CC4 5"),
    ("014-0113", "南田茂木　添60-1", "6 0 - 1 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC8"),
    ("110-0016", "5-6-3　ABCビル10F", "5 - 6 - 3 - 1 0 CC4 CC4 CC4 CC4 CC4 9"),
    ("060-0906", "4丁目　郵便センター6号館", "4 - 6 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 9"),
    ("065-0006", "8丁目　郵便センター10号館", "8 - 1 0 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 9"),
    ("407-0033", "韮崎400", "4 0 0 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 -"),
    ("273-0102", "東3丁目-20-5　郵便・A&bコーポB604号", "3 - 2 0 - 5 CC1 1 6 0 4 CC4 CC4 0"),
    ("198-0036", "十一丁目六番地一号　郵便タワー601", "1 1 - 6 - 1 - 6 0 1 CC4 CC4 CC4 CC8"),
    ("027-0203", "第二十一地割大淵川480", "2 1 - 4 8 0 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC5"),
    ("590-0016", "四丁六番十九号", "4 - 6 - 1 9 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC2"),
    ("080-0831", "南七線　西28", "7 - 2 8 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC4 CC7"),
    ("317-0055", "6丁目7-14　ABCビル2F", "6 - 7 - 1 4 - 2 CC4 CC4 CC4 CC4 CC4 CC1"),
    ("650-0046", "9丁目7-6　郵便シティA棟1F1号", "9 - 7 - 6 CC1 0 1 - 1 CC4 CC4 CC4 5"),
    ("623-0011", "綾部6-7　LプラザB106", "6 - 7 CC2 1 CC1 1 1 0 6 CC4 CC4 CC4 4"),
    ("064-0804", "29丁目1524-23　第2郵便ハウス501", "2 9 - 1 5 2 4 - 2 3 - 2 - 3"),
    ("910-0067", "3丁目80-25　J1ビル2-B", "3 - 8 0 - 2 5 CC1 9 1 - 2 CC1 9"),
]


@pytest.mark.parametrize(("postal_code", "rest", "characters"), MANUAL)
def test_the_manuals_examples(postal_code, rest, characters):
    code = PostalBarcode.of(postal_code, rest)
    assert code.characters[:7] == tuple(postal_code.replace("-", ""))
    assert " ".join(code.characters[7:]) == characters
    assert len(code.bars) == 67


@pytest.mark.parametrize(
    ("whole", "number"),
    [
        ("千葉市稲毛区緑町3丁目30-8　郵便ビル403号", "3-30-8-403"),
        ("秋田県大仙市堀見内　南田茂木　添60-1", "60-1"),
        ("東京都台東区台東5-6-3　ABCビル10F", "5-6-3-10"),
        ("北海道札幌市東区北六条東4丁目　郵便センター6号館", "4-6"),
        ("山梨県韮崎市龍岡町下條南割　韮崎400", "400"),
        ("千葉県鎌ケ谷市右京塚　東3丁目-20-5　郵便・A&bコーポB604号", "3-20-5B604"),
        ("東京都青梅市河辺町十一丁目六番地一号　郵便タワー601", "11-6-1-601"),
        ("岩手県宮古市大字津軽石第二十一地割大淵川480", "21-480"),
        ("大阪府堺市堺区中田出井町四丁六番十九号", "4-6-19"),
        ("北海道帯広市稲田町南七線　西28", "7-28"),
        ("茨城県日立市宮田町6丁目7-14　ABCビル2F", "6-7-14-2"),
        ("神戸市中央区港島中町9丁目7-6　郵便シティA棟1F1号", "9-7-6A1-1"),
        ("京都府綾部市青野町綾部6-7　LプラザB106", "6-7LB106"),
        ("札幌市中央区南四条西29丁目1524-23　第2郵便ハウス501", "29-1524-23-2-501"),
        ("福井県福井市新田塚3丁目80-25　J1ビル2-B", "3-80-25J1-2B"),
    ],
)
def test_the_manuals_examples_from_whole_addresses(whole, number):
    assert address_number(parse_address(whole).after_town) == number


def test_bars_of_one_address():
    bars = PostalBarcode(PostalCode("2630023"), "3-30-8-403").bars
    assert bars[:2] + bars[-2:] == "1331"
    groups = [bars[n : n + 3] for n in range(2, 65, 3)]
    assert groups[:3] == ["132", "321", "312"]
    assert groups[-4:] == ["432", "432", "432", "141"]


@given(st.text("0123456789", min_size=7, max_size=7), st.text("0123456789-ABKTUZ", max_size=20))
def test_characters_always_sum_to_a_multiple_of_19(postal_code, number):
    values = {c: n for n, c in enumerate([*"0123456789-", *(f"CC{n}" for n in range(1, 9))])}
    characters = PostalBarcode(PostalCode(postal_code), number).characters
    assert len(characters) == 21
    assert sum(values[c] for c in characters) % 19 == 0


@given(st.text("0123456789０-－ー丁目番地号ABＣF棟　一二十の&・", max_size=30))
def test_any_address_gives_printable_characters(rest):
    number = address_number(rest)
    assert PostalBarcode(PostalCode("1000013"), number).bars
    assert "--" not in number
    assert not number.startswith("-")
    assert not number.endswith("-")


@pytest.mark.parametrize(
    ("postal_code", "number"), [("123456", "1"), ("123456x", "1"), ("1234567", "1a"), ("1234567", "1の2")]
)
def test_not_a_postal_bar_code(postal_code, number):
    with pytest.raises(Invalid):
        PostalBarcode(PostalCode.parse(postal_code), number)


@pytest.mark.parametrize("typed", ["860-0806", "〒860-0806", "８６０－０８０６", "8600806"])
def test_postal_codes(typed):
    assert PostalCode.parse(typed).printed == "〒860-0806"
