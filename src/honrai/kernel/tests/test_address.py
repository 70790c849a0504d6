from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.kernel.address import address_key, customer_barcode_digits, parse_address
from honrai.kernel.numerals import write_kanji_number
from honrai.kernel.places import Municipality, municipalities, prefectures

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "addresses.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
TOWNS = [(city, town) for city in municipalities() for town in city.listed.split(",") if town]
HOME = (
    Municipality("99201", "本来県", "本来市東区", "桜が丘+,字沼ノ端,本町"),
    Municipality("99202", "本来県", "本来市西区", "本町,北一条西+"),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_lines_people_write(line: list[str]) -> None:
    text, prefecture, city, town, number, building, room = line
    found = parse_address(text)
    assert found.raw == text
    assert [found.prefecture, found.municipality, found.town_label + found.koaza, found.number_label] == [
        prefecture,
        city,
        town,
        number,
    ]
    if building != "-":
        assert (found.building, found.room) == (building, room)


SAME = [
    [
        "東京都江東区豊洲1丁目2-27",
        "江東区豊洲一丁目２番２７号",
        "〒135-0061 東京都 江東区 豊洲 １ー２ー２７",
        "豊洲1-2-27",
    ],
    ["神奈川県横浜市港北区大豆戸町17番地11", "横浜市港北区大豆戸町17-11", "港北区大豆戸町十七番地の十一"],
    ["和歌山県東牟婁郡串本町串本1234", "和歌山県串本町大字串本一二三四番地"],
    ["京都市中京区寺町通御池上る上本能寺前町488番地", "京都府京都市中京区上本能寺前町488"],
    ["札幌市中央区北3条西1丁目7", "北海道札幌市中央区北三条西1-7", "札幌市中央区北3西1-7"],
    ["石川県七尾市藤橋町亥45番地1", "七尾市藤橋町 字亥 四十五-1"],
    ["埼玉県さいたま市浦和区常盤6-4-4", "浦和市常盤六丁目4番4号"],
    ["静岡県浜松市中央区元城町103-2", "浜松市中区元城町103番地の2"],
    ["茨城県龍ケ崎市3710番地", "竜ヶ崎市3710"],
    ["千葉県市原市五井1234番地イ", "市原市五井1234イ", "千葉県市原市大字五井字1234番地イ"],
    ["岩手県和賀郡西和賀町川尻40地割40-71", "岩手県西和賀町川尻第四十地割40番地71"],
]


@pytest.mark.parametrize("group", SAME, ids=lambda group: group[0])
def test_spellings_of_one_place_share_a_key(group: list[str]) -> None:
    full = [text for text in group if not text.startswith("豊洲")]
    assert len({address_key(text) for text in full}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京都江東区豊洲1-2-27", "東京都江東区豊洲1-2-2 7号室"),
        ("東京都江東区豊洲1-2-27", "東京都江東区豊洲12-27"),
        ("愛媛県松山市甲1234", "愛媛県松山市乙1234"),
        ("静岡県静岡市葵区与一4-1", "静岡県静岡市葵区与14-1"),
        ("大阪市北区梅田1-1", "札幌市北区梅田1-1"),
        ("広島県府中市本町1", "東京都府中市本町1"),
    ],
)
def test_different_places_keep_different_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_room_counts_only_for_the_dwelling() -> None:
    one = parse_address("東京都国分寺市本多5-2-3 コーポ第2本多201 山田様方")
    other = parse_address("国分寺市本多五丁目2番3号コーポ第2本多202号室")
    assert one.key == other.key
    assert one.dwelling_key != other.dwelling_key
    assert (one.care_of, one.building, one.room, other.room) == ("山田", "コーポ第2本多", "201", "202")


def test_key_without_a_city_is_the_one_of_the_fact_sheet() -> None:
    assert address_key("桜が丘二丁目一番地の三") == address_key("桜ヶ丘２－１ー３") == "桜が丘2-1-3"


def test_home_city_fills_in_what_is_left_out() -> None:
    found = parse_address("桜ヶ丘2丁目1-3", HOME)
    assert (found.prefecture, found.city, found.ward, found.town, found.chome) == (
        "本来県",
        "本来市",
        "東区",
        "桜が丘",
        2,
    )
    assert found.key == parse_address("本来県本来市東区桜が丘二丁目一番三号", HOME).key
    assert parse_address("本来市北一条西3-2-1", HOME).ward == "西区"
    assert parse_address("本来市本町5", HOME).ward == ""


def test_unlisted_city_is_read_by_its_suffix() -> None:
    found = parse_address("本来市中区桜が丘2-1-3 ハイツ桜102")
    assert (found.city, found.ward, found.town, found.town_known) == ("本来市", "中区", "桜が丘", False)
    assert (found.number_label, found.building, found.room) == ("2-1-3", "ハイツ桜", "102")


@pytest.mark.parametrize(
    "text", ["", "   ", "あいうえお", "123", "不明", "〒100-0001", "アメリカ合衆国 New York 5th Ave 10"]
)
def test_what_is_no_address_is_kept_and_breaks_nothing(text: str) -> None:
    assert parse_address(text).raw == text


def test_there_are_47_prefectures_and_every_municipality_is_found_by_its_own_name() -> None:
    assert len(prefectures()) == 47
    wrong = [
        city.prefecture + city.name
        for city in municipalities()
        if (found := parse_address(city.prefecture + city.name)).municipality != city.name
        or found.prefecture != city.prefecture
    ]
    assert wrong == []


def _written(data, city: Municipality, town: str, numbers: tuple[int, int, int]) -> str:
    chome, banchi, go = numbers
    block = town.endswith("+")
    name = data.draw(st.sampled_from(["", "大字"])) + town.rstrip("+")
    kanji = write_kanji_number
    tail = data.draw(
        st.sampled_from(
            [
                (f"{chome}-" if block else "") + f"{banchi}-{go}",
                (f"{kanji(chome)}丁目" if block else "") + f"{kanji(banchi)}番地の{kanji(go)}",
                (f"{chome}丁目" if block else "") + f"{banchi}番{go}号 メゾン本来101号室",
                (f"{chome}の" if block else "") + f"{banchi}ノ{go}",
            ]
        )
    )
    for dash in data.draw(st.sampled_from(["-", "－", "ー", "―", "‐", "−"])):
        tail = tail.replace("-", dash)
    gap = data.draw(st.sampled_from(["", " ", "　"]))
    swap = data.draw(st.sampled_from([{}, {"ケ": "ヶ"}, {"が": "ヶ"}, {"ノ": "の"}, {"之": "ノ"}, {"ツ": "ッ"}]))
    for old, new in swap.items():
        name = name.replace(old, new)
    return city.prefecture + gap + city.name + gap + name + gap + tail


@given(st.data(), st.sampled_from(TOWNS), st.tuples(st.integers(1, 9), st.integers(1, 60), st.integers(1, 60)))
@settings(max_examples=400, deadline=None)
def test_every_town_of_japan_is_read_in_every_spelling(data, place, numbers) -> None:
    city, town = place
    if town.rstrip("+")[-1:].isdigit():
        return
    text = _written(data, city, town, numbers)
    found = parse_address(text)
    assert (found.prefecture, found.municipality, found.town) == (city.prefecture, city.name, town.rstrip("+")), text
    assert found.chome == (numbers[0] if town.endswith("+") else None), text
    assert found.number_label == f"{numbers[1]}-{numbers[2]}", text


@given(
    st.text(alphabet=st.sampled_from("東京都京市区町村大字番地号の-ー－１一二十 　丁目上る甲イ荘ビル〒"), max_size=30)
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_an_error_and_kept(text: str) -> None:
    found = parse_address(text)
    assert found.raw == text
    assert found.key == parse_address(text).key


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("千葉市稲毛区緑町3丁目30-8 郵便ビル403号", "3-30-8-403"),
        ("秋田県大仙市堀見内 南田茂木 添60-1", "60-1"),
        ("東京都台東区台東5-6-3 ABCビル10F", "5-6-3-10"),
        ("北海道札幌市東区北六条東4丁目 郵便センター6号館", "4-6"),
        ("北海道札幌市東区北六条東8丁目 郵便センター10号館", "8-10"),
        ("千葉県鎌ケ谷市右京塚 東3丁目-20-5 郵便・A&bコーポB604号", "3-20-5B604"),
        ("東京都青梅市河辺町十一丁目六番地一号 郵便タワー601", "11-6-1-601"),
        ("岩手県宮古市大字津軽石第二十一地割大淵川480", "21-480"),
        ("大阪府堺市堺区中田出井町四丁六番十九号", "4-6-19"),
        ("北海道帯広市稲田町南七線 西28", "7-28"),
        ("茨城県日立市宮田町6丁目7-14 ABCビル2F", "6-7-14-2"),
        ("神戸市中央区港島中町9丁目7-6 郵便シティA棟1F1号", "9-7-6A1-1"),
        ("京都府綾部市青野町綾部6-7 LプラザB106", "6-7LB106"),
        ("札幌市中央区南四条西29丁目1524-23 第2郵便ハウス501", "29-1524-23-2-501"),
        ("福井県福井市新田塚3丁目80-25 J1ビル2-B", "3-80-25J1-2B"),
    ],
)
def test_address_number_of_the_postal_bar_code(text: str, number: str) -> None:
    """Source: 日本郵便「郵便番号・バーコードマニュアル」, its worked examples."""
    assert customer_barcode_digits(parse_address(text)) == number
