"""The pages of the combined form as Django forms, drawn by the same pieces as the form of a single procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from honrai.intake.life_events.queries import Mending
from honrai.intake.life_events.rules.combining import Combined, Question, Sheet
from honrai.intake.life_events.rules.definition import LifeEvent
from honrai.intake.life_events.rules.planning import asked_questions
from honrai.procedures.api import Form, Section
from honrai.procedures.forms import Answer, Face, answers_of, sheets_of
from honrai.procedures.forms import Sheet as Drawn

_EMPTY = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One page with its answers as people read them, and its number."""

    number: int
    title: str
    answers: list[tuple[str, str]]


def draw(form: Combined, sheet: Sheet, data: QueryDict | None, *, public: bool) -> Drawn:
    """Return one page of the combined form, bound to what was sent where something was.

    What was typed decides at once which questions are in place; those that are not are drawn out of sight.
    """
    if sheet.repeat:
        section = Section(sheet.id, sheet.title, sheet.fields, sheet.repeat, sheet.least)
        pack = replace(next(iter(form.packs.values())), form=Form((section,)), facts=())
        face = Face(public=public, strict=True)
        return sheets_of(pack, (section,), data, form.values, on=form.on, face=face, channel=form.channel)[0]
    questions = [one for one in sheet.questions if one.asked or one.field.required_if]
    drawn = _drawn(sheet.id, sheet.title, questions, data, form.values, public=public)
    now = form if data is None else replace(form, values={**form.values, **drawn.typed()})
    state = {one.field.id: one for again in now.sheets if again.id == sheet.id for one in again.questions}
    for name, field in drawn.forms[0].fields.items():
        assert isinstance(field, Answer)
        one = state.get(name)
        field.hidden = one is None or not one.asked
        field.required = one is not None and one.asked and one.needed
    return drawn


def draw_questions(
    event: LifeEvent, data: QueryDict | None, kept: Mapping[str, Any], *, on: Any, public: bool
) -> Drawn:
    """Return the few questions of an event; those with a condition come into sight with the answer that calls for them."""
    questions = [Question(field, True, True) for field in event.questions]
    drawn = _drawn("questions", event.title, questions, data, kept, public=public)
    asked = asked_questions(event, {**kept, **(drawn.typed() if data is not None else {})}, on)
    for name, field in drawn.forms[0].fields.items():
        assert isinstance(field, Answer)
        field.hidden = name not in asked
        field.required = name in asked and (field.asked.required or bool(field.asked.required_if))
    return drawn


def draw_mending(asked: Mending, data: QueryDict | None) -> Drawn:
    """Return the questions asked anew over all cases of a submission; every one must be answered."""
    questions = [
        Question(replace(field, required=True, required_if=""), True, True) for field, _ in asked.fields.values()
    ]
    drawn = _drawn("mending", "書き直していただくところ", questions, data, asked.kept, public=True)
    for field in drawn.forms[0].fields.values():
        field.required = True
    return drawn


def review(form: Combined) -> list[Reviewed]:
    """Return every page with its answers in words."""
    told = []
    for number, sheet in enumerate(form.sheets):
        section = Section(sheet.id, sheet.title, sheet.fields, sheet.repeat, sheet.least)
        answers = answers_of(section, form.values)
        if not sheet.repeat:
            given = dict(answers)
            answers = [(field.label, given.get(field.label, _EMPTY)) for field in sheet.fields]
        told.append(Reviewed(number, sheet.title, answers))
    return told


def labels(form: Combined) -> dict[str, str]:
    """Return what each kept answer is called: by field, and by page for rows."""
    named = {sheet.id: sheet.title for sheet in form.sheets}
    return named | {one.field.id: one.field.label for sheet in form.sheets for one in sheet.questions}


def _drawn(
    name: str, title: str, questions: list[Question], data: QueryDict | None, kept: Mapping[str, Any], *, public: bool
) -> Drawn:
    fields = tuple(one.field for one in questions)
    made = {field.id: Answer(field, public=public, required=False) for field in fields}
    kind = type("PageForm", (forms.Form,), made)
    made_form: forms.Form = kind(data, initial={field.id: kept.get(field.id) for field in fields})
    return Drawn(Section(name, title, fields), (made_form,))
