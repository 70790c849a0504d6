"""What the screens of the desk show, joined from several chapters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from honrai.cases import api as cases
from honrai.desk.words import EVENTS
from honrai.intake import api as intake
from honrai.platform.authority.api import Actor
from honrai.procedures import api as procedures
from honrai.procedures.forms import DESK, Sheet, answers_of, sheets_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline in words."""

    at: datetime
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a case: what it is, its file, how many pages can be shown beside the fields."""

    label: str
    file: int
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with everything its page shows, in words."""

    view: cases.CaseView
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    facts: Sequence[tuple[str, str]]
    papers: Sequence[Paper]
    together: int | None


@dataclass(frozen=True, slots=True)
class Bench:
    """The task screen: the case, the step, its form and manual; what may come out of it."""

    task: cases.TaskView
    case: cases.CaseView
    place: cases.Workplace
    papers: Sequence[Paper]
    missing_facts: Sequence[procedures.Fact]
    manual: SafeString | str
    precedents: Sequence[Any] = ()

    @property
    def issues(self) -> bool:
        """True where the step issues letters."""
        return bool(self.place.step.letter)

    def sheets(self, data: QueryDict | None) -> list[Sheet]:
        """Return a sheet for each section of the step; a question that does not apply and was not answered stays hidden."""
        pack = procedures.runnable(self.case.version).pack
        return sheets_of(
            pack, self.place.sections, data, self.case.values, on=self.case.received_on, face=DESK,
            channel=self.case.channel, facts=self.case.facts,
        )  # fmt: skip

    def facts(self, data: QueryDict) -> dict[str, Any]:
        """Return the facts an official entered in this step."""
        asked = {fact.id: fact for fact in self.missing_facts}
        return {name: value for name in asked if (value := data.get(f"fact:{name}", "")) != ""}


def dossier(row: Any, actor: Actor, *, now: datetime) -> Dossier:
    """Return a case as its page shows it."""
    view = cases.view_case(row, actor, now=now)
    pack = procedures.runnable(view.version).pack
    labels = {fact.id: fact.label for fact in pack.facts}
    return Dossier(
        view=view,
        sections=_sections(pack, view.values),
        facts=[(labels.get(name, name), _words(value)) for name, value in view.facts.items()],
        papers=papers_of(pack, view),
        together=intake.submission_of(row.application),
    )


def bench(task: int, actor: Actor, *, now: datetime) -> Bench:
    """Return the task screen of one task the actor may see.

    Raises:
        Denied: the case is not visible to the actor.
    """
    row, place = cases.workplace(task, actor, now=now)
    view = cases.view_case(row, actor, now=now)
    pack = procedures.runnable(view.version).pack
    missing = [fact for fact in pack.facts if fact.id not in view.facts] if actor.contract is None else []
    manual = place.manual.text if place.manual else ""
    view = replace(view, deficiencies=[one for one in view.deficiencies if one.state != "settled"])
    return Bench(place.task, view, place, papers_of(pack, view), missing, procedures.manual_html(manual))


def papers_of(pack: procedures.Pack, view: cases.CaseView) -> list[Paper]:
    """Return the papers of a case under their names in the pack."""
    labels = {one.id: one.label for one in pack.form.attachments}
    return [Paper(labels.get(item["id"], item["id"]), item["file"]) for item in view.attachments]


def files_of(row: Any) -> set[int]:
    """Return the keys of all files of a case: papers and letters."""
    letters = row.letters.exclude(file=None).values_list("file", flat=True)
    return {item["file"] for item in row.attachments} | set(letters)


def _sections(pack: procedures.Pack, values: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for section in pack.form.sections:
        given = answers_of(section, values)
        if given:
            found.append((section.title, given))
    return found


def line_of(moment: cases.Moment) -> Line:
    """Return one line of a timeline in words."""
    made = EVENTS.get(moment.name)
    return Line(moment.at, made(moment.data) if made else moment.name, moment.by)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value)


__all__ = ["Bench", "Dossier", "bench", "dossier", "files_of"]
