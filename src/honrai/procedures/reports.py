"""The gate report of a draft as people see it: what the last run found, joined with what was said since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from honrai.procedures.drafts import contents
from honrai.procedures.models import Acceptance, Draft, GateRun, Inquiry, Opinion, Variant
from honrai.procedures.operations.gating import last_run
from honrai.procedures.rules.gate import TITLES, Comment, Consultation, check_consultation
from honrai.procedures.rules.gate_precedents import Change, check_accepted
from honrai.procedures.rules.problems import Problem
from honrai.procedures.rules.wards import open_differences
from honrai.procedures.variants import compared


@dataclass(frozen=True, slots=True)
class PointView:
    """One of the nine points: `state` is holds, fails or open (not looked at yet)."""

    number: int
    title: str
    state: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A changed precedent side by side, and the approver's word on it where there is one."""

    change: Change
    accepted: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The gate report of a draft.

    Attributes:
        run: the latest run; None before the first.
        fresh: the run looked at the draft as it is now and came to its end.
        points: the nine points.
        changes: changed precedents.
        replay: counts and changed decisions of the replay; None where nothing ran.
        flaws: counter-examples in the flow, each with `path` and `elements` to draw.
        unreadable: why the pack could not be read at all.
    """

    run: GateRun | None
    fresh: bool
    points: tuple[PointView, ...]
    changes: tuple[ChangeView, ...]
    replay: dict[str, Any] | None
    flaws: Sequence[dict[str, Any]]
    unreadable: tuple[Problem, ...]

    @property
    def passes(self) -> bool:
        """Whether the draft may be published: all nine points hold for it as it is now."""
        return self.fresh and all(point.state == "holds" for point in self.points)


def report_of(draft: Draft) -> Report:
    """Return the gate report of a draft: points 1 to 8 of the last run, points 7 and 9 with what was said since."""
    run = last_run(draft)
    found = run.report if run is not None else {}
    fresh = run is not None and run.lock == draft.lock and run.finished_at is not None and not run.cancelled
    changes = _changes(draft, found.get("changes", ()))
    return Report(
        run=run,
        fresh=fresh,
        points=tuple(_point(draft, found, number, changes, fresh=fresh) for number in TITLES),
        changes=changes,
        replay=found.get("replay"),
        flaws=found.get("flaws", ()),
        unreadable=tuple(Problem(**one) for one in found.get("unreadable", ())),
    )


def consultation_of(draft: Draft) -> Consultation:
    """Return who was asked, who answered and the comments, as point 9 looks at them."""
    inquiries = list(Inquiry.objects.filter(draft=draft).order_by("pk"))
    opinions = Opinion.objects.filter(inquiry__draft=draft).select_related("inquiry").order_by("pk")
    return Consultation(
        asked=tuple(one.name for one in inquiries),
        answered=frozenset(one.name for one in inquiries if one.answered_at is not None),
        comments=tuple(Comment(one.inquiry.name, one.text, one.get_disposition_display()) for one in opinions),
    )


def _point(
    draft: Draft, found: dict[str, Any], number: int, changes: tuple[ChangeView, ...], *, fresh: bool
) -> PointView:
    title = TITLES[number]
    if number == 9:
        problems = tuple(_ninth(draft))
        return PointView(number, title, "fails" if problems else "holds", problems)
    if number == 8:
        return PointView(number, title, "holds" if fresh and not found.get("unreadable") else "open", ())
    stored = found.get("points", {}).get(str(number))
    if stored is None:
        return PointView(number, title, "open", ())
    problems = tuple(Problem(**one) for one in stored)
    if number == 7:
        problems = (*problems, *_unaccepted(changes))
    return PointView(number, title, "fails" if problems else "holds", problems)


def _ninth(draft: Draft) -> list[Problem]:
    """Consultation and the differences of wards; an inner pack is the contractor's own, nobody is asked."""
    if draft.contract is not None:
        return []
    undecided = open_differences(compared(draft)) if Variant.objects.filter(draft=draft).exists() else ()
    return [*check_consultation(consultation_of(draft)), *undecided]


def _unaccepted(changes: tuple[ChangeView, ...]) -> list[Problem]:
    accepted = {one.change.case: one.reason for one in changes if one.accepted}
    sent_back = {one.change.case: one.reason for one in changes if one.accepted is False}
    return [
        Problem(
            problem.file,
            problem.element,
            f"{problem.message}　決裁者が差し戻しました: {sent_back[problem.element]}",
            "決定表を直してください",
        )
        if problem.element in sent_back
        else problem
        for problem in check_accepted([one.change for one in changes], accepted)
    ]


def _changes(draft: Draft, found: Sequence[dict[str, str]]) -> tuple[ChangeView, ...]:
    said = {one.precedent: one for one in Acceptance.objects.filter(draft=draft)}
    views = []
    for row in found:
        change, word = Change(**row), said.get(row["case"])
        counts = word is not None and (word.before, word.after) == (change.before, change.after)
        views.append(
            ChangeView(change, word.accepted if word and counts else None, word.reason if word and counts else "")
        )
    return tuple(views)


def report_files(draft: Draft) -> dict[str, bytes]:
    """Return the files of a draft, for the pictures of its report."""
    return contents(draft.files)
