"""The list of procedures and their versions."""

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor, Kind
from honrai.procedures.models import Draft, PackVersion
from honrai.ui.tables import Cell, Column, Filter, Listing

STATES = (("now", "施行中"), ("coming", "施行前"), ("past", "終了"), ("all", "すべて"))
_BADGES = {"now": "ok", "coming": "info", "past": ""}


def visible_versions(actor: Actor) -> QuerySet[PackVersion]:
    """Return the versions the actor may see: the city's, and a contractor's own inner packs."""
    rows = PackVersion.objects.defer("archive")
    if actor.kind is Kind.CONTRACTOR:
        return rows.filter(Q(contract__isnull=True) | Q(contract=actor.contract))
    return rows.filter(contract__isnull=True) if actor.kind is Kind.STAFF else rows.none()


def visible_drafts(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts the actor may see: the city's for its staff, a contract's for its people."""
    if actor.kind is Kind.CONTRACTOR:
        return Draft.objects.filter(contract=actor.contract)
    return Draft.objects.filter(contract__isnull=True) if actor.kind is Kind.STAFF else Draft.objects.none()


def standing(row: PackVersion, today: date) -> str:
    """Return whether a version is in force ("now"), "coming" or "past"."""
    if row.effective_from > today:
        return "coming"
    return "past" if row.effective_to is not None and row.effective_to <= today else "now"


def versions(today: date) -> Listing:
    """Return the list of versions, by title, the newest of each first."""

    def in_state(rows: QuerySet[PackVersion], value: str) -> QuerySet[PackVersion]:
        past = Q(effective_to__isnull=False, effective_to__lte=today)
        wanted = {"coming": Q(effective_from__gt=today), "past": past, "now": Q(effective_from__lte=today) & ~past}
        return rows.filter(wanted[value]) if value in wanted else rows

    return Listing(
        id="versions",
        caption="手続の版",
        columns=(
            Column("手続", _link, order=("title",)),
            Column("版", lambda row: Cell(f"第{row.number}版", numeric=True), order=("number",), numeric=True),
            Column("状態", lambda row: _state(row, today)),
            Column("施行日", lambda row: format_wareki(row.effective_from), order=("effective_from",)),
            Column("終了日", lambda row: format_wareki(row.effective_to) if row.effective_to else "―"),
            Column("性質", lambda row: row.nature, order=("nature",)),
            Column("制度主管", lambda row: "受託者の作業手順書" if row.contract else row.owner, order=("owner",)),
        ),
        filters=(
            Filter(
                "q", "手続の名前・コード", lambda rows, q: rows.filter(Q(title__icontains=q) | Q(code__icontains=q))
            ),
            Filter("state", "状態", in_state, choices=(("", "すべて"), *STATES[:3])),
        ),
        order=("title", "-number", "pk"),
        empty="手続はまだありません。「新しい案を作る」から始めてください。",
    )


def _link(row: PackVersion) -> Cell:
    return Cell(row.title, url=reverse("procedures:version", args=[row.pk]))


def _state(row: PackVersion, today: date) -> Cell:
    found = standing(row, today)
    return Cell(dict(STATES)[found], badge=_BADGES[found])
