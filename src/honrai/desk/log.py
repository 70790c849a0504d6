"""The log: searched, taken out by those who may, and its chain verified. Each of these is itself recorded."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from honrai.desk import log_listing
from honrai.desk.words import FINDINGS
from honrai.platform import clock
from honrai.platform.authority.api import Charge, check_has_charge
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import record
from honrai.platform.events.models import LogEntry
from honrai.platform.events.rules import signing_key
from honrai.platform.events.sealing import covered, unsealed, verify
from honrai.platform.privacy.exports import can_export, release
from honrai.platform.requests import HonraiRequest
from honrai.ui.workbook import workbook

_SHOWN = 200


@require_GET
def log(request: HonraiRequest) -> HttpResponse:
    """Search the log by event, case, actor, resident and period; searching is itself recorded."""
    actor = request.actor
    check_has_charge(actor, Charge.AUDIT)
    table = log_listing.log(actor).page(request, LogEntry.objects.all())
    if table.filtered:
        record("audit.searched", who=actor.who, now=clock.now(), subject=("log", None), data=_asked(request))
    template = "ui/table.html" if request.headers.get("HX-Request") else "desk/log.html"
    more = {"unsealed": unsealed(), "may_export": can_export(actor), "query": request.GET.urlencode()}
    return render(request, template, {"table": table} | more)


def _asked(request: HonraiRequest) -> dict[str, str]:
    """What was searched for, numbers and days only: a name typed as actor stays out of the log's own data."""
    return {key: request.GET[key] for key in ("word", "case", "resident", "since", "until") if request.GET.get(key)}


@require_GET
def export(request: HonraiRequest) -> HttpResponse:
    """Give what the search found as xlsx to those who may take data out; recorded and marked."""
    actor, moment = request.actor, clock.now()
    check_has_charge(actor, Charge.AUDIT)
    listing = log_listing.log(actor)
    count, rows = listing.everything(request, LogEntry.objects.all())
    mark = release(actor=actor, what=listing.caption, rows=count, now=moment)
    record("audit.exported", who=actor.who, now=moment, subject=("log", None), data={"rows": count} | _asked(request))
    made = workbook(listing.caption, [column.label for column in listing.columns], rows, mark=mark)
    answer = HttpResponse(made, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer.headers["Content-Disposition"] = f'attachment; filename="log-{moment:%Y%m%d-%H%M}.xlsx"'
    return answer


@require_POST
def check(request: HonraiRequest) -> HttpResponse:
    """Verify the whole chain of the city against the heads kept outside; say what was covered. The result is recorded."""
    actor = request.actor
    check_has_charge(actor, Charge.AUDIT)
    key, heads = signing_key(settings.CONFIG.audit_key).public_key(), _heads()
    found = [(FINDINGS[one.kind], one.where) for one in verify(key=key, heads=heads)][:_SHOWN]
    record("audit.verified", who=actor.who, now=clock.now(), subject=("log", None), data={"findings": len(found)})
    context = {
        "found": found,
        "unsealed": unsealed(),
        "covered": covered(),
        "heads": sum(1 for head in heads if head["city"] == current_city()),
        "fingerprint": key.public_bytes_raw().hex()[:16],
    }
    return render(request, "desk/log_checked.html", context)


def _heads() -> list[dict[str, Any]]:
    path = Path(settings.CONFIG.var) / "audit" / "heads.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
