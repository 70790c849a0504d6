"""What people do on the page of a case: deficiencies, calls, withdrawal, transfer, correction; its clock and timeline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from honrai.cases import api as cases
from honrai.desk.queries import Line, line_of
from honrai.platform import clock
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind, NotFound
from honrai.platform.events.api import record
from honrai.platform.organisations.api import units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures
from honrai.procedures.forms import encoded, section_form
from honrai.ui.forms import EraDateField


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies beside the answers of a case: clock, calls, decisions, a page of its timeline, what may be done."""

    clock: Sequence[cases.ClockLine]
    late: bool
    calls: Sequence[cases.Call]
    decisions: Sequence[cases.DecisionView]
    lines: Sequence[Line]
    older: int | None
    topic: str
    topics: Sequence[tuple[str, str]]
    official: bool
    units: Sequence[tuple[int, str]]
    points: Sequence[tuple[str, str]]


def lines(row: Any, actor: Actor, asked: Mapping[str, str]) -> tuple[str, cases.TimelinePage]:
    """Return topic and page of the timeline that `topic` and `before` of the address ask for."""
    topic = asked.get("topic", "") if asked.get("topic") in cases.TOPICS else ""
    before = _number(asked.get("before", "")) or None
    return topic, cases.timeline_page(row.pk, actor, topic=topic, before=before, also=cases.people_in(row))


def folder(
    row: Any, view: cases.CaseView, actor: Actor, timeline: tuple[str, cases.TimelinePage], *, now: datetime
) -> Folder:
    """Return what lies beside the answers of a case.

    Args:
        row: the case, which the actor may see.
        view: the case as shown.
        actor: who looks.
        timeline: topic and page of the timeline.
        now: the moment.
    """
    topic, page = timeline
    official = actor.kind is Kind.STAFF
    return Folder(
        clock=cases.clock_of(row, now=now),
        late=view.closed_at is None and view.days_left < 0,
        calls=cases.calls_of(row, actor),
        decisions=cases.decisions_of(row, actor),
        lines=[line_of(one) for one in page.moments],
        older=page.older,
        topic=topic,
        topics=[("", "すべて"), *((key, label) for key, (label, _) in cases.TOPICS.items())],
        official=official,
        units=[(one.id, one.name) for one in units_on(now.date()) if one.id != view.unit] if official else [],
        points=cases.points_of(row) if official and view.closed_at else [],
    )


@require_POST
def act(request: HonraiRequest, case: int, act: str) -> HttpResponse:
    """Take one act on a case; where it is refused the page says why and nothing has changed."""
    if act not in _ACTS:
        raise NotFound("その操作はありません")
    operate, said = _ACTS[act]
    try:
        with transaction.atomic():
            operate(case, request.POST, request.actor, clock.now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:case", case=case)
    messages.success(request, said)
    return redirect("desk:cases") if act == "transfer" else redirect("desk:case", case=case)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


_ACTS: dict[str, tuple[Callable[[int, Any, Actor, datetime], None], str]] = {
    "withdraw": (
        lambda case, data, actor, now: cases.withdraw_for_applicant(
            case=case, evidence=data.get("evidence", ""), actor=actor, now=now
        ),
        "取下げを受け付け、案件を終えました。",
    ),
    "transfer": (
        lambda case, data, actor, now: cases.transfer(
            case=case, unit=_number(data.get("unit", "")), reason=data.get("reason", ""), actor=actor, now=now
        ),
        "移送しました。この案件は、移送先の課だけが見られます。",
    ),
    "reopen": (
        lambda case, data, actor, now: cases.reopen(case=case, reason=data.get("reason", ""), actor=actor, now=now),
        "案件を再開しました。",
    ),
    "correct": (
        lambda case, data, actor, now: cases.correct_decision(
            case=case,
            cause=data.get("cause", ""),
            at=data.get("at", ""),
            reason=data.get("reason", ""),
            actor=actor,
            now=now,
        ),
        "訂正・取消しの手続を始めました。前の決定は記録に残ります。",
    ),
}


@require_http_methods(["GET", "POST"])
def deficiencies(request: HonraiRequest, case: int) -> HttpResponse:
    """Show what a case lacks and every call about it; add items, ask for them, write calls down."""
    actor, now = request.actor, clock.now()
    row = cases.check_can_see(actor, case, now)
    error = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                said = _take(request, row, actor, now)
        except (Conflict, Invalid, Denied) as refusal:
            error = str(refusal)
        else:
            messages.success(request, said)
            return redirect("desk:deficiencies", case=case)
    record("cases.read", who=actor.who, now=now, subject=("case", case), case=case)
    shown = _deficiencies_page(row, actor, now, request.POST if error else None)
    return render(request, "desk/deficiencies.html", shown | {"error": error}, status=422 if error else 200)


def _take(request: HonraiRequest, row: Any, actor: Actor, now: datetime) -> str:
    """Do what the button pressed says; returns what to tell."""
    data = request.POST
    if "add" in data:
        cases.add_deficiency(case=row.pk, code=data.get("code", ""), note=data.get("note", ""), actor=actor, now=now)
        return "不備を加えました。"
    if "send" in data:
        cases.send_deficiencies(case=row.pk, actor=actor, now=now)
        return "申請者に連絡しました。処理期間の時計は止まります。"
    again = cases.record_contact(
        case=row.pk,
        reach=data.get("reach", ""),
        result=data.get("result", ""),
        values=_heard(row, data) if data.get("result") == "heard" else None,
        note=data.get("note", ""),
        next_on=_day(data),
        actor=actor,
        now=now,
    )
    return f"電話を記録しました。次は{again:%m月%d日}です。" if again else "電話を記録しました。"


class NextCallForm(forms.Form):
    """When to call again; empty leaves it to the rule."""

    next_on = EraDateField(label="次にかける日（空なら自動）", required=False)


def _day(data: Any) -> date | None:
    form = NextCallForm(data)
    if not form.is_valid():
        raise Invalid("次にかける日が読めません。R080420 や 20260420 のように入力してください")
    found: date | None = form.cleaned_data["next_on"]
    return found


def _heard(row: Any, data: Any) -> dict[str, Any]:
    """What was entered in the fields that were asked, valid answers only."""
    given: dict[str, Any] = {}
    for form in _heard_forms(row, data):
        if not form.is_valid():
            raise Invalid("聴取した内容に読めない欄があります。欄の下の説明のとおり入力してください")
        given |= {name: value for name, value in encoded(form).items() if value is not None}
    return given


def _heard_forms(row: Any, data: Any) -> list[forms.Form]:
    """A form for each section with a field that was asked and may be mended by ear."""
    run = procedures.runnable(row.version)
    asked = {item for one in row.deficiencies.filter(state="asked") for item in one.items}
    fields = frozenset(
        field.id
        for field in run.pack.form.fields
        if field.id in asked and not field.many and procedures.FIELD_TYPES[field.type].centre_may_fix
    )
    wanted = [one for one in run.pack.form.sections if not one.repeat and any(f.id in fields for f in one.fields)]
    return [section_form(one, data, {}, public=False, strict=False, asked=fields) for one in wanted]


def _deficiencies_page(row: Any, actor: Actor, now: datetime, data: Any) -> dict[str, Any]:
    view = cases.view_case(row, actor, now=now)
    pack = procedures.runnable(row.version).pack
    return {
        "view": view,
        "rows": list(row.deficiencies.order_by("state", "pk")),
        "choices": cases.choices(pack.form),
        "calls": cases.calls_of(row, actor),
        "reaches": [(key, *said) for key, said in cases.REACHES.items()],
        "results": [
            (result, key, label, cases.REACHES[reach][1]) for result, (key, reach, label) in cases.RESULTS.items()
        ],
        "forms": _heard_forms(row, data),
        "next_form": NextCallForm(data),
        "phone": "" if view.unseen else str(row.values.get(f"{pack.identity.applicant}.phone") or ""),
        "to_send": any(one.state == "found" and one.fix_by == "applicant" for one in row.deficiencies.all()),
    }
