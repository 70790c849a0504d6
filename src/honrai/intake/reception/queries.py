"""What the screens of reception show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from honrai.intake.models import Application
from honrai.intake.reception import rules
from honrai.intake.reception.models import Batch, Mail, Reception
from honrai.intake.reception.permissions import can_receive
from honrai.kernel.wareki import format_wareki
from honrai.platform.authority.api import Actor
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.procedures import api as procedures
from honrai.procedures.forms import STAFF, Face, Sheet, answers_of, sheets_of, shown

CHANNELS: Mapping[str, str] = {"counter": "窓口", "phone": "電話", "post": "郵送"}
OTHER_WAYS: Mapping[str, str] = {**CHANNELS, "web": "電子申請", "school": "学校", "bank": "金融機関"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One procedure as staff may take it in: by which ways, and by which it may not come."""

    version: procedures.Version
    channels: Sequence[tuple[str, str]]
    others: Sequence[str]

    @property
    def not_by_phone(self) -> bool:
        """True where it may not be taken by telephone: the caller is told which ways there are."""
        return all(key != "phone" for key, _ in self.channels)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A reception begun and not finished."""

    application: int
    title: str
    channel: str
    name: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A person the form asks about: the group of fields, and what the form calls it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Asking:
    """One moment of a telephone call: what is asked, what was understood before, how far it is."""

    fields: Sequence[procedures.Field]
    section: procedures.Section
    sheet: Sheet
    sentence: str
    number: int
    of: int
    before: str


def offers(actor: Actor, on: date, text: str = "") -> list[Offer]:
    """Return the procedures an actor may take in, those found by a text in title or section."""
    found = []
    for version in procedures.in_force(on):
        known = procedures.runnable(version.id).pack.identity.channels
        if (text in version.title or text in version.owner) and can_receive(actor, version.code, on):
            ways = [(key, label) for key, label in CHANNELS.items() if key in known]
            others = [OTHER_WAYS[key] for key in known if key in OTHER_WAYS]
            found.append(Offer(version, ways, others))
    return found


def unfinished(actor: Actor) -> list[Unfinished]:
    """Return what the actor began and did not finish, newest first."""
    rows = Reception.objects.filter(person=actor.person, application__submitted_at=None).select_related("application")
    return [_unfinished(row.application) for row in rows.order_by("-at")[:20]] if actor.person is not None else []


def groups_of(draft: Application) -> list[Group]:
    """Return whom the form asks about: the subject, then the applicant where that is somebody else."""
    pack = procedures.runnable(draft.version).pack
    titles = {
        field.id.split(".")[0]: section.title for section in reversed(pack.form.sections) for field in section.fields
    }
    wanted = dict.fromkeys([pack.identity.subject, pack.identity.applicant])
    return [Group(one, titles[one]) for one in wanted if one in titles]


def sheets(draft: Application, data: QueryDict | None, on: date) -> list[Sheet]:
    """Return the whole form as staff key it."""
    pack = procedures.runnable(draft.version).pack
    return sheets_of(pack, pack.form.sections, data, draft.values, on=on, face=STAFF, channel=draft.channel)


def asking(draft: Application, number: int, data: QueryDict | None, on: date) -> Asking:
    """Return one question of the telephone script; a repeated section is asked at once, a signature never."""
    pack = procedures.runnable(draft.version).pack
    seen = procedures.context_of(pack, draft.values, {}, on, channel=draft.channel)
    turns: list[tuple[procedures.Section, procedures.Field | None]] = []
    for section in pack.form.sections:
        if section.repeat:
            turns.append((section, None))
            continue
        asked = [one for one in section.fields if rules.is_spoken(one) and procedures.visible(one, seen)]
        turns += [(section, field) for field in asked]
    number = min(number, len(turns) - 1)
    section, field = turns[number]
    only = frozenset([field.id if field else section.id])
    face = Face(public=False, strict=False, only=only)
    [sheet] = sheets_of(pack, [section], data, draft.values, on=on, face=face, channel=draft.channel)
    sentence = rules.spoken(field) if field else f"{section.title}について、1件ずつ教えてください。"
    before = _read_back(draft, turns[number - 1]) if number else ""
    return Asking([field] if field else section.fields, section, sheet, sentence, number, len(turns), before)


def unsigned(draft: Application) -> list[str]:
    """Return what a caller cannot give by telephone and sends afterwards."""
    form = procedures.runnable(draft.version).pack.form
    return [field.label for field in form.fields if not rules.is_spoken(field)]


def visitor_words(row: Reception, on: date) -> list[tuple[str, str]]:
    """Return who came, in words."""
    if row.identified_at is None:
        return []
    accepted = rules.accepted_on(on)
    shown_ = accepted.labels(row.documents) or [rules.ASKED[one] for one in row.documents if one in rules.ASKED]
    found = [
        ("来た人", rules.ACTING[row.acting]),
        ("本人確認", rules.MANNERS[row.manner]),
        ("確認した書類", "、".join(shown_)),
    ]
    if row.acting != "self":
        found += [("代理人", f"{row.agent_name}（{row.agent_relation}）")]
        found += [("代理権の確認", rules.PROOFS[row.acting][row.agent_proof]), ("委任の範囲", row.agent_scope)]
    return [(label, text) for label, text in [*found, ("メモ", row.note)] if text]


def mail_of(draft: Application) -> Mail | None:
    """Return the page a draft is keyed from."""
    return Mail.objects.filter(application=draft).first()


def slip(draft: Application, row: Reception, secret: str, address: str, missing: Sequence[str]) -> dict[str, Any]:
    """Return what the slip prints: number, day of arrival, papers, what is still to bring. No address, no household."""
    run = procedures.runnable(draft.version)
    labels = {one.id: one.label for one in run.pack.form.attachments}
    sent = draft.attachments.filter(sent=True).order_by("pk").values_list("kind", flat=True)
    assert draft.arrived_on is not None
    return {
        "city": City.objects.values_list("name", flat=True).get(pk=current_city()),
        "procedure": run.version.title,
        "owner": run.version.owner,
        "nature": run.pack.identity.nature,
        "number": draft.number,
        "secret": secret,
        "address": address,
        "arrived": format_wareki(draft.arrived_on),
        "channel": CHANNELS.get(draft.channel, draft.channel),
        "agent": row.agent_name,
        "papers": [labels.get(one, one) for one in dict.fromkeys(sent)],
        "missing": list(missing),
        "period": _period(run.pack.identity.standard_period),
    }


def review(draft: Application, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was keyed, section by section, in words."""
    pack = procedures.runnable(draft.version).pack
    seen = procedures.context_of(pack, draft.values, {}, on, channel=draft.channel)
    told = [(section.title, answers_of(section, draft.values, seen)) for section in pack.form.sections]
    return [(title, answers) for title, answers in told if answers]


def batch_state(row: Batch) -> str:
    """Return where a file stands, in words."""
    return {"draft": "確認中", "running": "受付中", "done": "完了"}[row.state]


def _unfinished(draft: Application) -> Unfinished:
    run = procedures.runnable(draft.version)
    name = str(draft.values.get(f"{run.pack.identity.subject}.name") or "（氏名未入力）")
    return Unfinished(draft.pk, run.version.title, CHANNELS.get(draft.channel, draft.channel), name, draft.saved_at)


def _read_back(draft: Application, turn: tuple[procedures.Section, procedures.Field | None]) -> str:
    section, field = turn
    if field is None:
        return f"{section.title}は{len(draft.values.get(section.id) or [])}件ですね。"
    return rules.read_back(field, shown(field, draft.values.get(field.id)))


def _period(period: procedures.StandardPeriod) -> str:
    return f"標準処理期間 {period.days}{'開庁日' if period.count == 'business' else '日'}"
