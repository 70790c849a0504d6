"""Drafts and sending. Sending is one transaction: one receipt, an application and a case for every procedure, or nothing."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from honrai.intake import operations as intake
from honrai.intake.events import Submitted
from honrai.intake.life_events.events import SubmissionSent
from honrai.intake.life_events.models import Submission, SubmissionPaper, SubmissionPart
from honrai.intake.life_events.publishing import event_of, offered_as
from honrai.intake.life_events.rules.combining import Combined, Part
from honrai.intake.life_events.rules.planning import advise
from honrai.intake.models import Application, Attachment
from honrai.intake.ports import ports
from honrai.platform.authority.api import Actor, Conflict, Denied, Invalid, Kind, NotFound
from honrai.platform.events.api import Who, announce, record
from honrai.platform.files import api as files
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures

_SECRET_LENGTH = 10
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_MAX_PAPERS = 40


def start(
    *, code: str, token: str, answers: Mapping[str, Any], who: Who, now: datetime, actor: Actor | None = None
) -> int:
    """Begin a submission on the versions in force today, or return the one this token began before.

    All procedures the answers call for and that can be done here are chosen at first.

    Args:
        code: the life event.
        token: made with the page.
        answers: of the few questions, by id.
        who: applicant or clerk.
        now: the moment.
        actor: who takes it in at the counter; None on the web.

    Raises:
        NotFound: the life event is not offered today.
        Denied: the actor may not take in applications.
    """
    if actor is not None and actor.kind not in (Kind.STAFF, Kind.CONTRACTOR):
        raise Denied("窓口での受付は、職員か受託者だけができます")
    definition = offered_as(code, now.date())
    event = event_of(definition.pk)
    check_no_personal_number(answers, {field.id: field.label for field in event.questions})
    row, made = Submission.objects.get_or_create(
        token=token,
        defaults={
            "definition": definition,
            "channel": "web" if actor is None else "counter",
            "versions": {one: procedures.version_on(one, now.date()).id for one in event.packs},
            "answers": dict(answers),
            "chosen": [one.step.id for one in advise(event, answers, now.date()) if one.step.pack],
            "started_at": now,
            "saved_at": now,
            "resume": intake.hashed(token),
        },
    )
    if made:
        record("life_events.started", who=who, now=now, subject=("submission", row.pk), data={"code": code})
    return int(row.pk)


def change_answers(*, submission: int, answers: Mapping[str, Any], now: datetime) -> None:
    """Answer the few questions again; what was typed into the form stays, the procedures follow the new answers."""
    row = draft(submission)
    event = event_of(row.definition_id)
    check_no_personal_number(answers, {field.id: field.label for field in event.questions})
    row.answers, row.saved_at = dict(answers), now
    row.chosen = [one.step.id for one in advise(event, answers, now.date()) if one.step.pack]
    row.save(update_fields=["answers", "chosen", "saved_at"])


def choose(*, submission: int, steps: Sequence[str], now: datetime) -> None:
    """Keep which of the procedures called for are wanted now.

    Raises:
        Invalid: none, or one that the answers do not call for.
    """
    row = draft(submission)
    called = {one.step.id for one in advise(event_of(row.definition_id), row.answers, now.date()) if one.step.pack}
    if not steps or not set(steps) <= called:
        raise Invalid("申請する手続を1つ以上選んでください")
    row.chosen, row.saved_at = list(steps), now
    row.save(update_fields=["chosen", "saved_at"])


def save(*, submission: int, values: Mapping[str, Any], labels: Mapping[str, str], now: datetime) -> None:
    """Keep answers of one page; rows of a repeated page come whole.

    Raises:
        Conflict: it was sent already.
        Invalid: a value likely holds a 個人番号; nothing is stored.
    """
    row = draft(submission)
    check_no_personal_number(values, labels)
    row.values = row.values | dict(values)
    row.saved_at = now
    row.save(update_fields=["values", "saved_at"])


def attach(*, submission: int, kind: str, content: bytes, name: str, who: Who, now: datetime) -> int:
    """Keep a photo or file of a draft and return its key.

    Raises:
        Invalid: no procedure wants this paper, or there are too many.
        UnwelcomeFileError, MalwareError: see `platform.files`.
    """
    row = draft(submission)
    if kind not in {one.id for one in combined(row, now).papers()}:
        raise Invalid("この申請にない書類です。画面を開き直してください")
    if row.papers.count() >= _MAX_PAPERS:
        raise Invalid(f"書類は{_MAX_PAPERS}枚までです。いらない写真を消してください")
    kept = files.store(content, name=name, limits=files.ATTACHMENTS, who=who, now=now)
    return int(SubmissionPaper.objects.create(submission=row, kind=kind, file=kept.id, at=now).pk)


def detach(*, submission: int, paper: int, who: Who, now: datetime) -> None:
    """Take a photo back that has not been sent yet."""
    row = draft(submission).papers.filter(pk=paper).first()
    if row is not None:
        files.remove(row.file, who=who, now=now)
        row.delete()


def submit(*, submission: int, email: str = "", who: Who, now: datetime) -> intake.Receipt:
    """Send a draft: one receipt number, one application with a number of its own and one case for every procedure.

    All in one transaction. Sending again returns the same number (without the secret, which is shown once). Each application
    receives the answers its own pack declares and asks for, and the papers its pack knows; nothing else.

    Args:
        submission: the draft.
        email: where the person wants to hear from us; may be empty.
        who: applicant or clerk.
        now: the moment.

    Raises:
        Invalid: something compulsory is not answered; names it.
    """
    row = Submission.objects.select_for_update().get(pk=submission)
    if row.submitted_at is not None:
        return intake.Receipt(row.pk, row.number, "")
    form = combined(row, now)
    check_whole(form)
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    row.number, row.secret = intake.next_number(now.date()), intake.hashed(secret)
    row.submitted_at, row.resume = now, ""
    row.save()
    papers = list(row.papers.order_by("pk").values_list("kind", "file"))
    made = tuple(
        _open(row, form, part, number, papers, email=email, who=who, now=now)
        for number, part in enumerate(form.parts, 1)
    )
    sent = SubmissionSent(submission=row.pk, code=row.definition.code, applications=made)
    announce(sent, who=who, now=now, subject=("submission", row.pk))
    return intake.Receipt(row.pk, row.number, secret)


def check_whole(form: Combined) -> None:
    """Refuse a form in which something compulsory is missing, also by the rules of each pack itself.

    Raises:
        Invalid: names the questions.
    """
    wanting = [label for _, label in form.gaps()]
    for part in form.parts:
        values, on = form.values_of(part), form.on
        found = procedures.evaluate_form(
            part.pack, values, {}, on, channel=form.channel, attached=form.attached_to(part)
        )
        wanting += [f"{part.step.title}：{one.message}" for one in found if one.code.startswith("F-")]
    if wanting or not form.parts:
        raise Invalid("まだ入力していない所があります。\n" + "\n".join(wanting[:20]))


def answer(*, submission: int, values: Mapping[int, Mapping[str, Any]], who: Who, now: datetime) -> None:
    """Send answers to the deficiencies of several applications at once; all cases go on in one transaction.

    Args:
        submission: already sent.
        values: case -> answers by field id; papers were kept with `attach_answer` before.
        who: applicant or clerk.
        now: the moment.

    Raises:
        Conflict: a case does not wait for answers.
        NotFound: a case is not one of the submission's.
    """
    owner = {one.case: part for part in applications(submission) for one in ports.progress(part)}
    if not set(values) <= set(owner):
        raise NotFound("この申請の手続ではありません")
    for case in sorted(values):
        intake.answer(application=owner[case], case=case, values=values[case], who=who, now=now)


def withdraw(*, submission: int, case: int, who: Who, now: datetime) -> None:
    """Take back one procedure of a submission; the others go on.

    Raises:
        NotFound: the case is not one of the submission's.
        Conflict: it is decided or over.
    """
    owner = {one.case: part for part in applications(submission) for one in ports.progress(part)}
    if case not in owner:
        raise NotFound("この申請の手続ではありません")
    intake.withdraw(application=owner[case], case=case, who=who, now=now)


def attach_answer(
    *, submission: int, wanted: Mapping[int, str], content: bytes, name: str, who: Who, now: datetime
) -> None:
    """Keep one photo for the deficiencies of several applications: application -> kind of paper; stored once."""
    if not set(wanted) <= set(applications(submission)):
        raise NotFound("この申請の手続ではありません")
    kept = files.store(content, name=name, limits=files.ATTACHMENTS, who=who, now=now)
    Attachment.objects.bulk_create(
        Attachment(application_id=one, kind=kind, file=kept.id, at=now) for one, kind in wanted.items()
    )


def applications(submission: int) -> list[int]:
    """Return the applications a submission made, in order."""
    rows: QuerySet[SubmissionPart] = SubmissionPart.objects.filter(submission_id=submission)
    return list(rows.order_by("pk").values_list("application_id", flat=True))


def find_by_receipt(number: str, secret: str) -> Submission:
    """Return the submission a receipt opens.

    Raises:
        NotFound: number and secret do not fit together; says the same whichever is wrong.
    """
    row = Submission.objects.filter(number=number.strip().upper()).exclude(number="").first()
    given = intake.hashed(secret.strip().upper().replace("-", ""))
    if row is None or not secrets.compare_digest(row.secret, given):
        raise NotFound("受付番号か照会番号が違います。控えを見て、もう一度入力してください")
    return row


def draft(submission: int) -> Submission:
    """Return a draft, locked for change.

    Raises:
        Conflict: it was sent already.
    """
    row = Submission.objects.select_for_update().get(pk=submission)
    if row.submitted_at is not None:
        raise Conflict("この申請はすでに提出されています。受付番号で状況を確かめてください")
    return row


def combined(row: Submission, now: datetime) -> Combined:
    """Return the combined form of a submission as it stands now."""
    event = event_of(row.definition_id)
    return Combined(
        event=event,
        packs={code: procedures.runnable(version).pack for code, version in row.versions.items()},
        chosen=tuple(row.chosen),
        answers=row.answers,
        values=row.values,
        on=now.date(),
        channel=row.channel,
        attached=frozenset(row.papers.values_list("kind", flat=True)),
    )


def _open(
    row: Submission,
    form: Combined,
    part: Part,
    number: int,
    papers: Sequence[tuple[str, int]],
    *,
    email: str,
    who: Who,
    now: datetime,
) -> int:
    """Make one application of a submission, sent already, and let its case open."""
    made = Application.objects.create(
        token=hashlib.sha256(f"{row.token}/{part.key}".encode()).hexdigest()[:40],
        number=f"{row.number}-{number}",
        secret=row.secret,
        version=row.versions[part.step.pack],
        procedure=part.step.pack,
        channel=row.channel,
        values=form.values_of(part),
        started_at=row.started_at,
        saved_at=now,
        submitted_at=now,
        arrived_on=now.date(),
        email=email,
    )
    known = form.attached_to(part)
    Attachment.objects.bulk_create(
        Attachment(application=made, kind=kind, file=file, at=now, sent=True) for kind, file in papers if kind in known
    )
    SubmissionPart.objects.create(submission=row, application=made, step=part.key)
    event = Submitted(application=made.pk, procedure=made.procedure, version=made.version, channel=made.channel)
    announce(event, who=who, now=now, subject=("application", made.pk))
    return int(made.pk)
