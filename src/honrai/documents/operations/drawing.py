"""Drawing the boxes of a form from outside over its empty sheet; a version in use is never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from honrai.documents.events import TemplatePublished
from honrai.documents.known_forms import NUMBER
from honrai.documents.models import Template
from honrai.documents.permissions import check_can_draw, check_is_staff
from honrai.documents.proving import sums_of
from honrai.documents.recognition import masking
from honrai.documents.recognition.pages import Unreadable, open_pages
from honrai.documents.screening import SCANS, check_harmless
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.events.api import announce, record
from honrai.platform.files import api as files
from honrai.procedures import api as procedures

_PICTURES = files.Limits(frozenset({"image/jpeg"}), SCANS.largest)
_KINDS = frozenset({"comb", "mark", "open"})
_PARTS = frozenset({"", "era", "year", "month", "day"})
_LARGEST = 420.0
_MOST_PAGES = 20


def new_version(*, code: str, title: str, blank: bytes, actor: Actor, now: datetime) -> int:
    """Begin a version of a template over an empty form, with the boxes of the version before it, and return its key.

    Args:
        code: stable over versions.
        title: name of the form.
        blank: the empty form as PDF or scan; each page is kept as the picture pages are found by.
        actor: staff.
        now: the moment.

    Raises:
        Denied: no staff.
        Invalid: the file cannot be opened, or the code is another unit's.
    """
    unit = check_is_staff(actor)
    before = Template.objects.filter(code=code).order_by("-number").first()
    if before is not None and before.unit not in actor.units:
        raise Invalid("この様式コードはほかの課が使っています")
    try:
        pages = [page.image for page in open_pages(blank, check_harmless(blank))][: _MOST_PAGES + 1]
    except Unreadable as fault:
        raise Invalid(str(fault)) from fault
    if len(pages) > _MOST_PAGES:
        raise Invalid(f"様式は{_MOST_PAGES}ページまでです")
    kept = [
        files.store(masking.packed(one), name=f"{code}.jpg", limits=_PICTURES, who=actor.who, now=now).id
        for one in pages
    ]
    row = Template.objects.create(
        code=code, number=before.number + 1 if before else 1, title=title.strip()[:120], unit=unit, blanks=kept,
        boxes=before.boxes if before else [], sums=before.sums if before else [], made_by=actor.person, at=now,
    )  # fmt: skip
    record("documents.template_drawn", who=actor.who, now=now, subject=("template", row.pk))
    return int(row.pk)


def draw(
    *, template: int, boxes: Sequence[Mapping[str, Any]], sums: Sequence[Mapping[str, Any]], actor: Actor, now: datetime
) -> None:
    """Keep the boxes drawn so far.

    Raises:
        Denied: not theirs.
        Conflict: the version is in use; begin a new one.
        Invalid: a box or a sum cannot be, and which.
    """
    row = check_can_draw(actor, template)
    if row.published_at is not None:
        raise Conflict("使用中の版は変えられません。新しい版を作ってください")
    row.boxes = [_box(one, len(row.blanks)) for one in boxes]
    row.sums = [_sum(one, {box["field"] for box in row.boxes}) for one in sums]
    row.save(update_fields=["boxes", "sums"])
    record(
        "documents.template_drawn", who=actor.who, now=now, subject=("template", row.pk), data={"boxes": len(row.boxes)}
    )


def publish(*, template: int, actor: Actor, now: datetime) -> None:
    """Put a version to use; from now on it does not change.

    Raises:
        Denied: not theirs.
        Conflict: in use already.
        Invalid: it has no box.
    """
    row = check_can_draw(actor, template)
    if row.published_at is not None:
        raise Conflict("すでに使い始めています")
    if not row.boxes:
        raise Invalid("欄が1つもありません。様式の上に欄を描いてください")
    row.published_at = now
    row.save(update_fields=["published_at"])
    event = TemplatePublished(template=row.pk, code=row.code, number=row.number)
    announce(event, who=actor.who, now=now, subject=("template", row.pk))


def _box(told: Mapping[str, Any], pages: int) -> dict[str, Any]:
    try:
        box = {name: round(float(told[name]), 2) for name in ("x", "y", "w", "h")}
        box |= {"page": int(told["page"]), "cells": int(told.get("cells") or 1)}
    except (KeyError, TypeError, ValueError):
        raise Invalid("欄の位置が読めません。描き直してください") from None
    words = ("field", "label", "type", "kind", "part", "option")
    text = {name: str(told.get(name) or "").strip()[:80] for name in words}
    name = text["label"] or text["field"] or "名前のない欄"
    if not text["field"] or not text["label"]:
        raise Invalid("名前のない欄があります。欄の名前を入力してください")
    if text["type"] != NUMBER and text["type"] not in procedures.FIELD_TYPES:
        raise Invalid(f"「{name}」の型を選んでください")
    if text["kind"] not in _KINDS or text["part"] not in _PARTS or not 1 <= box["cells"] <= 60:
        raise Invalid(f"「{name}」の形かマスの数が正しくありません")
    inside = min(box["x"], box["y"]) >= 0 and max(box["x"] + box["w"], box["y"] + box["h"]) <= _LARGEST
    if not inside or min(box["w"], box["h"]) < 2 or not 1 <= box["page"] <= pages:
        raise Invalid(f"「{name}」が用紙からはみ出しているか、小さすぎます")
    return text | box


def _sum(told: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    one = {"fields": [str(each) for each in told.get("fields", ())], "holds": str(told.get("holds", ""))}
    unknown = [each for each in one["fields"] if each not in fields]
    if unknown:
        raise Invalid(f"計算に、この様式にない欄があります：{'、'.join(unknown)}")
    try:
        sums_of([one])
    except procedures.FeelError as error:
        raise Invalid(f"計算の式が読めません：{error}") from error
    return one
