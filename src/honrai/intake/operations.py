"""Drafts, submission and answers. Submitting is one transaction: number, application, case, event, or nothing."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from honrai.intake.events import AnswersSent, Submitted, WithdrawalSent
from honrai.intake.models import Application, Attachment
from honrai.kernel.fiscal_year import FiscalYear
from honrai.kernel.wareki import Wareki
from honrai.platform.authority.api import Conflict, Invalid, NotFound
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Who, announce, record
from honrai.platform.files import api as files
from honrai.platform.privacy.api import check_no_personal_number
from honrai.procedures import api as procedures
from honrai.procedures.forms import applicable

#: Letters and digits that are not taken for one another when read over the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SECRET_LENGTH = 10
#: How long whoever submitted may be shown the secret again: a lost connection must not lose it.
SHOWN_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the applicant keeps: the number, and the secret; empty once `SHOWN_AGAIN` is over."""

    application: int
    number: str
    secret: str


def start(
    *, procedure: str, channel: str, token: str, who: Who, now: datetime, values: Mapping[str, Any] | None = None
) -> int:
    """Begin a draft on the version in force today, or return the one this token began before.

    Args:
        procedure: code of the procedure.
        channel: web, counter, phone, post, file or api.
        token: made with the page; the same token never begins two applications.
        who: applicant or clerk.
        now: the moment.
        values: answers known already.

    Raises:
        NotFound: the procedure is not offered today.
        Invalid: not by this channel.
    """
    version = procedures.version_on(procedure, now.date())
    if channel not in procedures.runnable(version.id).pack.identity.channels and channel not in {"file", "api"}:
        raise Invalid("この手続はこの方法では受け付けていません。ほかの方法で申請してください")
    row, made = Application.objects.get_or_create(
        token=token,
        defaults={
            "version": version.id,
            "procedure": procedure,
            "channel": channel,
            "values": dict(values or {}),
            "started_at": now,
            "saved_at": now,
            "resume": hashed(token),
        },
    )
    if made:
        record("intake.started", who=who, now=now, subject=("application", row.pk), data={"procedure": procedure})
    return int(row.pk)


def save(*, application: int, values: Mapping[str, Any], now: datetime) -> None:
    """Keep answers of a draft; nothing but 個人番号 is checked yet, nothing else typed is lost.

    Raises:
        Conflict: it was submitted already.
        Invalid: a value likely holds a 個人番号; nothing is stored.
    """
    row = draft(application)
    check_no_personal_number(values, _labels(row))
    row.values = row.values | dict(values)
    row.saved_at = now
    row.save(update_fields=["values", "saved_at"])


def attach(*, application: int, kind: str, content: bytes, name: str, who: Who, now: datetime) -> int:
    """Keep a file sent with an application and return the attachment's key.

    Raises:
        UnwelcomeFileError, MalwareError: see `platform.files`.
    """
    row = Application.objects.get(pk=application)
    kept = files.store(content, name=name, limits=files.ATTACHMENTS, who=who, now=now)
    return int(Attachment.objects.create(application=row, kind=kind, file=kept.id, at=now).pk)


def detach(*, application: int, attachment: int, who: Who, now: datetime) -> None:
    """Take a file back that has not been submitted yet."""
    row = Attachment.objects.filter(application_id=application, pk=attachment, sent=False).first()
    if row is not None:
        files.remove(row.file, who=who, now=now)
        row.delete()


def submit(*, application: int, arrived_on: date | None = None, email: str = "", who: Who, now: datetime) -> Receipt:
    """Submit a draft: it gets its number, and the case opens, in one transaction.

    Submitting again returns the same receipt; the secret only for a while, to whoever lost the connection. Answers to
    questions that do not apply are left out.

    Args:
        application: the draft.
        arrived_on: 到達日; today unless the channel says otherwise (post: by the city's setting).
        email: where the applicant wants to hear from us; may be empty.
        who: applicant or clerk.
        now: the moment.
    """
    row = Application.objects.select_for_update().get(pk=application)
    if row.submitted_at is not None:
        return receipt(row, now)
    secret, pack = _secret(row), procedures.runnable(row.version).pack
    row.values = applicable(pack, row.values, arrived_on or now.date(), channel=row.channel)
    row.number, row.secret = next_number(now.date()), hashed(secret)
    row.submitted_at, row.arrived_on, row.email, row.resume = now, arrived_on or now.date(), email, ""
    row.save()
    row.attachments.update(sent=True)
    event = Submitted(application=row.pk, procedure=row.procedure, version=row.version, channel=row.channel)
    announce(event, who=who, now=now, subject=("application", row.pk))
    return Receipt(row.pk, row.number, secret)


def receipt(row: Application, now: datetime) -> Receipt:
    """Return the receipt of a submitted application again."""
    assert row.submitted_at is not None
    return Receipt(row.pk, row.number, _secret(row) if now - row.submitted_at < SHOWN_AGAIN else "")


def _secret(row: Application) -> str:
    """Return the secret of an application: made from its token with the installation's key, so that asking twice is safe."""
    digest = salted_hmac("intake.secret", row.token, algorithm="sha256").digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_SECRET_LENGTH])


def answer(*, application: int, case: int, values: Mapping[str, Any], who: Who, now: datetime) -> None:
    """Send answers to the deficiencies of a case; the case goes on in the same transaction.

    Raises:
        Conflict: the case does not wait for answers.
        Invalid: a value likely holds a 個人番号; nothing is stored.
    """
    check_no_personal_number(values, _labels(Application.objects.get(pk=application)))
    fresh = Attachment.objects.filter(application_id=application, sent=False)
    attached = [[kind, file] for kind, file in fresh.values_list("kind", "file")]
    fresh.update(sent=True)
    event = AnswersSent(application=application, case=case)
    announce(
        event,
        who=who,
        now=now,
        subject=("application", application),
        case=case,
        after={"values": dict(values), "attachments": attached},
    )


def withdraw(*, application: int, case: int, who: Who, now: datetime) -> None:
    """Take one case of an application back (取下げ) at the applicant's own wish; it ends in the same transaction.

    Raises:
        Conflict: it is decided or over.
        Invalid: nothing one withdraws.
    """
    event = WithdrawalSent(application=application, case=case)
    announce(event, who=who, now=now, subject=("application", application), case=case)


def find_by_receipt(number: str, secret: str) -> Application:
    """Return the application a receipt opens.

    Raises:
        NotFound: number and secret do not fit together; says the same whichever is wrong.
    """
    row = Application.objects.filter(number=number.strip().upper()).first()
    given = hashed(secret.strip().upper().replace("-", ""))
    if row is None or not secrets.compare_digest(row.secret, given):
        raise NotFound("受付番号か照会番号が違います。控えを見て、もう一度入力してください")
    return row


def _labels(row: Application) -> dict[str, str]:
    return {field.id: field.label for field in procedures.runnable(row.version).pack.form.fields}


def draft(application: int) -> Application:
    """Return a draft, locked for change.

    Raises:
        Conflict: it was submitted already.
    """
    row = Application.objects.select_for_update().get(pk=application)
    if row.submitted_at is not None:
        raise Conflict("この申請はすでに提出されています。受付番号で状況を確かめてください")
    return row


def next_number(day: date) -> str:
    """Return the next receipt number of the fiscal year, e.g. 08-000123 (令和8年度); one row is locked for it."""
    year = FiscalYear.of(day)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_counter (city_id, fiscal_year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (city_id, fiscal_year) DO UPDATE SET last = intake_counter.last + 1 RETURNING last",
            [current_city(), year.year],
        )
        (last,) = cursor.fetchone()
    return f"{Wareki.of(year.start).year:02}-{last:06}"


def hashed(secret: str) -> str:
    """Return what is stored of a secret; it is random and long, so a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
