"""What the pages of life events show, and which cases belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from honrai.intake.life_events import operations
from honrai.intake.life_events.models import Submission, SubmissionPart
from honrai.intake.life_events.publishing import event_of
from honrai.intake.life_events.rules.combining import Combined, PaperWanted
from honrai.intake.life_events.rules.definition import LifeEvent, Step
from honrai.intake.life_events.rules.planning import Advice, advise
from honrai.intake.models import Application, Attachment
from honrai.intake.ports import Item, Progress, ports
from honrai.procedures import api as procedures
from honrai.procedures.api import Field


@dataclass(frozen=True, slots=True)
class Told:
    """One procedure as the list shows it: `online` where it is part of the form, `chosen` where it is wanted now."""

    advice: Advice
    online: bool
    chosen: bool
    days_left: int | None
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperToSend:
    """One paper with what was sent of it already as (key, words)."""

    paper: PaperWanted
    sent: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One application of a submission: its number, whom it is about, how its case stands."""

    application: int
    number: str
    about: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Mending:
    """All that one person is asked to mend over the cases of a submission: each thing once.

    Attributes:
        items: (procedure, what is asked) in words.
        fields: questions under a name of their own -> (case, field id) pairs the answer goes to.
        papers: kind -> label, and application -> kind it is filed under.
        kept: what was answered before, by the name of the question.
    """

    items: Sequence[tuple[str, Item]]
    fields: Mapping[str, tuple[Field, tuple[tuple[int, str], ...]]]
    papers: Mapping[str, tuple[str, dict[int, str]]]
    kept: Mapping[str, Any]
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TogetherView:
    """A submission as staff see it beside its cases."""

    id: int
    number: str
    title: str
    channel: str
    submitted_at: datetime
    applications: tuple[int, ...]


def told(row: Submission, on: date) -> list[Told]:
    """Return the procedures the answers call for: those of the form first, each group by deadline."""
    event = event_of(row.definition_id)
    found = [
        Told(one, bool(one.step.pack), one.step.id in row.chosen, one.days_left(on), _papers_of(event, one.step, row))
        for one in advise(event, row.answers, on)
    ]
    return sorted(found, key=lambda one: not one.online)


def _papers_of(event: LifeEvent, step: Step, row: Submission) -> tuple[str, ...]:
    """Return the papers one procedure asks for, under the names of the combined form."""
    if not step.pack:
        return step.bring
    known = {one.id: one.label for one in procedures.runnable(row.versions[step.pack]).pack.form.attachments}
    return (*(event.papers.get(name, known[name]) for name in step.attach), *step.bring)


def papers(row: Submission, form: Combined) -> list[PaperToSend]:
    """Return the papers to send, each once, with what was sent already."""
    sent: dict[str, list[tuple[int, str]]] = {}
    for one in row.papers.order_by("pk"):
        sent.setdefault(one.kind, []).append((one.pk, localtime(one.at).strftime("%H:%M 送信済み")))
    return [PaperToSend(paper, sent.get(paper.id, ())) for paper in form.papers()]


def standing(submission: int) -> list[Standing]:
    """Return how all cases of a submission stand, in its order."""
    rows = Application.objects.in_bulk(operations.applications(submission))
    found = []
    for key, row in rows.items():
        group = procedures.runnable(row.version).pack.identity.subject
        about = str(row.values.get(f"{group}.name") or "")
        found += [Standing(key, row.number, about, one) for one in ports.progress(key)]
    return sorted(found, key=lambda one: one.application)


def mending(submission: int) -> Mending | None:
    """Return what is asked over all cases, each question and paper once; None where nothing is asked."""
    asking = [one for one in standing(submission) if one.progress.asked]
    if not asking:
        return None
    fields: dict[str, tuple[Field, tuple[tuple[int, str], ...]]] = {}
    wanted: dict[str, tuple[str, dict[int, str]]] = {}
    kept: dict[str, Any] = {}
    for one in asking:
        row = Application.objects.get(pk=one.application)
        pack = procedures.runnable(row.version).pack
        named = {item for asked in one.progress.asked for item in asked.items}
        for field in pack.form.fields:
            if field.id in named and not field.many:
                own = field.id.startswith(f"{pack.identity.subject}.")  # each person's own answer
                name = f"{one.progress.case}/{field.id}" if own else f"{field.id}/{field.label}"
                before = fields.get(name, (field, ()))[1]
                fields[name] = (replace(field, id=name), (*before, (one.progress.case, field.id)))
                kept[name] = row.values.get(field.id)
        for paper in pack.form.attachments:
            if paper.id in named:
                label, of = wanted.setdefault(paper.id, (paper.label, {}))
                wanted[paper.id] = (label, of | {one.application: paper.id})
    items = [(one.progress.title, item) for one in asking for item in one.progress.asked]
    return Mending(items, fields, wanted, kept, tuple(one.progress.case for one in asking))


def waiting_papers(submission: int) -> list[tuple[str, str]]:
    """Return the photos kept for an answer that is not sent yet, once each: kind and time in words."""
    rows = Attachment.objects.filter(application_id__in=operations.applications(submission), sent=False)
    found = {
        file: (kind, localtime(at).strftime("%H:%M 送信済み"))
        for file, kind, at in rows.values_list("file", "kind", "at")
    }
    return list(found.values())


def together(application: int) -> TogetherView | None:
    """Return the submission an application is part of; None where it was made alone."""
    part = SubmissionPart.objects.filter(application_id=application).select_related("submission__definition").first()
    return None if part is None else _view(part.submission)


def submission_of(application: int) -> int | None:
    """Return the submission an application is part of; None where it was made alone."""
    return SubmissionPart.objects.filter(application_id=application).values_list("submission_id", flat=True).first()


def submission_view(submission: int) -> TogetherView | None:
    """Return a submission that was sent; None where there is none."""
    row = Submission.objects.filter(pk=submission).exclude(number="").select_related("definition").first()
    return None if row is None else _view(row)


def _view(row: Submission) -> TogetherView:
    assert row.submitted_at is not None  # set with the number, see the table's constraint
    made = tuple(operations.applications(row.pk))
    return TogetherView(row.pk, row.number, row.definition.title, row.channel, row.submitted_at, made)
