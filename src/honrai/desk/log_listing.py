"""The list of the log: by whom, about whom, which case, what, and when."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.cases.api import case_numbered, case_numbers
from honrai.desk.words import KINDS
from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import parse_date
from honrai.parties.api import resident_key
from honrai.platform.authority.api import Act, Actor
from honrai.platform.events.words import event_word, event_words, subject_word
from honrai.platform.organisations.api import display_names, people_called
from honrai.ui.tables import Cell, Column, Filter, Listing
from honrai.ui.templatetags.honrai import moment

Rows = QuerySet[Any]


def log(actor: Actor) -> Listing:
    """Return the list of the log, newest first; people are called as the viewer may know them."""
    called = _once(lambda person: display_names(actor, [person], actor.day).get(person, ""))
    numbered = _once(lambda case: case_numbers([case]).get(case, f"廃棄済み（{case}）"))
    return Listing(
        id="log",
        caption="記録",
        columns=(
            Column("日時", lambda row: moment(row.at), order=("at",)),
            Column("出来事", lambda row: event_word(row.name), order=("name",)),
            Column("行為者", lambda row: called(row.who_person) if row.who_person else KINDS[row.who_kind]),
            Column("端末・接続元", lambda row: row.place),
            Column("対象", lambda row: f"{subject_word(row.subject_kind)} {row.subject_id or ''}".strip()),
            Column("案件", lambda row: _case(row.case_id, numbered)),
            Column("内容", lambda row: _content(row.data)),
        ),
        filters=(
            Filter("word", "出来事", _by_word),
            Filter("case", "案件（受付番号）", lambda rows, value: rows.filter(case_id=case_numbered(value) or 0)),
            Filter("actor", "行為者（職員番号・仮名・職員名）", _by_actor),
            Filter("resident", "対象の人（宛名番号）", _about_resident),
            Filter("since", "この日から", _since),
            Filter("until", "この日まで", _until),
        ),
        order=("-pk",),
        empty="記録はまだありません。",
    )


def _once(find: Callable[[int], str]) -> Callable[[int], str]:
    """Ask for each key once a page."""
    known: dict[int, str] = {}

    def found(key: int) -> str:
        if key not in known:
            known[key] = find(key)
        return known[key]

    return found


def _case(case: int | None, numbered: Callable[[int], str]) -> Cell | str:
    return "" if case is None else Cell(numbered(case), url=reverse("desk:case", args=[case]))


def _content(data: dict[str, Any]) -> str:
    acts = {act.value: act.label for act in Act}
    return "、".join(
        f"{name}={acts.get(str(value), value)}" for name, value in data.items() if value not in (None, "", [])
    )


def _by_word(rows: Rows, value: str) -> Rows:
    """Narrow to events whose words, or whose name from its beginning, hold what was typed."""
    return rows.filter(
        name__in=[name for name, word in event_words().items() if value in word or name.startswith(value)]
    )


def _by_actor(rows: Rows, value: str) -> Rows:
    return rows.filter(who_person__in=people_called(value))


def _about_resident(rows: Rows, value: str) -> Rows:
    """Narrow to what is about one resident: reads, and lists of a search that showed this one."""
    key = resident_key(value) or 0
    return rows.filter(
        Q(subject_kind="resident", subject_id=key) | Q(name="parties.searched", data__residents__contains=key)
    )


def _since(rows: Rows, value: str) -> Rows:
    day = _day(value)
    return rows.filter(at__date__gte=day) if day else rows.none()


def _until(rows: Rows, value: str) -> Rows:
    day = _day(value)
    return rows.filter(at__date__lt=day + timedelta(days=1)) if day else rows.none()


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except Invalid:
        return None
