"""Screens that keep the house running: the log and its chain, jobs that gave up, the city's settings and closed days."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from honrai.platform import clock
from honrai.platform.authority.api import Actor, Charge, Conflict, check_has_charge
from honrai.platform.cities.calendar import closed_days, set_closed_days
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import record
from honrai.platform.jobs import api as jobs
from honrai.platform.requests import HonraiRequest
from honrai.ui.forms import EraDateField

_SHOWN = 200


@require_http_methods(["GET", "POST"])
def waiting_jobs(request: HonraiRequest) -> HttpResponse:
    """Show how many jobs there are and those that gave up; put one back into the queue."""
    actor = _charged(request, Charge.JOBS)
    city = current_city()
    if request.method == "POST":
        asked = request.POST.get("job", "")
        job = int(asked) if asked.isascii() and asked.isdigit() else 0
        if not jobs.retry_dead_letter(city, job, now=clock.now()):
            raise Conflict("この処理はもう止まっていません。画面を開き直してください")
        record("jobs.retried", who=actor.who, now=clock.now(), subject=("job", job))
        messages.success(request, "もう一度実行します。")
        return redirect("desk:jobs")
    counts = jobs.count_jobs(city)
    return render(request, "desk/jobs.html", {"counts": counts, "dead": jobs.dead_letters(city)})


class ClosedDayForm(forms.Form):
    """One closed day of the city's own."""

    day = EraDateField(label="閉庁日")
    why = forms.CharField(label="理由", max_length=40)


@require_http_methods(["GET", "POST"])
def city_calendar(request: HonraiRequest) -> HttpResponse:
    """Show and change the city's own closed days; periods already counted keep their due day."""
    actor = _charged(request, Charge.CITY_SETTINGS)
    days = closed_days()
    form = ClosedDayForm(request.POST if "day" in request.POST else None)
    if request.method == "POST":
        changed = _changed_days(request, form, days)
        if changed is not None:
            set_closed_days(changed)
            record(
                "city.calendar_changed",
                who=actor.who,
                now=clock.now(),
                subject=("city", None),
                before=days,
                after=changed,
            )
            messages.success(request, "閉庁日を改めました。")
            return redirect("desk:calendar")
    shown = [(date.fromisoformat(day), why) for day, why in sorted(days.items())]
    return render(request, "desk/calendar.html", {"days": shown, "form": form})


def _changed_days(request: HonraiRequest, form: ClosedDayForm, days: dict[str, str]) -> dict[str, str] | None:
    """Return the closed days after the change asked for; None where the form is wrong."""
    if "remove" in request.POST:
        return {day: why for day, why in days.items() if day != request.POST["remove"]}
    if not form.is_valid():
        return None
    return days | {form.cleaned_data["day"].isoformat(): form.cleaned_data["why"]}


def _charged(request: HonraiRequest, charge: Charge) -> Actor:
    actor = request.actor
    check_has_charge(actor, charge)
    return actor
