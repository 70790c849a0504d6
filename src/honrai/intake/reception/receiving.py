"""Taking in an application with a person at the counter or on the telephone, or with a page that came by post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from honrai.intake import operations as intake
from honrai.intake.models import Application, Attachment
from honrai.intake.operations import Receipt
from honrai.intake.reception import rules
from honrai.intake.reception.events import VisitorIdentified
from honrai.intake.reception.models import Mail, Reception
from honrai.intake.reception.permissions import check_can_key, check_can_receive
from honrai.parties import api as parties
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import announce, record
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures
from honrai.procedures.forms import applicable, read_answers

#: Ways in that staff key themselves.
BY_HAND = ("counter", "phone", "post")
#: What the page an application was keyed from is called among its papers.
PAGE = "郵送された紙面"
_PREFILLED = ("name", "kana", "born", "address", "postcode")


class Incomplete(Invalid):
    """An application from outside cannot be read or lacks something: (question, how to mend it) for each."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("。".join(f"{where}：{why}" for where, why in problems[:5]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A paper from outside: its kind in the pack, its name, its bytes."""

    kind: str
    name: str
    content: bytes


def begin(*, procedure: str, channel: str, token: str, actor: Actor, now: datetime, mail: int | None = None) -> int:
    """Begin an application for somebody, and return its key; the same token begins it once.

    Args:
        procedure: code of the procedure.
        channel: counter, phone or post; the pack must offer it.
        token: made with the page.
        actor: who takes it in.
        now: the moment.
        mail: the page it is keyed from.

    Raises:
        Denied: the actor may not take in this procedure.
        Invalid: the procedure is not taken in by this channel.
        Conflict: the page is keyed already.
    """
    check_can_receive(actor, procedure, now.date())
    if channel not in BY_HAND:
        raise Invalid("窓口・電話・郵送のどれかを選んでください")
    key = intake.start(procedure=procedure, channel=channel, token=token, who=actor.who, now=now)
    row, made = Reception.objects.get_or_create(
        application_id=key, defaults={"person": actor.person, "contract": actor.contract, "at": now}
    )
    if not made and row.person != actor.person:
        raise Conflict("この受付は、ほかの人が始めています。受付の一覧からはじめてください")
    if mail is not None and made:
        taken = Mail.objects.filter(pk=mail, procedure=procedure, application=None).update(application_id=key)
        if not taken:
            raise Conflict("この郵送物は、ほかの人が入力を始めています。一覧を開き直してください")
    return key


def identify(*, application: int, visitor: rules.Visitor, actor: Actor, now: datetime) -> None:
    """Note who came and for whom they act; no number of any document is kept.

    Raises:
        Denied: somebody else's reception.
        Invalid: the identity or the power to act is not shown; the message says what is missing.
    """
    row, _ = check_can_key(actor, application)
    accepted = rules.accepted_on(now.date())
    wrong = rules.why_not_identified(visitor, accepted) or rules.why_not_represented(visitor)
    if wrong is not None:
        raise Invalid(wrong)
    names = ("manner", "acting", "agent_name", "agent_relation", "agent_scope", "agent_proof", "note")
    texts = {name: getattr(visitor, name).strip() for name in names}
    check_no_personal_number(texts, {"note": "受付メモ", "agent_scope": "委任の範囲"})
    known = {one.id for one in accepted.documents} | rules.ASKED.keys()
    row.documents = [one for one in visitor.documents if one in known]
    row.identified_at = now
    for name, value in texts.items():
        setattr(row, name, value)
    row.save()
    event = VisitorIdentified(
        application=application, manner=row.manner, documents=tuple(row.documents), acting=row.acting
    )
    announce(event, who=actor.who, now=now, subject=("application", application))


def take_from_register(*, application: int, number: str, group: str, actor: Actor, now: datetime) -> parties.PersonView:
    """Fill in what the city knows of a person found by search; of people under 支援措置 never where they live.

    Args:
        application: the draft.
        number: 宛名番号 of the person.
        group: the group of fields the person stands in (`child`, `guardian` ...).
        actor: who takes it in; the read of the register is recorded.
        now: the moment.

    Raises:
        NotFound: no such person, or not one the actor may see.
    """
    row, draft = check_can_key(actor, application)
    person = parties.read_person(number, actor=actor, now=now)
    pack = procedures.runnable(draft.version).pack
    known = {"name": person.name, "kana": person.kana, "born": person.born_on.isoformat()}
    if person.address != parties.HIDDEN:
        known |= {"address": person.address, "postcode": person.postcode}
    fields = {field.id for field in pack.form.fields if not field.many}
    values = {f"{group}.{part}": known[part] for part in _PREFILLED if part in known and f"{group}.{part}" in fields}
    intake.save(application=application, values={name: value for name, value in values.items() if value}, now=now)
    if group == pack.identity.subject:
        row.party, row.protected = person.number, person.protected
        row.save(update_fields=["party", "protected"])
    return person


def keep(*, application: int, values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Keep what was typed so far.

    Raises:
        Denied: somebody else's reception.
        Conflict: it was taken in already.
        Invalid: a value likely holds a 個人番号.
    """
    check_can_key(actor, application)
    intake.save(application=application, values=values, now=now)


def take_in(*, application: int, actor: Actor, now: datetime) -> Receipt:
    """Take an application in: it gets its number and day of arrival, and its case opens; done twice it is done once.

    What is missing does not hold it up: an application that has arrived is examined (行政手続法7条) and completed later.

    Raises:
        Denied: somebody else's reception.
        Invalid: nobody noted who came, or the person's name is missing.
    """
    row, draft = check_can_key(actor, application)
    if draft.channel in ("counter", "phone") and row.identified_at is None:
        raise Invalid("来た人の本人確認を記録してから受け付けてください")
    group = procedures.runnable(draft.version).pack.identity.subject
    if not draft.values.get(f"{group}.name"):
        raise Invalid("だれの申請か分かりません。対象の方の氏名を入力してください")
    mail = Mail.objects.filter(application=draft).first()
    if mail is not None:
        defaults = {"kind": PAGE, "at": mail.at}
        Attachment.objects.get_or_create(application=draft, file=mail.file, defaults=defaults)
    return intake.submit(application=application, arrived_on=_arrived(mail, draft, now), who=actor.who, now=now)


def drop(*, application: int, actor: Actor, now: datetime) -> None:
    """Give up a draft begun by mistake; its page goes back to those that wait."""
    row, draft = check_can_key(actor, application)
    if draft.submitted_at is not None:
        raise Conflict("すでに受け付けています。取り下げは案件の画面で行ってください")
    Mail.objects.filter(application=draft).update(application=None)
    for paper in draft.attachments.all():
        intake.detach(application=application, attachment=paper.pk, who=actor.who, now=now)
    record("reception.dropped", who=actor.who, now=now, subject=("application", application))
    row.delete()
    draft.delete()


def apply(
    *,
    procedure: str,
    channel: str,
    key: str,
    values: Mapping[str, Any],
    papers: Sequence[SentPaper] = (),
    arrived_on: date | None = None,
    email: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take in a whole application at once, as files and other systems send it; the same key takes it in once.

    Args:
        procedure: code of the procedure.
        channel: file or api.
        key: the sender's idempotency key.
        values: answers by field id, rows of repeated sections by section id.
        papers: papers sent with it.
        arrived_on: 到達日; today where the sender does not say.
        email: where the applicant wants to hear from us.
        actor: who sends it.
        now: the moment.

    Raises:
        Denied: the actor may not take in this procedure.
        Incomplete: something cannot be read or is missing; nothing is kept.
        Conflict: the key was used for other answers.
    """
    check_can_receive(actor, procedure, now.date())
    token = f"{channel}-{intake.hashed(f'{procedure}|{key}')[:32]}"
    before = Application.objects.filter(token=token).exclude(submitted_at=None).first()
    pack = procedures.runnable(before.version if before else procedures.version_on(procedure, now.date()).id).pack
    read, wrong = read_answers(pack, values)
    on = arrived_on or now.date()
    if before is not None:
        if before.values != applicable(pack, read, before.arrived_on or on, channel=channel):
            raise Conflict("同じ受付キーで、違う内容が送られています。別の申請なら、新しいキーを付けてください")
        return intake.receipt(before, now)
    wrong += _lacking(pack, read, on, channel) if not wrong else []
    if wrong:
        raise Incomplete(wrong)
    draft = intake.start(procedure=procedure, channel=channel, token=token, who=actor.who, now=now)
    intake.save(application=draft, values=read, now=now)
    for paper in papers:
        intake.attach(
            application=draft, kind=paper.kind, content=paper.content, name=paper.name, who=actor.who, now=now
        )
    return intake.submit(application=draft, arrived_on=on, email=email, who=actor.who, now=now)


def _lacking(pack: procedures.Pack, values: Mapping[str, Any], on: date, channel: str) -> list[tuple[str, str]]:
    found = procedures.evaluate_form(pack, values, {}, on, channel=channel)
    labels = {field.id: field.label for field in pack.form.fields}
    return [
        (labels.get(one.code.removeprefix("F-"), "様式"), one.message) for one in found if one.code.startswith("F-")
    ]


def _arrived(mail: Mail | None, draft: Application, now: datetime) -> date:
    if mail is None:
        return now.date()
    counts = City.objects.values_list("settings", flat=True).get(pk=current_city()).get("postmark_counts", [])
    return rules.arrival_day(mail.arrived_on, mail.postmarked_on, postmark_counts=draft.procedure in counts)
