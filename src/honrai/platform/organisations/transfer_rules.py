"""発令 as values: reading the file, and what each line would do, checked on the whole list before anything is written.

The file is CSV with a header: 職員番号, 氏名, フリガナ, 発令区分, 職コード. Moves within one list may chain (A takes B's post,
B takes C's): all ends count before all starts.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HEADER = ("職員番号", "氏名", "フリガナ", "発令区分", "職コード")


class Action(StrEnum):
    """発令区分, as written in the file."""

    HIRE = "採用"
    MOVE = "異動"
    ADD = "兼務"
    DROP = "兼務解除"
    ACT = "代理"
    STOP_ACTING = "代理解除"
    LEAVE = "退職"

    @property
    def needs_post(self) -> bool:
        """True where the line must name a post."""
        return self is not Action.LEAVE

    @property
    def kind(self) -> str:
        """The kind of assignment it starts or ends."""
        if self in {Action.ADD, Action.DROP}:
            return "concurrent"
        return "acting" if self in {Action.ACT, Action.STOP_ACTING} else "main"

    @property
    def starts(self) -> bool:
        """True where the line gives a post."""
        return self in {Action.HIRE, Action.MOVE, Action.ADD, Action.ACT}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; `line` counts from 2, the first one after the header."""

    line: int
    number: str
    name: str
    kana: str
    action: str
    post: str


@dataclass(frozen=True, slots=True)
class Held:
    """A post held on the eve of the effective day: 職員番号, post code, kind of assignment."""

    number: str
    post: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The organisation a list is checked against.

    Attributes:
        names: 職員番号 -> name of the city's staff.
        outsiders: 職員番号 of contractors' people, who cannot be transferred.
        posts: post code -> title, of posts that exist on the effective day.
        held: what everybody holds without the list.
    """

    names: Mapping[str, str]
    outsiders: frozenset[str]
    posts: Mapping[str, str]
    held: Sequence[Held]


@dataclass(frozen=True, slots=True)
class Planned:
    """One line as it would work: what ends, what starts, and what is wrong with it (empty: nothing)."""

    line: Line
    ends: tuple[Held, ...]
    starts: Held | None
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole list as it would work. It can be applied when no line has an error."""

    lines: tuple[Planned, ...]
    vacant: tuple[str, ...]
    leavers: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True where every line can be applied and there is at least one."""
        return bool(self.lines) and not any(planned.errors for planned in self.lines)


class BadFile(ValueError):
    """The file cannot be read as a list of transfers; the message says what to mend."""


def read_lines(content: bytes) -> list[Line]:
    """Read a CSV file in UTF-8 (with or without BOM) or CP932 (Windows); blank lines are skipped.

    Raises:
        BadFile: other encoding, a missing column, or no line at all.
    """
    rows = csv.DictReader(io.StringIO(_decode(content), newline=""))
    missing = [name for name in HEADER if name not in (rows.fieldnames or ())]
    if missing:
        raise BadFile(f"見出しの列が足りません：{'、'.join(missing)}。1行目に {','.join(HEADER)} を置いてください。")
    lines = [
        Line(rows.line_num, *((row.get(name) or "").strip() for name in HEADER))
        for row in rows
        if any((row.get(name) or "").strip() for name in HEADER)
    ]
    if not lines:
        raise BadFile("発令の行がありません。")
    return lines


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("文字コードを判別できません。UTF-8 または Shift_JIS（Windows）で保存してください。")


def plan(lines: Iterable[Line], standing: Standing) -> Plan:
    """Work out what a list would do and everything wrong with it, line by line.

    Errors: unknown 発令区分, person or post; a name that differs from the register; a contractor's person; hiring a known
    number; ending what is not held; the same line twice; and, over the whole list, a post with two holders or a person
    with two main posts.
    """
    lines = list(lines)
    planned = [_plan_line(line, standing) for line in lines]
    ended = Counter(held for item in planned for held in item.ends)
    kept = [held for held in standing.held if not ended[held]]
    started = [item.starts for item in planned if item.starts is not None]
    after = kept + started
    counts = _Counts(
        holders=Counter(held.post for held in after if held.kind != "acting"),
        mains=Counter(held.number for held in after if held.kind == "main"),
        seats=Counter((held.number, held.post) for held in after),
        lines=Counter((line.number, line.action, line.post) for line in lines),
        leavers=frozenset(line.number for line in lines if line.action == Action.LEAVE),
    )
    checked = tuple(
        Planned(item.line, item.ends, item.starts, item.errors + _clashes(item, counts, standing)) for item in planned
    )
    vacant = {held.post for item in planned for held in item.ends if held.kind != "acting"} - set(counts.holders)
    return Plan(checked, tuple(sorted(vacant)), tuple(sorted(counts.leavers)))


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the whole list leads to: holders of each post, main posts and seats of each person, equal lines, leavers."""

    holders: Mapping[str, int]
    mains: Mapping[str, int]
    seats: Mapping[tuple[str, str], int]
    lines: Mapping[tuple[str, str, str], int]
    leavers: frozenset[str]


def _plan_line(line: Line, standing: Standing) -> Planned:
    errors = tuple(_line_errors(line, standing))
    if line.action not in set(Action):
        return Planned(line, (), None, errors)
    action = Action(line.action)
    own = [held for held in standing.held if held.number == line.number]
    if action is Action.LEAVE:
        ends = own
    elif action is Action.MOVE:
        ends = [held for held in own if held.kind == "main"]
    elif action.starts:
        ends = []
    else:
        ends = [held for held in own if held.kind == action.kind and held.post == line.post]
        errors += () if ends else (f"職「{line.post}」の{action.value.removesuffix('解除')}に就いていません。",)
    starts = Held(line.number, line.post, action.kind) if action.starts and not errors else None
    return Planned(line, tuple(ends), starts, errors)


def _line_errors(line: Line, standing: Standing) -> Iterable[str]:
    if line.action not in set(Action):
        yield f"発令区分「{line.action}」はありません。{'・'.join(Action)}のいずれかにしてください。"
        return
    known = standing.names.get(line.number)
    if not line.number:
        yield "職員番号がありません。"
    elif line.number in standing.outsiders:
        yield "受託者の人は発令できません。配置は受託者が決めます。"
    elif line.action == Action.HIRE:
        if known is not None:
            yield "この職員番号は登録済みです。在籍者・復帰者は「異動」にしてください。"
        if not line.name:
            yield "採用には氏名が必要です。"
    elif known is None:
        yield "この職員番号の職員はいません。"
    elif line.name and line.name != known:
        yield "氏名が登録と違います。職員番号を確認してください。"
    if Action(line.action).needs_post and line.post not in standing.posts:
        yield f"発令日に職コード「{line.post}」の職はありません。"


def _clashes(item: Planned, counts: _Counts, standing: Standing) -> tuple[str, ...]:
    line, starts = item.line, item.starts
    found = []
    if counts.lines[line.number, line.action, line.post] > 1:
        found.append("同じ内容の行が2つ以上あります。")
    if starts is None:
        return tuple(found)
    if line.number in counts.leavers:
        found.append("退職する人に職を発令しています。")
    if counts.seats[starts.number, starts.post] > 1:
        found.append("この人は、すでにこの職に就いています。")
    if starts.kind != "acting" and counts.holders[starts.post] > 1:
        holders = counts.holders[starts.post]
        found.append(f"職「{standing.posts[starts.post]}（{starts.post}）」に就く人が{holders}人になります。")
    if starts.kind == "main" and counts.mains[starts.number] > 1:
        found.append("本務の職が2つ以上になります。兼務にするか、元の職を終えてください。")
    return tuple(found)
