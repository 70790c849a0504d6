"""Places a form on A4 pages: section by section, row by row, nothing across a page break, every box known to the tenth of a mm."""

from collections.abc import Mapping
from typing import Any

from honrai.procedures.rules.condition_words import in_words, labels_of
from honrai.procedures.rules.model import Attachment, Field, Pack, Section
from honrai.procedures.rules.paper.filling import typed_values, written
from honrai.procedures.rules.paper.model import Box, Frame, Paper, Words
from honrai.procedures.rules.paper.parts import COLUMN, ROW, TICK, Part, lines_of, parts_of, tick, width_of

LEFT, RIGHT_EDGE = 17.0, 193.0
TOP, BOTTOM = 29.0, 278.0
LABEL = RIGHT_EDGE - LEFT - COLUMN
_BAR = 6.0
#: A row of a repeated section is kept on one page up to this height.
_BLOCK = 90.0
#: Rows of a repeated section printed on the empty form; more follow on further pages when they are filled.
PRINTED_ROWS = 4
_SHEET = {"申請": "申請書", "届出": "届出書", "請求": "請求書", "契約・登録": "依頼書"}
_GUIDE = (
    "枠の中に、黒のボールペンで書いてください。",
    "選ぶところは □ に ✓ を付けてください。",
    "個人番号(マイナンバー)は書かないでください。",
)


def sheet_title(pack: Pack) -> str:
    """Return the heading of the paper: こども医療費助成 資格認定 申請書."""
    word = _SHEET.get(pack.identity.nature, "記入書")
    title = pack.identity.title
    return title if title.endswith("書") else f"{title}　{word}"


def paper_of(pack: Pack, values: Mapping[str, Any] | None = None, *, note: str = "") -> Paper:
    """Return the form of a pack on paper.

    The boxes of the empty form stand at the same place on the filled one; rows beyond those printed come on pages after it.

    Args:
        pack: the version to print.
        values: answers by field id, rows of repeated sections by section id; None for an empty form.
        note: a line at the top, such as 「窓口で聞き取った内容です。確かめて署名してください」.
    """
    pen = _Pen(pack, typed_values(pack.form, values or {}))
    pen.head(note)
    for section in pack.form.sections:
        pen.section(section, range(min(section.repeat, PRINTED_ROWS)))
    pen.papers(pack.form.attachments)
    for section in pack.form.sections:
        more = range(PRINTED_ROWS, len((values or {}).get(section.id) or ())) if section.repeat else range(0)
        if more:
            pen.turn()
            pen.section(section, more)
    return pen.paper()


class _Pen:
    """Goes down the pages and keeps what it has drawn."""

    def __init__(self, pack: Pack, answers: Mapping[str, Any]) -> None:
        self.pack, self.answers = pack, answers
        self.labels = labels_of(pack)
        self.page, self.y = 1, TOP
        self.boxes: list[Box] = []
        self.frames: list[Frame] = []
        self.words: list[Words] = []

    def paper(self) -> Paper:
        """Return what was drawn, with the foot of every page."""
        foot = f"{self.pack.identity.code}　{self.pack.identity.version}版"
        for page in range(1, self.page + 1):
            self.words.append(Words(page, 20, 282, 110, 6, foot, 8))
            self.words.append(Words(page, 130, 282, 60, 6, f"{page} / {self.page} ページ", 9, "right"))
        return Paper(
            code=self.pack.identity.code,
            address=self.pack.address,
            title=sheet_title(self.pack),
            pages=self.page,
            boxes=tuple(self.boxes),
            frames=tuple(self.frames),
            words=tuple(self.words),
        )

    def turn(self) -> None:
        """Begin the next page."""
        self.page, self.y = self.page + 1, TOP
        self.say(20, 10, 146, 12, sheet_title(self.pack) + "（つづき）", 10)

    def say(self, x: float, y: float, w: float, h: float, text: str, size: float = 9, **how: Any) -> None:
        """Draw words on this page."""
        if text:
            self.words.append(Words(self.page, x, y, w, h, text, size, **how))

    def frame(self, x: float, y: float, w: float, h: float, stroke: float = 0.4, grey: int = 255) -> None:
        """Draw a rectangle on this page."""
        self.frames.append(Frame(self.page, x, y, w, h, stroke, grey))

    def head(self, note: str) -> None:
        """Draw title, addressee, guidance and the place of the reception stamp."""
        title = sheet_title(self.pack)
        self.say(20, 9, 146, 12, title, min(15, 14.5 / max(1, width_of(title, 1) / 9.5)), align="center", bold=True)
        self.say(LEFT, 28, 100, 7, f"（宛先）{self.pack.identity.authority}", 11)
        lines = (note, *_GUIDE[1:]) if note else _GUIDE
        self.say(LEFT, 36, 140, 5 * len(lines), "\n".join(f"・{line}" for line in lines), 8.5)
        self.frame(165, 30, 28, 24, 0.3)
        self.say(165, 30, 28, 5, "収受印", 7, align="center")
        self.y = 56

    def section(self, section: Section, rows: range) -> None:
        """Draw a section once, or once for each row of a repeated one."""
        if not section.repeat:
            self._bar(section.title, sum(self._height(field) for field in section.fields[:2]))
            for field in section.fields:
                self._row(field, field.id)
            self.y += 2
            return
        for row in rows:
            few = f"{section.repeat}件まで。足りないときは用紙を足してください" if row == rows[0] else ""
            block = sum(self._height(field) for field in section.fields)
            self._bar(f"{section.title}　{row + 1}件目", min(block, _BLOCK), few)
            for field in section.fields:
                self._row(field, f"{section.id}[{row}].{field.id.removeprefix(section.id + '.')}")
            self.y += 2
        self.y += 1

    def _bar(self, title: str, following: float, aside: str = "") -> None:
        self._room(_BAR + following)
        self.frame(LEFT, self.y, RIGHT_EDGE - LEFT, _BAR, 0.8, 225)
        self.say(LEFT + 2, self.y, RIGHT_EDGE - LEFT - 4, _BAR, title, 9.5, bold=True)
        self.say(LEFT + 90, self.y, RIGHT_EDGE - LEFT - 92, _BAR, aside, 7, align="right")
        self.y += _BAR

    def _room(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self.turn()

    def _row(self, field: Field, name: str) -> None:
        height = self._height(field)
        self._room(height)
        if field.type == "consent":
            self._consent(field, name, height)
            return
        answer, parts = parts_of(field)
        self.frame(LEFT, self.y, LABEL, height, 0.4, 245)
        self.frame(LEFT + LABEL, self.y, COLUMN, height)
        self._label(field, height)
        hint = self._hint(field)
        top = round(self.y + (height - answer - hint) / 2, 2)
        for part in parts:
            self._part(part, name, field.type, top)
        if hint:
            self.say(LEFT + LABEL + 2, top + answer - 0.5, COLUMN - 4, hint, field.hint, 7)
        self.y += height

    def _label(self, field: Field, height: float) -> None:
        text, under = self._names(field)
        lines = lines_of(text, 9, LABEL - 3)
        top = max(0.0, (height - lines * 4.2 - (lines_of(under, 6.5, LABEL - 3) * 3.0 if under else 0)) / 2)
        self.say(LEFT + 1.5, self.y + top, LABEL - 3, lines * 4.2, text, 9)
        if under:
            rest = lines_of(under, 6.5, LABEL - 3) * 3.0
            self.say(LEFT + 1.5, self.y + top + lines * 4.2, LABEL - 3, rest, under, 6.5)

    def _names(self, field: Field) -> tuple[str, str]:
        """Return the label with 必須, and the condition that makes an answer compulsory."""
        text = field.label + ("（必須）" if field.required else "")
        return text, in_words(field.required_if, self.labels) if field.required_if else ""

    def _height(self, field: Field) -> float:
        if field.type == "consent":
            return max(ROW, lines_of(field.label, 9, RIGHT_EDGE - LEFT - 14) * 4.4 + 4)
        answer, _ = parts_of(field)
        text, under = self._names(field)
        label = lines_of(text, 9, LABEL - 3) * 4.2 + (lines_of(under, 6.5, LABEL - 3) * 3.0 if under else 0) + 2
        return round(max(answer + self._hint(field), label), 1)

    def _hint(self, field: Field) -> float:
        return lines_of(field.hint, 7, COLUMN - 4) * 3.2 if field.hint else 0.0

    def _consent(self, field: Field, name: str, height: float) -> None:
        self.frame(LEFT, self.y, RIGHT_EDGE - LEFT, height)
        self._part(tick(3, (height - TICK) / 2), name, field.type, self.y, LEFT)
        self.say(LEFT + 10, self.y, RIGHT_EDGE - LEFT - 12, height, field.label, 9)
        self.y += height

    def _part(self, part: Part, name: str, kind: str, y: float, left: float = LEFT + LABEL) -> None:
        x, y = round(left + part.x, 2), round(y + part.y, 2)
        if part.kind == "words":
            self.say(x, y, part.w, part.h, part.text, 9)
            return
        box = Box(name, kind, self.page, x, y, part.w, part.h, part.kind, part.cells, part.part, part.option)
        self.boxes.append(box)
        pitch = part.w / part.cells
        for cell in range(part.cells):
            self.frame(x + cell * pitch, y, pitch, part.h, 0.9 if part.kind == "mark" else 0.5)
        self.words += written(box, self.answers.get(name))

    def papers(self, attachments: tuple[Attachment, ...]) -> None:
        """Draw the list of papers to enclose, each with a box to tick."""
        if not attachments:
            return
        told = [(entry, text, self._paper_height(text)) for entry in attachments for text in [self._paper_words(entry)]]
        self._bar("いっしょに出すもの　（出すものに ✓ を付けてください）", sum(height for _, _, height in told))
        for entry, text, height in told:
            self._room(height)
            self.frame(LEFT, self.y, RIGHT_EDGE - LEFT, height)
            self._part(tick(3, (height - TICK) / 2), f"attached.{entry.id}", "attachment", self.y, LEFT)
            self.say(LEFT + 10, self.y, RIGHT_EDGE - LEFT - 12, height, text, 8.5)
            self.y += height

    def _paper_height(self, text: str) -> float:
        return max(6.5, lines_of(text, 8.5, RIGHT_EDGE - LEFT - 14) * 4.0 + 2)

    def _paper_words(self, entry: Attachment) -> str:
        when = "必ず" if entry.required else in_words(entry.required_if, self.labels) if entry.required_if else ""
        notes = [when, "原本" if entry.original else "", "確認後にお返しします" if entry.returned else "", entry.note]
        said = "。".join(note for note in notes if note)
        return f"{entry.label}（{said}）" if said else entry.label
