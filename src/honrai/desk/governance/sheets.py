"""One rule a screen: a dated list, its history, and below it the form that sets a new line. All such screens are drawn here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from honrai.desk.governance.tabs import tabs_for
from honrai.platform.authority.api import check_has_charge
from honrai.platform.errors import Refusal
from honrai.platform.requests import HonraiRequest
from honrai.ui.tables import Cell, Filter, Listing

NOW, COMING, PAST = "now", "coming", "past"
STANDING = (("", "すべて"), (NOW, "適用中"), (COMING, "これから"), (PAST, "終わったもの"))


class Set(NamedTuple):
    """The form of a screen: what stands over it and on its button, what it does with what was typed, what is said after."""

    form: forms.Form
    heading: str
    button: str
    run: Callable[[Mapping[str, Any]], object]
    said: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One screen: address name, charge it needs, heading, what it is in a sentence, its list and rows, its form."""

    screen: str
    charge: str
    title: str
    intro: str
    listing: Listing
    rows: QuerySet[Any]
    set: Set | None = None

    def answer(self, request: HonraiRequest, **more: Any) -> HttpResponse:
        """Show the screen, or run its form; what was typed stays where it is refused."""
        check_has_charge(request.actor, self.charge)
        if request.method == "POST" and self.set is not None and run_form(self.set.form, self.set.run):
            messages.success(request, self.set.said)
            return redirect(request.path)
        table = self.listing.page(request, self.rows)
        if request.headers.get("HX-Request"):
            return render(request, "ui/table.html", {"table": table})
        form = self.set.form if self.set else None
        context = {"sheet": self, "table": table, "form": form, "tabs": tabs_for(request.actor, self.screen)} | more
        return render(
            request, "governance/sheet.html", context, status=422 if form is not None and form.errors else 200
        )


def run_form(form: forms.Form, run: Callable[[Mapping[str, Any]], object]) -> bool:
    """Run an operation with a form's values; what it refuses becomes the form's error. Say whether it was done."""
    if not form.is_valid():
        return False
    try:
        run(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def standing_filter(today: date) -> Filter:
    """Filter dated rows by whether they are in force today, still to come, or over."""

    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == NOW:
            return rows.filter(period__contains=today)
        if value == COMING:
            return rows.filter(period__startswith__gt=today)
        return rows.filter(period__endswith__lte=today) if value == PAST else rows

    return Filter("standing", "適用", apply, choices=STANDING)


def standing(row: Any, today: date) -> Cell:
    """Return whether a dated row is in force today, in words."""
    if row.period.lower > today:
        return Cell("これから", badge="info")
    if row.period.upper is not None and row.period.upper <= today:
        return Cell("終わり")
    return Cell("適用中", badge="ok")


def span(row: Any) -> str:
    """Return from when to when a dated row is in force; the last day shown is the last day it counts."""
    until = row.period.upper
    last = f"{date.fromordinal(until.toordinal() - 1):%Y/%m/%d}" if until else ""
    return f"{row.period.lower:%Y/%m/%d}〜{last}"
