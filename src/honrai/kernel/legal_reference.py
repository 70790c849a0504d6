"""A reference to a provision of law or ordinance: 「市税条例第3条第2項」 as parts, written and read.

The parts are act (法令名), article (条, with branch numbers: `20の4の2`), paragraph (項), item (号), subitem (イ, (1))
and which part of the sentence (本文, ただし書 ...).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from honrai.kernel.errors import Invalid
from honrai.kernel.numerals import arabic


@dataclass(frozen=True, slots=True)
class LegalReference:
    """One provision.

    Attributes:
        act: name of the law, order, ordinance or rule; "" for the act one is in.
        article: number with branches joined by の: "3", "20の4の2"; "" when the whole act is meant.
        paragraph: number, 0 when none is named.
        item: number with branches, "" when none is named.
        subitem: "イ", "(1)" or "イ(1)"; "" when none is named.
        part: 本文, ただし書, 前段, 後段, 柱書 or "".
        supplementary: the provision stands in the 附則.
    """

    act: str
    article: str = ""
    paragraph: int = 0
    item: str = ""
    subitem: str = ""
    part: str = ""
    supplementary: bool = False

    def __post_init__(self) -> None:
        numbers_fit = all(not text or _BRANCHED.fullmatch(text) for text in (self.article, self.item))
        if not numbers_fit or self.paragraph < 0 or (self.part and self.part not in _PARTS):
            raise Invalid(
                "legal-reference-parts",
                "条・項・号の番号が正しくありません。「20の4の2」のように数字で記入してください。",
            )
        if not (self.act or self.article or self.paragraph or self.item):
            raise Invalid("legal-reference-empty", "法令名又は条番号を記入してください。")

    def __str__(self) -> str:
        return "".join(
            (
                self.act,
                "附則" if self.supplementary else "",
                _numbered(self.article, "条"),
                f"第{self.paragraph}項" if self.paragraph else "",
                _numbered(self.item, "号"),
                self.subitem,
                self.part,
            )
        )

    @classmethod
    def parse(cls, text: str) -> LegalReference:
        """Return the provision written in a text.

        Read are 「市税条例第3条第2項」, kanji numbers 「第二十条の四の二第二項」, the short forms 「地方税法20条の5②」
        and 「20の4の2⑥」, and an act alone.

        Raises:
            Invalid: empty, or a number that is followed by no 条, 項 or 号.
        """
        folded = _fold(text)
        match = _REFERENCE.fullmatch(folded)
        if not match or _NUMBER_LEFT.search(match["act"]):
            raise Invalid(
                "legal-reference-unreadable",
                f"「{text}」は条文として読めません。「市税条例第3条第2項」のように記入してください。",
            )
        return cls(
            act=match["act"],
            article=_branches(match["article"], "条"),
            paragraph=int(arabic(match["paragraph"])) if match["paragraph"] else 0,
            item=_branches(match["item"], "号"),
            subitem=match["subitem"] or "",
            part=match["part"] or "",
            supplementary=bool(match["supplementary"]),
        )

    @classmethod
    def of(cls, parts: Mapping[str, object]) -> LegalReference:
        """Return the provision from a mapping as packs write it: `{act: 市税条例, article: "3", paragraph: 2}`.

        Raises:
            Invalid: a key that is no part of a reference, or a part that does not fit.
        """
        unknown = set(parts) - {"act", "article", "paragraph", "item", "subitem", "part", "supplementary"}
        if unknown:
            raise Invalid("legal-reference-keys", f"根拠条文に使えない項目があります: {', '.join(sorted(unknown))}")
        words = {key: str(parts.get(key, "")) for key in ("act", "article", "item", "subitem", "part")}
        paragraph = str(parts.get("paragraph") or 0)
        if not paragraph.isdecimal():
            raise Invalid("legal-reference-parts", "項は数字で記入してください。")
        return cls(**words, paragraph=int(paragraph), supplementary=bool(parts.get("supplementary", False)))


_PARTS = ("本文", "ただし書", "前段", "後段", "柱書")
_BRANCHED = re.compile(r"\d+(?:の\d+)*")
_N = r"(?:\d+|[一二三四五六七八九十百千]+)"
_NUMBER_LEFT = re.compile(rf"第{_N}(?:条|項)?(?:の\d+)*$|\d+[条項]|附則")
_REFERENCE = re.compile(
    rf"(?P<act>.*?)(?P<supplementary>附則)?"
    rf"(?:第(?P<article>{_N}条(?:の{_N})*))?"
    rf"(?:第(?P<paragraph>{_N})項)?"
    rf"(?:第(?P<item>{_N}号(?:の{_N})*))?"
    r"(?P<subitem>(?<=[号\d])[イロハニホヘトチリヌルヲワカヨタレソツネ]?(?:\(\d+\))?)?"
    rf"(?P<part>{'|'.join(_PARTS)})?"
)
_CIRCLED = {chr(0x2460 + n): f"第{n + 1}項" for n in range(20)}
_SHORT = re.compile(r"(?<![第\dの])(\d+(?:の\d+)+)(?=第|$)")
_BARE_ARTICLE = re.compile(r"(?<![第\d])(\d+条)")


def _fold(text: str) -> str:
    """Return the text in half width without spaces, circled paragraphs and short articles written out."""
    for circled, written in _CIRCLED.items():
        text = text.replace(circled, written)
    text = "".join(unicodedata.normalize("NFKC", text).split())
    text = _SHORT.sub(lambda m: "第{}条の{}".format(*m[1].split("の", 1)), text)
    return _BARE_ARTICLE.sub(r"第\1", text)


def _branches(matched: str | None, counter: str) -> str:
    """Return `20条の4の2` as `20の4の2`."""
    if not matched:
        return ""
    return "の".join(arabic(number) for number in matched.replace(counter, "").split("の"))


def _numbered(number: str, counter: str) -> str:
    """Return `20の4の2` as 第20条の4の2."""
    if not number:
        return ""
    first, *branches = number.split("の")
    return "の".join((f"第{first}{counter}", *branches))
