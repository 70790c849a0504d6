"""The publishing gate: a draft becomes a version only when every point holds; each failure says what to mend."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.errors import FeelError
from honrai.engines.flow.api import FlowError
from honrai.kernel.business_calendar import BusinessCalendar
from honrai.procedures.rules.gate_flow import check_acts, check_separation, check_soundness
from honrai.procedures.rules.gate_names import check_names
from honrai.procedures.rules.gate_precedents import (
    Change,
    ClosedCase,
    Replay,
    changed_precedents,
    check_accepted,
    check_precedents,
    replay,
)
from honrai.procedures.rules.gate_tables import check_tables
from honrai.procedures.rules.gate_words import check_words
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.problems import Problem

TITLES: Mapping[int, str] = {
    1: "流れは必ず終わり、取り残しがない",
    2: "行為は、してよい組織のところにある",
    3: "自分の仕事を自分で確かめない",
    4: "決定表に隙間も食い違いもない",
    5: "使う名前はすべてあり、先に受け付けている",
    6: "作業ごとの手引き・時間、結果ごとの文書がある",
    7: "判断事例がすべて通り、実務の変更は認められている",
    8: "過去の案件で試し、変わるものを示した",
    9: "区と所管課に意見を聞き、すべてに扱いを決めた",
}


@dataclass(frozen=True)
class Point:
    """One point of the gate: it holds when there is no problem."""

    number: int
    title: str
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is left to mend."""
        return not self.problems


@dataclass(frozen=True)
class Comment:
    """One opinion from a ward or the owner section; `disposition` says what was done about it, empty while open."""

    office: str
    text: str
    disposition: str = ""


@dataclass(frozen=True)
class Consultation:
    """意見照会: who was asked, who answered (an answer without comment counts), and the comments."""

    asked: tuple[str, ...]
    answered: frozenset[str]
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True)
class GateReport:
    """The nine points, the changes of practice, and the replay; `replay` is None where there is no version before."""

    points: tuple[Point, ...]
    changes: tuple[Change, ...] = ()
    replay: Replay | None = None

    @property
    def passes(self) -> bool:
        """Whether the draft may be published."""
        return all(point.holds for point in self.points)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything left to mend, point by point."""
        return tuple(problem for point in self.points for problem in point.problems)


def check_pack(pack: Pack) -> tuple[Point, ...]:
    """Return points 1 to 7 of the gate as far as the pack alone can answer them."""
    return tuple(check_point(pack, number) for number in _CHECKS)


def check_point(pack: Pack, number: int) -> Point:
    """Return one of points 1 to 7 as far as the pack alone can answer it; tables and precedents are the city's only."""
    due = pack.identity.kind == "city" or number not in _CITY_ONLY
    return Point(number, TITLES[number], _run(_CHECKS[number], pack) if due else ())


_CITY_ONLY = (4, 7)
_CHECKS: Mapping[int, Callable[[Pack], Iterator[Problem]]] = {
    1: check_soundness,
    2: check_acts,
    3: check_separation,
    4: check_tables,
    5: check_names,
    6: check_words,
    7: check_precedents,
}


def check_gate(
    draft: Pack,
    consultation: Consultation,
    *,
    before: Pack | None = None,
    accepted: Mapping[str, str] | None = None,
    corpus: Iterable[ClosedCase] = (),
    calendar: BusinessCalendar | None = None,
) -> GateReport:
    """Return the whole gate report of a draft.

    Args:
        draft: the pack to be published.
        consultation: who was asked, and what became of each comment.
        before: the version in force; None for the first one.
        accepted: precedent id -> the approver's reason for letting its outcome change.
        corpus: closed cases for the replay.
        calendar: the city's business days.
    """
    points = list(check_pack(draft))
    changes = changed_precedents(before, draft) if before is not None else ()
    open_changes = tuple(check_accepted(changes, accepted or {}))
    seventh = points[6]
    points[6] = Point(7, seventh.title, (*seventh.problems, *open_changes))
    shown = replay(before, draft, corpus, calendar or BusinessCalendar()) if before is not None else None
    points.append(Point(8, TITLES[8], ()))
    points.append(Point(9, TITLES[9], tuple(check_consultation(consultation))))
    return GateReport(tuple(points), changes, shown)


def check_consultation(consultation: Consultation) -> Iterator[Problem]:
    """Yield each office that has not answered and each comment without a disposition (point 9)."""
    if not consultation.asked:
        yield Problem("", "意見照会", "誰にも意見を聞いていません", "各区と所管課に意見を照会してください")
    for office in consultation.asked:
        if office not in consultation.answered:
            yield Problem("", office, "回答がありません", "回答(意見なしを含む)をもらってください")
    for comment in consultation.comments:
        if not comment.disposition.strip():
            yield Problem(
                "",
                comment.office,
                f"意見「{comment.text}」の扱いが決まっていません",
                "反映・不採用と理由を書いてください",
            )


def _run(check: Callable[[Pack], Iterator[Problem]], pack: Pack) -> tuple[Problem, ...]:
    """A file an engine cannot read at all is a problem of the point that asked it."""
    try:
        return tuple(check(pack))
    except (DecisionError, FeelError, FlowError) as error:
        remedy = "書き出し直すか、示された行を直してください"
        return (Problem(getattr(error, "file", "") or "", "", str(error), remedy),)
