"""The pages of one application: one for each section of the form that has something to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from honrai.intake.models import Application
from honrai.platform import clock
from honrai.procedures import api as procedures
from honrai.procedures.forms import section_form


@dataclass(frozen=True, slots=True)
class Step:
    """One page: a section, the fields of it that are asked, its form."""

    section: procedures.Section
    asked: frozenset[str]
    kept: Mapping[str, Any]
    form: forms.Form

    def filled(self, data: Mapping[str, Any]) -> "Step":
        """Return the page with what was sent."""
        return replace(
            self, form=section_form(self.section, data, self.kept, public=True, strict=True, asked=self.asked)
        )


def steps_of(draft: Application) -> list[Step]:
    """Return the pages of a draft; a section whose every question is out of place now is left out."""
    run = procedures.runnable(draft.version)
    seen = procedures.context_of(run.pack, draft.values, {}, clock.today(), channel=draft.channel)
    pages = []
    for section in run.pack.form.sections:
        asked = frozenset(field.id for field in section.fields if procedures.visible(field, seen))
        if asked and not section.repeat:
            form = section_form(section, None, draft.values, public=True, strict=True, asked=asked)
            pages.append(Step(section, asked, draft.values, form))
    return pages
