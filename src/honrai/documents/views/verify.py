"""The verify screen: doubtful crops kind by kind, or a whole paper beside its page; keyboard only."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import cv2
import numpy as np
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from honrai.documents import api, proving, queries
from honrai.documents.models import Reading, Sheet
from honrai.documents.operations.reading import image_of, placed
from honrai.documents.operations.verifying import corrected, group_counts, open_readings
from honrai.documents.permissions import visible_filings
from honrai.documents.recognition.crops import Rectangle, cut
from honrai.platform import clock
from honrai.platform.authority.api import NotFound
from honrai.platform.cities.tenancy import current_city
from honrai.platform.errors import Refusal
from honrai.platform.events.api import SYSTEM, record
from honrai.platform.requests import HonraiRequest
from honrai.procedures import api as procedures

#: So many fields are sent ahead, with their crops.
AHEAD = 12
_MARGIN = 2.5
_PER_MM = 6.0
_TICKS = frozenset({"attachment", "consent", "signature"})


@require_GET
def home(request: HonraiRequest) -> HttpResponse:
    """List how many fields of each kind wait, and the papers they stand on."""
    rows = visible_filings(request.actor).filter(state="doubtful").select_related("batch")
    filings = list(rows.order_by("batch", "position")[:50])
    done = Reading.objects.filter(state="keyed", filing__in=visible_filings(request.actor))
    said = {
        "groups": group_counts(request.actor),
        "filings": filings,
        "waiting": rows.count(),
        "keyed": done.count(),
        "corrected": corrected(request.actor).count(),
    }
    return render(request, "documents/verify.html", said)


@require_GET
def stream(request: HonraiRequest, group: str) -> HttpResponse:
    """Show the first doubtful field of a kind; the next ones come ahead of it."""
    chosen = next((one for one in proving.groups() if one.key == group), None)
    if chosen is None:
        raise Http404
    items = _items(request, chosen.types, 0, clock.now())
    left = open_readings(request.actor).filter(type__in=chosen.types).count()
    return render(request, "documents/stream.html", {"group": chosen, "items": items, "left": left})


@require_GET
def ahead(request: HonraiRequest, group: str) -> HttpResponse:
    """Give the next doubtful fields of a kind, leaving out those the browser has (`have`)."""
    chosen = next((one for one in proving.groups() if one.key == group), None)
    have = [int(one) for one in request.GET.get("have", "").split(",") if one.isdecimal()][:200]
    if chosen is None:
        raise Http404
    rows = open_readings(request.actor).filter(type__in=chosen.types).exclude(pk__in=have)
    return JsonResponse({"items": [_item(row) for row in _read(request, rows, clock.now())]})


def _items(request: HonraiRequest, types: tuple[str, ...], skip: int, now: datetime) -> list[dict[str, Any]]:
    rows = open_readings(request.actor).filter(type__in=types)[skip:]
    return [_item(row) for row in _read(request, rows, now)]


def _read(request: HonraiRequest, rows: Any, now: datetime) -> list[Reading]:
    found = list(rows.select_related("filing__batch", "sheet")[:AHEAD])
    if found:
        papers = sorted({row.filing_id for row in found})
        record(
            "documents.crops_read", who=request.actor.who, now=now, subject=("filing", None), data={"filings": papers}
        )
    return found


def _item(row: Reading) -> dict[str, Any]:
    """Return a field as the screen works it: where money is concerned, without what was read."""
    blind = proving.is_blind(row.type)
    return {
        "id": row.pk,
        "label": row.label,
        "type": procedures.FIELD_TYPES[row.type].label if row.type in procedures.FIELD_TYPES else "添付",
        "text": "" if blind else prefilled(row),
        "blind": blind,
        "options": ["印あり"] if row.type in _TICKS else list(row.options),
        "slip": "" if blind else row.slip,
        "figures": row.type not in ("person_name", "address", "text", "long_text", "kana", "account_holder"),
        "paper": f"{row.filing.batch.code}　{row.filing.position}件目",
        "crop": reverse("documents:crop", args=[row.pk]),
        "filing": reverse("documents:filing", args=[row.filing_id]),
        "key": reverse("documents:key", args=[row.pk]),
    }


def prefilled(row: Reading) -> str:
    """Return what stands in the box to begin with: the value where there is one, else the text as read."""
    if row.type in _TICKS:
        return "1" if row.value else ""
    if row.value is not None and row.type in procedures.FIELD_TYPES:
        kind = procedures.FIELD_TYPES[row.type]
        return str(kind.show(kind.decode(row.value)))
    return row.text


@require_GET
def crop(request: HonraiRequest, reading: int) -> HttpResponse:
    """Give the picture of one field, a little around it; the page is decoded once for its neighbours, too."""
    rows = Reading.objects.select_related("sheet").filter(pk=reading, filing__in=visible_filings(request.actor))
    row = rows.first()
    if row is None or row.sheet.image is None:
        raise Http404
    response = HttpResponse(_picture(row, clock.now()), content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def _picture(row: Reading, now: datetime) -> bytes:
    page = placed(row.sheet, _page(current_city(), row.sheet.pk, row.sheet.image or 0, now.strftime("%Y%m%d%H")))
    done, data = cv2.imencode(".png", cut(page, Rectangle(*row.place).inset(-_MARGIN), _PER_MM))
    assert done, "a crop can be packed"
    return bytes(data)


@lru_cache(maxsize=12)
def _page(city: int, sheet: int, image: int, hour: str) -> Any:
    """Return a decoded page; kept for a moment, since one paper's fields are worked together."""
    return image_of(Sheet.objects.get(pk=sheet), who=SYSTEM, now=clock.now())


@require_POST
def key(request: HonraiRequest, reading: int) -> HttpResponse:
    """Take what was keyed for one field."""
    strokes = request.POST.get("strokes", "")
    try:
        done = api.key(
            reading=reading,
            text=request.POST.get("text", ""),
            unreadable=request.POST.get("unreadable") == "1",
            strokes=int(strokes) if strokes.isdecimal() else 0,
            actor=request.actor,
            now=clock.now(),
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse({"settled": done.settled, "filing_done": done.filing_done})


@require_http_methods(["GET", "POST"])
def filing(request: HonraiRequest, filing: int) -> HttpResponse:
    """Show a whole paper: its page left, its fields right; what is doubtful is a box."""
    row = visible_filings(request.actor).select_related("batch").filter(pk=filing).first()
    if row is None:
        raise Http404
    errors: Mapping[int, str] = {}
    if request.method == "POST":
        if "aside" in request.POST:
            return _aside(request, filing)
        errors = _key_all(request, filing)
        if not errors:
            messages.success(request, "入力を保存しました。")
            return redirect("documents:filing", filing=filing)
    now = clock.now()
    record(
        "documents.crops_read", who=request.actor.who, now=now, subject=("filing", row.pk), data={"filings": [row.pk]}
    )
    mine = set(open_readings(request.actor).filter(filing=row).values_list("pk", flat=True))
    lines = [
        _line(one, one.pk in mine, request.POST.get(f"r{one.pk}"), errors.get(one.pk, "")) for one in _readings(row)
    ]
    position = {"batch": row.batch, "state": "doubtful"}
    after = visible_filings(request.actor).filter(position__gt=row.position, **position).order_by("position").first()
    said = {
        "filing": row,
        "state": (queries.STATES[row.state], queries.STATE_BADGES[row.state]),
        "sheets": list(row.sheets.order_by("number")),
        "lines": lines,
        "wrong": len(errors),
        "after": after,
    }
    return render(request, "documents/filing.html", said, status=422 if errors else 200)


def _readings(row: Any) -> list[Reading]:
    return list(row.readings.select_related("sheet").order_by("order"))


def _line(row: Reading, mine: bool, typed: str | None, error: str) -> dict[str, Any]:
    corners = np.array(_corners(Rectangle(*row.place)), np.float64).reshape(-1, 1, 2)
    seen = cv2.perspectiveTransform(corners, np.array(row.sheet.matrix)).reshape(-1, 2)
    size = np.array([row.sheet.width, row.sheet.height])
    low, high = seen.min(axis=0) / size * 100, seen.max(axis=0) / size * 100
    blind = proving.is_blind(row.type)
    known = row.type in procedures.FIELD_TYPES and row.value is not None
    kind = procedures.FIELD_TYPES.get(row.type)
    return {
        "row": row,
        "mine": mine,
        "blind": blind,
        "text": typed if typed is not None else "" if blind else prefilled(row),
        "shown": str(kind.show(kind.decode(row.value))) if known and kind else "印あり" if row.value else "",
        "options": "　".join(f"{number} {option}" for number, option in enumerate(row.options, 1)),
        "place": " ".join(f"{one:.2f}" for one in (*low, *(high - low))),
        "error": error,
    }


def _corners(place: Rectangle) -> list[tuple[float, float]]:
    right, bottom = place.x + place.w, place.y + place.h
    return [(place.x, place.y), (right, place.y), (right, bottom), (place.x, bottom)]


def _key_all(request: HonraiRequest, filing: int) -> dict[int, str]:
    """Key every box of the page; return what is wrong by field. What is right is kept."""
    errors: dict[int, str] = {}
    for row in list(open_readings(request.actor).filter(filing=filing)):
        text = request.POST.get(f"r{row.pk}")
        blank = not (text or "").strip()
        if text is None or (blank and proving.is_blind(row.type) and f"e{row.pk}" not in request.POST):
            continue
        unreadable = f"u{row.pk}" in request.POST
        try:
            api.key(reading=row.pk, text=text, unreadable=unreadable, strokes=0, actor=request.actor, now=clock.now())
        except Refusal as refusal:
            errors[row.pk] = str(refusal)
    return errors


def _aside(request: HonraiRequest, filing: int) -> HttpResponse:
    try:
        api.set_aside(filing=filing, reason=request.POST.get("reason", ""), actor=request.actor, now=clock.now())
        messages.success(request, "手で処理する書類にしました。")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("documents:filing", filing=filing)


@require_GET
def corrections(request: HonraiRequest) -> HttpResponse:
    """Give the crops people settled with their labels, as a zip: what a recogniser is trained and measured with."""
    now, out, told = clock.now(), BytesIO(), []
    rows = list(corrected(request.actor)[:2000])
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for row in rows:
            if row.sheet.image is None:
                continue
            archive.writestr(f"crops/{row.pk}.png", _picture(row, now))
            label = {"crop": f"crops/{row.pk}.png", "type": row.type, "read": row.text, "confidence": row.confidence}
            told.append(json.dumps(label | {"label": row.value, "shown": _label(row)}, ensure_ascii=False))
        archive.writestr("labels.jsonl", "\n".join(told))
    record(
        "documents.corrections_exported", who=request.actor.who, now=now, subject=("filing", None),
        data={"fields": len(told)},
    )  # fmt: skip
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="corrections.zip"'
    return response


def _label(row: Reading) -> str:
    kind = procedures.FIELD_TYPES.get(row.type)
    return str(kind.show(kind.decode(row.value))) if kind else str(row.value)
