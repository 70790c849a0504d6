"""The handbook on paper: typst, with contents, bookmarks and the flow on a page of its own."""

from collections.abc import Iterable, Iterator, Sequence

from honrai.kernel.wareki import format_wareki
from honrai.platform.typeset.api import pdf
from honrai.procedures.printing.form import LIBRARY
from honrai.procedures.printing.manual import Chapter, Manual, Row
from honrai.procedures.printing.markdown import quoted, to_typst


def manual_pdf(manual: Manual, *, version: str) -> bytes:
    """Return the handbook as an accessible PDF.

    Args:
        manual: see `manual_of`.
        version: which version it is, in words for the foot of every page.

    Raises:
        MissingGlyphError: a character of the text is in none of our fonts.
    """
    title = f"{manual.pack.identity.title}　手引き"
    day = f"{format_wareki(manual.on)}の額・率による"
    source = "\n".join(_parts(manual))
    data = {"title": title, "version": version, "day": day, "picture": manual.picture, "source": source}
    # `source` stands in the data too, so that a character without a glyph is named before anything is set.
    return pdf(f'#import "/honrai/manual.typ": *\n#show: manual.with(data)\n{source}', data, library=LIBRARY)


def _parts(manual: Manual) -> Iterator[str]:
    yield "= この手続について"
    yield _pairs(manual.about)
    if manual.confirm:
        yield "== 市が確かめること（要確認）"
        yield _table(("こと", "仮の扱い", "確かめること"), manual.confirm)
    yield (
        "#set page(flipped: true)\n= 流れ\n#flow-picture(data.picture, "
        + quoted(manual.pack.identity.title + "の流れ図")
        + ")"
    )
    yield "#set page(flipped: false)\n= 手引き"
    for chapter in manual.chapters:
        yield from _chapter(chapter)
    if manual.tables:
        yield "#set page(flipped: true)\n= 決定表"
        yield from (table.typst for table in manual.tables)
        yield "#set page(flipped: false)"
    if manual.amounts:
        yield "= 額・率・日数"
        rows = [
            Row((one.label, one.value + ("　要確認" if one.to_confirm else ""), one.source)) for one in manual.amounts
        ]
        yield _table(("項目", "値", "根拠"), rows)
    yield from _form(manual)
    yield "= 結果と文書"
    yield _table(("結果", "意味", "文書", "注"), manual.outcomes)
    if manual.precedents:
        yield "= 判断事例"
        yield _table(("番号", "事例", "論点", "結果", "理由・不備"), manual.precedents)


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f"#heading(level: 2, {quoted(chapter.section.title)})"
    if chapter.facts:
        yield _pairs(chapter.facts)
    yield to_typst(chapter.section.text)


def _form(manual: Manual) -> Iterator[str]:
    if manual.questions:
        yield "= 様式"
    for title, rows in manual.questions:
        yield f"#heading(level: 2, {quoted(title)})"
        yield _table(("欄", "種類", "書くとき", "直せる人"), rows)
    if manual.papers:
        yield "== 添付書類"
        yield _table(("書類", "要るとき", "注"), manual.papers)
    if manual.deficiencies:
        yield "= 不備の一覧"
        yield _table(("番号", "文", "扱い", "直せる人", "求め方"), manual.deficiencies)


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    cells = ", ".join(f"{quoted(word)}, {quoted(value)}" for word, value in pairs)
    return f"#facts({cells})"


def _table(heads: Sequence[str], rows: Iterable[Row]) -> str:
    head = ", ".join(quoted(one) for one in heads)
    cells = ", ".join(quoted(cell) for row in rows for cell in row.cells)
    return f"#listing(({head},), {cells})"
