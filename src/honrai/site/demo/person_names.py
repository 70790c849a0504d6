"""Names for made-up residents: common surnames by frequency, given names by generation, and everything that makes
names hard - variant kanji, variation selectors, the city's own characters, names of foreign residents.

Source:
    `japanese-personal-name-dataset` (MIT) for surnames with population and readings of given names. A whole name is
    drawn from parts, so no name is taken from a person.
"""

from __future__ import annotations

import random
from functools import lru_cache

from japanese_personal_name_dataset import load_dataset

from honrai.kernel.kana import to_katakana
from honrai.kernel.names import PersonName, fold_name, variants
from honrai.site.demo.city import GAIJI, GAIJI_STANDARD, GAIJI_UNKNOWN
from honrai.site.demo.shape import Draw, shape

_IVS = {
    "辻": "\U000e0102",
    "葛": "\U000e0103",
    "邊": "\U000e010a",
    "邉": "\U000e0118",
    "榊": "\U000e0102",
    "祇": "\U000e0102",
}
"""Glyphs of the Moji_Joho collection, which the font for names has."""

_GAIJI_OF: dict[str, list[str]] = {}
for _private in GAIJI_STANDARD:
    _GAIJI_OF.setdefault(fold_name(_private, GAIJI), []).append(_private)
_OLD_WOMEN = ("こ", "え", "よ", "み", "の", "き")
_KANA_NAMES = ("はる", "きよ", "ふみ", "さくら", "ひなた", "つばさ", "みのり", "ちよ")
_SPACE = "\u3000"

_FOREIGN: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {
    "ベトナム": (
        [("NGUYEN", "グエン"), ("TRAN", "チャン"), ("LE", "レ"), ("PHAM", "ファム"), ("HOANG", "ホアン")],
        [("VAN AN", "ヴァン アン"), ("THI HOA", "ティ ホア"), ("MINH DUC", "ミン ドゥック"), ("THI LAN", "ティ ラン")],
    ),
    "フィリピン": (
        [("SANTOS", "サントス"), ("REYES", "レイエス"), ("CRUZ", "クルス"), ("GARCIA", "ガルシア")],
        [("MARIA LUISA", "マリア ルイサ"), ("JOSE", "ホセ"), ("ANGELICA", "アンジェリカ"), ("MARK", "マーク")],
    ),
    "ネパール": (
        [("SHRESTHA", "シュレスタ"), ("GURUNG", "グルン"), ("THAPA", "タパ"), ("TAMANG", "タマン")],
        [("RAM BAHADUR", "ラム バハドゥル"), ("SITA", "シタ"), ("BIKASH", "ビカス"), ("ANJU", "アンジュ")],
    ),
    "インドネシア": (
        [("SETIAWAN", "セティアワン"), ("WIJAYA", "ウィジャヤ"), ("PUTRI", "プトリ"), ("HIDAYAT", "ヒダヤット")],
        [("BUDI", "ブディ"), ("SITI", "シティ"), ("AGUS", "アグス"), ("DEWI", "デウィ")],
    ),
    "ミャンマー": (
        [("AUNG", "アウン"), ("MYINT", "ミン"), ("KYAW", "チョー"), ("WIN", "ウィン")],
        [("ZAW", "ゾー"), ("SU SU", "スー スー"), ("THIDA", "ティダ"), ("HTET", "テッ")],
    ),
    "米国": (
        [("SMITH", "スミス"), ("JOHNSON", "ジョンソン"), ("O'BRIEN", "オブライエン"), ("MILLER", "ミラー")],
        [("JOHN PAUL", "ジョン ポール"), ("EMILY", "エミリー"), ("MICHAEL", "マイケル"), ("SARAH", "サラ")],
    ),
    "ブラジル": (
        [("SILVA", "シルバ"), ("OLIVEIRA", "オリベイラ"), ("SUZUKI", "スズキ"), ("DA COSTA", "ダ コスタ")],
        [("CARLOS", "カルロス"), ("ANA PAULA", "アナ パウラ"), ("LUCAS", "ルーカス"), ("JULIA", "ジュリア")],
    ),
    "中国": (
        [("王/WANG", "ワン"), ("李/LI", "リ"), ("張/ZHANG", "チャン"), ("劉/LIU", "リュウ"), ("陳/CHEN", "チン")],
        [
            ("小明/XIAOMING", "シャオミン"),
            ("麗華/LIHUA", "リファ"),
            ("偉/WEI", "ウェイ"),
            ("雪梅/XUEMEI", "シュエメイ"),
        ],
    ),
    "台湾": (
        [("林/LIN", "リン"), ("黃/HUANG", "コウ"), ("吳/WU", "ゴ"), ("蔡/TSAI", "サイ")],
        [("志豪/CHIH HAO", "チーハオ"), ("淑芬/SHU FEN", "シューフェン"), ("雅婷/YA TING", "ヤーティン")],
    ),
    "韓国": (
        [("金/KIM", "キム"), ("李/LEE", "イ"), ("朴/PARK", "パク"), ("崔/CHOI", "チェ"), ("鄭/JEONG", "チョン")],
        [
            ("秀賢/SUHYEON", "スヒョン"),
            ("智恩/JIEUN", "チウン"),
            ("東勲/DONGHUN", "ドンフン"),
            ("美京/MIGYEONG", "ミギョン"),
        ],
    ),
}


@lru_cache(maxsize=1)
def _variant_of() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in variants():
        if pair.scope == "name" and pair.source == "tax":
            found.setdefault(pair.base, []).append(pair.variant)
    return found


@lru_cache(maxsize=1)
def _given_tables() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    men, women = load_dataset(kind="opti")
    return tuple({kana: _usual(row["kanji"]) for kana, row in table.items()} for table in (men, women))  # type: ignore[return-value]


def _usual(spellings: list[str]) -> list[str]:
    """Keep the usual lengths of a written given name."""
    return [text for text in spellings if len(text) <= 2] or list(spellings)


class NameMaker:
    """Makes names; one maker per city, fed by the city's random source."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        rates = shape()["rates"]
        self._rare = [rates["name_variant"], rates["name_ivs"], rates["name_gaiji"]]
        surnames = _surnames()
        names = [(kanji, kana) for kanji, kana, _ in surnames]
        self._surnames = Draw(rng, names, [count for _, _, count in surnames])
        self._with_ivs = Draw(rng, [name for name in names if any(char in _IVS for char in name[0])])
        self._with_gaiji = Draw(rng, [name for name in names if any(char in _GAIJI_OF for char in name[0])])
        self._with_variant = Draw(rng, [name for name in names if any(char in _variant_of() for char in name[0])])
        men, women = _given_tables()
        self._men = Draw(rng, list(men.items()))
        old = [item for item in women.items() if item[0].endswith(_OLD_WOMEN)]
        self._women = Draw(rng, list(women.items()))
        self._old_women = Draw(rng, old)

    def surname(self) -> tuple[str, str]:
        """Draw a family name, with hard characters as often as the shape says: kanji and kana."""
        rng, (variant, ivs, gaiji) = self._rng, self._rare
        roll = rng.random() * 100
        if roll < gaiji:
            kanji, kana = self._with_gaiji.next()
            if roll < gaiji * 0.2:
                return rng.choice(GAIJI_UNKNOWN) + kanji[1:], kana
            return "".join(rng.choice(_GAIJI_OF.get(char, [char])) for char in kanji), kana
        if roll < gaiji + ivs:
            kanji, kana = self._with_ivs.next()
            return "".join(char + _IVS.get(char, "") for char in kanji), kana
        if roll < gaiji + ivs + variant:
            kanji, kana = self._with_variant.next()
            return "".join(rng.choice(_variant_of().get(char, [char])) for char in kanji), kana
        return self._surnames.next()

    def given(self, sex: str, age: int) -> tuple[str, str]:
        """Draw a given name for a sex ("男", "女") and generation: kanji and kana."""
        rng = self._rng
        if sex == "女" and rng.random() < (0.06 if age < 15 or age > 75 else 0.02):
            kana = rng.choice(_KANA_NAMES)
            return (to_katakana(kana) if age > 75 else kana), to_katakana(kana)
        table = self._men if sex == "男" else self._old_women if age > 58 else self._women
        kana, spellings = table.next()
        return spellings[int(rng.random() ** 2 * len(spellings))], to_katakana(kana)

    def foreign_family(self, nationality: str) -> tuple[str, str]:
        """Draw a family name of a nationality: as written (kanji/LATIN where there are kanji) and kana."""
        return self._rng.choice(_FOREIGN[nationality][0])

    def foreign(self, nationality: str, family: tuple[str, str]) -> PersonName:
        """Draw the names of one foreign resident: card name, kana, Latin letters, and for some a 通称."""
        rng = self._rng
        (written, family_kana), (given, given_kana) = family, rng.choice(_FOREIGN[nationality][1])
        kana = f"{family_kana} {given_kana}".replace(" ", _SPACE)
        alias = ""
        if rng.random() < (0.45 if nationality == "韓国" else 0.06):
            alias = self._surnames.next()[0] + _SPACE + self.given(rng.choice("男女"), 40)[0]
        romaji = " ".join(part.partition("/")[2] or part for part in (written, given))
        raw = _SPACE.join(part.partition("/")[0] for part in (written, given)) if "/" in written else romaji
        return PersonName(raw, kana, romaji, alias)


@lru_cache(maxsize=1)
def _surnames() -> list[tuple[str, str, int]]:
    _, _, last = load_dataset(kind="opti", include_last_names=True)
    return [(kanji, to_katakana(row["reading"]), row["count"]) for kanji, row in last.items()]
