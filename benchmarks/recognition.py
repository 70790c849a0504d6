"""Reading filled forms: processor time a page, how many fields go to a person, how many wrong ones nobody would notice.

`python -m benchmarks.recognition [SHEETS] [tuning|test]`. The sheets are drawn with known truth: hands (fonts) and scanners of the
test set were not used while the thresholds were chosen. Fonts are Debian packages: fonts-klee, fonts-mplus,
fonts-kiloji, fonts-motoya-l-maruberi, fonts-konatu; for the test fonts-aoyagi-soseki, fonts-dkg-handwriting, fonts-motoya-l-cedar,
fonts-ipaexfont, fonts-humor-sans.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import comb
from pathlib import Path
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honrai.site.settings")
django.setup()

from honrai.documents import sheets  # noqa: E402
from honrai.documents.recognition.accepting import Known, Sum, Verdict, accept  # noqa: E402
from honrai.documents.recognition.reading import FieldRead, read_page  # noqa: E402
from honrai.documents.recognition.recognisers import default_recogniser  # noqa: E402
from honrai.documents.recognition.registering import register  # noqa: E402
from honrai.kernel.check_digits import mod9_weights_1_2, mod10_weights_2_1  # noqa: E402
from honrai.procedures import api as procedures  # noqa: E402
from honrai.procedures.rules.reading import read_folder  # noqa: E402

FONTS = Path("/usr/share/fonts")
#: Pairs of fonts: letters, and figures where another hand writes them.
HANDS = {
    "tuning": (
        ("truetype/klee/KleeOne-Regular.ttf",),
        ("opentype/mplus/Mplus1-Light.otf",),
        ("truetype/kiloji/kiloji_d.ttf",),
        ("truetype/motoya-l-maruberi/MTLmr3m.ttf",),
        ("truetype/konatu/Konatu.ttf",),
    ),
    "test": (
        ("truetype/aoyagi-soseki/aoyagi-soseki.ttf",),
        ("truetype/kiloji/kiloji_p.ttf", "truetype/fifthhorseman/dkg.ttf"),
        ("truetype/motoya-l-cedar/MTLc3m.ttf",),
        ("opentype/ipaexfont-mincho/ipaexm.ttf", "truetype/humor-sans/Humor-Sans.ttf"),
    ),
}
SCANNERS = {
    "tuning": sheets.Scanner(),
    "test": sheets.Scanner(skew=1.6, bend=0.8, blur=(0.4, 1.1), noise=(3, 11), quality=(40, 85), stamps=2),
}

ID_TYPES = frozenset({"insurer_number", "institution_code", "corporate_number", "beneficiary_number", "date_era"})
MONEY = frozenset({"yen", "whole"})
_ROWS = (1, 2, 3)
_KANA = "".join(letter for letter in map(chr, range(0x30A2, 0x30EE)) if letter not in "ァィゥェォッャュョヮヂヅ")


def invoice() -> procedures.Form:
    """Return a form of 16 fields as an institution sends it: numbers with check digits, a date, kana, amounts that add up."""
    field = procedures.Field
    head = (
        field("head.institution", "医療機関コード", "institution_code"),
        field("head.corporate", "法人番号", "corporate_number"),
        field("head.month", "診療年月", "year_month"),
        field("head.kind", "種類", "choice", options=("外来", "入院", "調剤")),
    )
    person = (
        field("person.number", "受給者番号", "beneficiary_number"),
        field("person.kana", "フリガナ", "kana"),
        field("person.born", "生年月日", "date_era"),
        field("person.insurer", "保険者番号", "insurer_number"),
    )
    lines = tuple(
        field(f"bill.{what}{row}", f"{label}{row}", kind)
        for row in _ROWS
        for what, label, kind in (("points", "点数", "whole"), ("paid", "支払額", "yen"))
    )
    totals = (field("bill.points", "点数の合計", "whole"), field("bill.paid", "支払額の合計", "yen"))
    sections = (("head", "医療機関", head), ("person", "受診者", person), ("bill", "内訳", (*lines, *totals)))
    return procedures.Form(tuple(procedures.Section(*each) for each in sections))


def truth(chance: Random) -> dict[str, Any]:
    """Return one invented invoice; every number has its check digit, the amounts add up."""
    points = [chance.randint(50, 9000) for _ in _ROWS]
    paid = [-(-one * 3 // 10) * 10 for one in points]
    institution = f"43{chance.choice('134')}{chance.randint(0, 999999):06}"
    corporate = f"{chance.randint(10**11, 10**12 - 1)}"
    insurer = f"0143{chance.randint(0, 999):03}"
    kana = ["".join(chance.choices(_KANA, k=chance.randint(2, 5))) for _ in range(2)]
    return {
        "head.institution": institution + str(mod10_weights_2_1(institution)),
        "head.corporate": str(mod9_weights_1_2(corporate)) + corporate,
        "head.month": date(2026, chance.randint(1, 12), 1),
        "head.kind": chance.choice(("外来", "入院", "調剤")),
        "person.number": f"{chance.randint(0, 9999999):07}",
        "person.kana": "\u3000".join(kana),
        "person.born": date(chance.randint(1930, 2025), chance.randint(1, 12), chance.randint(1, 28)),
        "person.insurer": insurer + str(mod10_weights_2_1(insurer)),
        **{f"bill.points{row}": points[row - 1] for row in _ROWS},
        **{f"bill.paid{row}": paid[row - 1] for row in _ROWS},
        "bill.points": sum(points),
        "bill.paid": sum(paid),
    }


def sums() -> tuple[Sum, ...]:
    """Return what must come out on an invoice: three tenths of each line, and both columns."""
    rows = tuple(
        Sum((f"bill.points{row}", f"bill.paid{row}"), _three_tenths(f"bill.points{row}", f"bill.paid{row}"))
        for row in _ROWS
    )
    columns = tuple(_column([f"bill.{what}{row}" for row in _ROWS], f"bill.{what}") for what in ("points", "paid"))
    return rows + columns


def _three_tenths(points: str, paid: str) -> Any:
    return lambda values: values[paid] == -(-values[points] * 3 // 10) * 10


def _column(parts: list[str], total: str) -> Sum:
    return Sum((*parts, total), lambda values: sum(values[one] for one in parts) == values[total])


@dataclass
class Score:
    """What became of the fields of one group."""

    fields: int = 0
    accepted: int = 0
    wrong: int = 0
    misread: int = 0

    def add(self, read: FieldRead, verdict: Verdict, told: Any) -> None:
        """Count one field."""
        self.fields += 1
        self.misread += read.value != told
        self.accepted += verdict.accepted
        self.wrong += verdict.accepted and verdict.value != told


def main() -> None:
    """Read so many sheets of a set and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chosen = sys.argv[2] if len(sys.argv) > 2 else "test"
    recogniser, paper, blanks = default_recogniser(), _paper({}), None
    blanks = sheets.blank_pages(procedures.paper_pdf(paper))
    scores: dict[str, Score] = {}
    spent = finding = lost = 0.0
    for number in range(count):
        told, scan = _sheet(number, chosen, blanks)
        start = time.process_time()
        page = register(scan, paper.marks)
        finding += time.process_time() - start
        reads = read_page(page, 1, paper.boxes, recogniser) if page else []
        spent += time.process_time() - start
        lost += page is None
        _count(scores, reads, told)
    print(f"{count} sheets ({chosen}), not found on the page: {lost:.0f}")
    each = f"{spent / count * 1000:.0f} ms, of it finding the form {finding / count * 1000:.0f}"
    print(f"processor time a page: {each} (16 fields, {recogniser.name})")
    print(
        "| fields | read | misread | referred | wrong and accepted | at most, with 95 % |\n|---|---:|---:|---:|---:|---:|"
    )
    for name, score in scores.items():
        print(_row(name, score))


@cache
def _pack() -> procedures.Pack:
    return read_folder(Path("packs/kodomo-iryo")).unwrap()


def _paper(values: Mapping[str, Any]) -> procedures.Paper:
    return procedures.paper_of(replace(_pack(), form=invoice()), values or None)


def _sheet(number: int, chosen: str, blanks: list[Any]) -> tuple[dict[str, Any], Any]:
    chance = Random(f"{chosen} {number}")
    told = truth(chance)
    fonts = HANDS[chosen]
    names = fonts[number % len(fonts)]
    hand = sheets.Hand(FONTS / names[0], FONTS / names[-1])
    words: Iterator[Any] = (word for word in _paper(told).words if word.typed)
    (scan,) = sheets.written_pages(blanks, words, hand, SCANNERS[chosen], chance.getrandbits(32))
    return told, scan


def _count(scores: dict[str, Score], reads: list[FieldRead], told: Mapping[str, Any]) -> None:
    keys = ("person.number", "person.kana", "person.born", "head.month")
    by_field = {read.field: read for read in reads}
    found = "person.number" in by_field and by_field["person.number"].value == told["person.number"]
    known = Known(ledger={key: told[key] for key in keys} if found else {}, key="person.number", sums=sums())
    for read, verdict in zip(reads, accept(reads, known), strict=True):
        group = "ID" if read.type in ID_TYPES else "money" if read.type in MONEY else read.type
        for name in (group, f"  {read.type}"):
            scores.setdefault(name, Score()).add(read, verdict, told[read.field])


def _row(name: str, score: Score) -> str:
    referred = 1 - score.accepted / score.fields
    bound = _upper(score.wrong, score.accepted)
    return f"| {name} | {score.fields} | {score.misread} | {referred:.2%} | {score.wrong} of {score.accepted} | {bound:.3%} |"


def _upper(wrong: int, of: int) -> float:
    """Return the upper end of the exact (Clopper-Pearson) interval, one-sided 95 %, by bisection."""
    if of == 0:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = sum(comb(of, k) * middle**k * (1 - middle) ** (of - k) for k in range(wrong + 1))
        low, high = (middle, high) if tail > 0.05 else (low, middle)
    return high


if __name__ == "__main__":
    main()
