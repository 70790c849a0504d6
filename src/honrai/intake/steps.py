"""The pages of one application: one for each section of the form that has something to ask."""

from dataclasses import dataclass

from django.http import QueryDict

from honrai.intake.models import Application
from honrai.platform import clock
from honrai.procedures import api as procedures
from honrai.procedures.forms import APPLICANT, Sheet, sheets_of


@dataclass(frozen=True, slots=True)
class Step:
    """One page: a section as the applicant fills it in."""

    draft: Application
    section: procedures.Section
    sheet: Sheet

    def filled(self, data: QueryDict) -> "Step":
        """Return the page with what was sent."""
        return Step(self.draft, self.section, _sheet(self.draft, self.section, data))


def steps_of(draft: Application) -> list[Step]:
    """Return the pages of a draft; a section whose every question is out of place now is left out."""
    sections = procedures.runnable(draft.version).pack.form.sections
    pages = [Step(draft, section, _sheet(draft, section, None)) for section in sections]
    return [page for page in pages if page.section.repeat or len(page.sheet.hidden()) < len(page.section.fields)]


def _sheet(draft: Application, section: procedures.Section, data: QueryDict | None) -> Sheet:
    pack = procedures.runnable(draft.version).pack
    [sheet] = sheets_of(pack, [section], data, draft.values, on=clock.today(), face=APPLICANT, channel=draft.channel)
    return sheet
