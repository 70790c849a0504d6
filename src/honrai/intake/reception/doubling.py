"""Two applications for the same matter: found when the second is submitted, shown to staff only, decided by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from honrai.intake.models import Application
from honrai.intake.ports import ports
from honrai.intake.reception import rules
from honrai.intake.reception.events import DuplicateDecided, DuplicateFound
from honrai.intake.reception.models import Duplicate, Reception, Subject
from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind
from honrai.platform.events.api import Announced, announce, record
from honrai.procedures import api as procedures
from honrai.procedures.forms import answers_of

VERDICTS = {"same": "同じ申請", "separate": "別の申請"}


@dataclass(frozen=True, slots=True)
class Line:
    """One question with both answers; `differs` where they are not the same."""

    label: str
    earlier: str
    later: str

    @property
    def differs(self) -> bool:
        """True where the two answers are not the same."""
        return self.earlier != self.later


@dataclass(frozen=True, slots=True)
class Pair:
    """Two applications side by side."""

    duplicate: Duplicate
    lines: Sequence[Line]


def look_for_double(announced: Announced) -> None:
    """Keep whom a submitted application is about, and note an earlier one for the same matter, open or recent.

    It runs in the transaction that submits. The applicant is told nothing: that somebody else applied is not theirs to know.
    """
    row = Application.objects.get(pk=announced.data["application"])
    pack = procedures.runnable(row.version).pack
    key = rules.subject_key(pack.form, pack.identity.subject, row.values)
    assert row.arrived_on is not None
    if not key:
        return
    Subject.objects.create(application=row, procedure=row.procedure, key=key, arrived_on=row.arrived_on)
    same = Subject.objects.filter(procedure=row.procedure, key=key).exclude(application=row)
    keys = list(same.values_list("application_id", flat=True))
    recent = Q(arrived_on__gte=row.arrived_on - rules.RECENT) | Q(application__in=ports.open_among(keys))
    for earlier in same.filter(recent).order_by("application_id").values_list("application_id", flat=True):
        found = Duplicate.objects.create(earlier_id=earlier, later=row, procedure=row.procedure, found_at=announced.at)
        event = DuplicateFound(duplicate=found.pk, earlier=earlier, later=row.pk)
        announce(event, who=announced.who, now=announced.at, subject=("duplicate", found.pk))


def open_pairs(actor: Actor, now: datetime) -> list[Duplicate]:
    """Return the suspicions nobody decided, of applications the actor may see both of; oldest first."""
    rows = list(
        Duplicate.objects.filter(verdict="").select_related("earlier", "later").order_by("found_at", "id")[:200]
    )
    seen = ports.visible(actor, [key for row in rows for key in (row.earlier_id, row.later_id)], now)
    return [row for row in rows if {row.earlier_id, row.later_id} <= seen]


def side_by_side(duplicate: int, *, actor: Actor, now: datetime) -> Pair:
    """Return two applications question by question; the read is recorded.

    Raises:
        Denied: the actor may not see both.
    """
    row = _seen(duplicate, actor, now)
    record("reception.duplicate_read", who=actor.who, now=now, subject=("duplicate", row.pk))
    lines = [Line("受付番号", row.earlier.number, row.later.number)]
    lines.append(Line("到達日", *(format_wareki(one.arrived_on) for one in (row.earlier, row.later) if one.arrived_on)))
    by = [{one.application_id: one for one in Reception.objects.filter(application__in=(row.earlier, row.later))}]
    lines.append(Line("来た人", *(_visitor(by[0].get(one.pk)) for one in (row.earlier, row.later))))
    earlier, later = _answers(row.earlier), _answers(row.later)
    lines += [Line(label, earlier.get(label, ""), later.get(label, "")) for label in {**earlier, **later}]
    papers = [_papers(one) for one in (row.earlier, row.later)]
    return Pair(row, [*lines, Line("添付", *papers)])


def decide(
    *,
    duplicate: int,
    verdict: str,
    reason: str,
    withdrawn: int | None = None,
    consent: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Say whether two applications are one. The same: one is withdrawn as the applicant wishes, its papers go to the other.

    Args:
        duplicate: the suspicion.
        verdict: same or separate.
        reason: why; for "same" also when and how the applicant agreed.
        withdrawn: the application to withdraw, one of the two; only for "same".
        consent: the applicant agreed to the withdrawal.
        actor: who decides.
        now: the moment.

    Raises:
        Denied: the actor may not see both.
        Invalid: no reason, or no consent to withdraw: withdrawing is the applicant's own act.
        Conflict: somebody decided already, or the case cannot be withdrawn any more.
    """
    row = _seen(duplicate, actor, now, lock=True)
    if row.verdict:
        raise Conflict("この重複の疑いは、すでに判断されています")
    if verdict not in VERDICTS or not reason.strip():
        raise Invalid("同じ申請か別の申請かを選び、理由を書いてください")
    if verdict == "same" and (withdrawn not in (row.earlier_id, row.later_id) or not consent):
        raise Invalid("取り下げる申請を選び、申請者の意思を確かめた印を付けてください。取下げは申請者が決めることです")
    row.verdict, row.reason = verdict, reason.strip()[:400]
    row.withdrawn = withdrawn if verdict == "same" else None
    row.decided_by, row.decided_at = actor.person, now
    row.save()
    kept = {row.earlier_id: row.later_id, row.later_id: row.earlier_id}.get(row.withdrawn or 0)
    event = DuplicateDecided(duplicate=row.pk, verdict=verdict, withdrawn=row.withdrawn, kept=kept)
    announce(event, who=actor.who, now=now, subject=("duplicate", row.pk), after={"reason": row.reason})


def _seen(duplicate: int, actor: Actor, now: datetime, *, lock: bool = False) -> Duplicate:
    rows = Duplicate.objects.select_for_update() if lock else Duplicate.objects.select_related("earlier", "later")
    row = rows.filter(pk=duplicate).first()
    allowed = actor.kind in (Kind.STAFF, Kind.CONTRACTOR)
    if row is None or not allowed or len(ports.visible(actor, [row.earlier_id, row.later_id], now)) < 2:
        raise Denied("この2件を見比べる権限がありません。両方の案件を担当する人に頼んでください")
    return row


def _answers(row: Application) -> dict[str, str]:
    form = procedures.runnable(row.version).pack.form
    return {
        f"{section.title}　{label}": text
        for section in form.sections
        for label, text in answers_of(section, row.values)
    }


def _papers(row: Application) -> str:
    labels = {one.id: one.label for one in procedures.runnable(row.version).pack.form.attachments}
    return "、".join(labels.get(one.kind, one.kind) for one in row.attachments.filter(sent=True).order_by("pk"))


def _visitor(row: Reception | None) -> str:
    if row is None:
        return "(窓口ではない)"
    return rules.ACTING[row.acting] + (f"　{row.agent_name}" if row.agent_name else "")
