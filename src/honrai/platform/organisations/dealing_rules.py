"""Rules of what city and contractor deal in: which step whom, in which state, by which kind of message. Values only.

Source: domain facts on 偽装請負: the city turns to the contract's manager with orders, talks on changes, inspections, answers
and complaints; sequence, people and shifts are the contractor's own.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from honrai.platform.authority.acts import Channel


class Side(StrEnum):
    """Which of the two speaks."""

    CITY = "city"
    CONTRACTOR = "contractor"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return "市" if self is Side.CITY else "受託者"


class DealingKind(StrEnum):
    """The kinds of dealing, each numbered for itself."""

    ORDER = "order"
    CHANGE = "change"
    INSPECTION = "inspection"
    REDO = "redo"
    QUERY = "query"
    CITY_QUERY = "city-query"
    INFORMATION = "information"
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    STOP = "stop"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return _LABELS[self]


_LABELS = {
    DealingKind.ORDER: "発注",
    DealingKind.CHANGE: "仕様変更協議",
    DealingKind.INSPECTION: "検収",
    DealingKind.REDO: "再履行",
    DealingKind.QUERY: "照会",
    DealingKind.CITY_QUERY: "市からの照会",
    DealingKind.INFORMATION: "情報提供",
    DealingKind.COMPLAINT: "苦情",
    DealingKind.INCIDENT: "事故",
    DealingKind.STOP: "作業停止",
}

#: Who may open which kind, and by which message.
OPENINGS: dict[DealingKind, dict[Side, Channel]] = {
    DealingKind.ORDER: {Side.CITY: Channel.ORDER},
    DealingKind.CHANGE: {Side.CITY: Channel.CHANGE, Side.CONTRACTOR: Channel.PROPOSAL},
    DealingKind.INSPECTION: {Side.CITY: Channel.INSPECTION},
    DealingKind.REDO: {Side.CITY: Channel.REDO},
    DealingKind.QUERY: {Side.CONTRACTOR: Channel.QUERY},
    DealingKind.CITY_QUERY: {Side.CITY: Channel.CITY_QUERY},
    DealingKind.INFORMATION: {Side.CITY: Channel.INFORMATION, Side.CONTRACTOR: Channel.NOTICE},
    DealingKind.COMPLAINT: {Side.CITY: Channel.COMPLAINT},
    DealingKind.INCIDENT: {Side.CITY: Channel.INCIDENT, Side.CONTRACTOR: Channel.INCIDENT_REPORT},
    DealingKind.STOP: {Side.CITY: Channel.STOP},
}

#: Kinds that change what the contract owes: only who manages the contract for the city opens them or steps in them.
COMMERCIAL = frozenset({DealingKind.ORDER, DealingKind.CHANGE, DealingKind.INSPECTION, DealingKind.REDO})
#: Kinds whose opening the city must date: what is asked for by when.
NEEDS_DUE = frozenset({DealingKind.ORDER, DealingKind.REDO, DealingKind.QUERY, DealingKind.CITY_QUERY})

STATES = {
    "open": "相手の返事待ち",
    "accepted": "受注済み",
    "objected": "協議を求められています",
    "agreed": "双方合意",
    "declined": "不成立",
    "answered": "回答あり",
    "redone": "再履行の報告あり",
    "passed": "合格",
    "failed": "再履行",
    "stopped": "停止中（確認済み）",
    "closed": "終了",
    "withdrawn": "取下げ",
}
ENDED = frozenset({"agreed", "declined", "closed", "withdrawn", "passed", "failed"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: by whom, from which states to which, by which message; whether words are needed.

    Attributes:
        key: code.
        label: on the button.
        by: the sides that may; `other` narrows to the side that did not open the dealing.
        begin: states it is possible in.
        end: state after it; "" leaves the state.
        channels: message it is sent as, by side.
        words: True where it needs a text.
        other: only for the side that did not open it.
    """

    key: str
    label: str
    by: frozenset[Side]
    begin: frozenset[str]
    end: str
    channels: dict[Side, Channel]
    words: bool = False
    other: bool = False


def _step(
    key: str, label: str, begin: str, end: str, city: Channel | None = None, firm: Channel | None = None, **more: bool
) -> Step:
    channels = {side: one for side, one in ((Side.CITY, city), (Side.CONTRACTOR, firm)) if one is not None}
    return Step(key, label, frozenset(channels), frozenset(begin.split()), end, channels, **more)


_REPLY, _ANSWER, _CLOSE = Channel.REPLY, Channel.ANSWER, Channel.INFORMATION
_QUESTION_OF_CITY = (
    _step("reply", "回答する", "open", "answered", firm=_REPLY, words=True),
    _step("again", "もう一度求める", "answered", "open", city=Channel.CITY_QUERY, words=True),
    _step("close", "終了する", "answered", "closed", city=_CLOSE),
)
STEPS: dict[DealingKind, tuple[Step, ...]] = {
    DealingKind.ORDER: (
        _step("accept", "受注する", "open objected", "accepted", firm=_REPLY),
        _step("object", "協議を求める", "open accepted", "objected", firm=Channel.PROPOSAL, words=True),
        _step("withdraw", "取り下げる", "open objected", "withdrawn", city=Channel.INFORMATION, words=True),
        _step("close", "履行を終了とする", "accepted", "closed", city=_CLOSE),
    ),
    DealingKind.CHANGE: (
        _step("say", "協議の経過を記録する", "open", "", Channel.INFORMATION, Channel.NOTICE, words=True),
        _step("agree", "合意する", "open", "agreed", Channel.CHANGE, _REPLY, other=True),
        _step("decline", "合意しない", "open", "declined", Channel.INFORMATION, _REPLY, words=True),
    ),
    DealingKind.INSPECTION: (
        _step("object", "検収結果に意見を述べる", "passed failed", "", firm=Channel.PROPOSAL, words=True),
    ),
    DealingKind.REDO: (
        _step("redone", "再履行を報告する", "open", "redone", firm=Channel.DELIVERY, words=True),
        _step("again", "もう一度求める", "redone", "open", city=Channel.REDO, words=True),
        _step("close", "再履行を認める", "redone", "closed", city=Channel.INSPECTION),
    ),
    DealingKind.QUERY: (
        _step("answer", "回答する", "open", "answered", city=_ANSWER, words=True),
        _step("again", "もう一度照会する", "answered", "open", firm=Channel.QUERY, words=True),
        _step("close", "了解して終了する", "answered", "closed", firm=_REPLY),
    ),
    DealingKind.CITY_QUERY: _QUESTION_OF_CITY,
    DealingKind.INFORMATION: (
        _step("close", "確認した", "open", "closed", Channel.INFORMATION, Channel.NOTICE, other=True),
    ),
    DealingKind.COMPLAINT: _QUESTION_OF_CITY,
    DealingKind.INCIDENT: (
        _step("reply", "対応を報告する", "open", "answered", firm=Channel.INCIDENT_REPORT, words=True),
        _step("again", "追加の対応を求める", "answered", "open", city=Channel.INCIDENT, words=True),
        _step("close", "効果を確かめて終了する", "answered", "closed", city=_CLOSE, words=True),
    ),
    DealingKind.STOP: (
        _step("stopped", "停止したことを報告する", "open", "stopped", firm=_REPLY),
        _step("close", "作業を再開してよい", "open stopped", "closed", city=Channel.RESUME, words=True),
    ),
}


def steps_open(kind: DealingKind, state: str, side: Side, opener: Side) -> tuple[Step, ...]:
    """Return the steps one side may take now."""
    return tuple(
        step for step in STEPS[kind] if side in step.by and state in step.begin and not (step.other and side == opener)
    )


def first_state(kind: DealingKind, passed: bool | None = None) -> str:
    """Return the state a dealing begins in; an inspection ends where it begins, with its result."""
    if kind is DealingKind.INSPECTION:
        return "passed" if passed else "failed"
    return "open"


def fiscal_year(day: date) -> int:
    """Return the fiscal year (April to March) a number is counted in."""
    return day.year - (day.month < 4)


def number_of(kind: DealingKind, year: int, serial: int) -> str:
    """Return the number people know a dealing by, e.g. 発注 R8-003."""
    return f"{kind.label} R{year - 2018}-{serial:03d}"
