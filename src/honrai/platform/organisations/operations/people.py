"""City staff: registering, assigning, accounts; skills, certificates and exclusions of everybody."""

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction

from honrai.platform.accounts.api import create_account
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge
from honrai.platform.authority.permissions import check_can_manage_contract, check_has_charge, has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Denied, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.organisations.events import AccountIssued
from honrai.platform.organisations.models import Assignment, Certificate, Person, Post, Pseudonym, Recusal, Skill
from honrai.platform.organisations.models.people import AssignmentKind
from honrai.platform.organisations.operations.keys import check_exists
from honrai.platform.organisations.rules import CertificateKind, why_bad_login


def register_staff(*, actor: Actor, now: datetime, number: str, name: str, kana: str = "") -> int:
    """Enter a member of the city's staff; return the person's key.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        Conflict: the 職員番号 is taken.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        if Person.objects.filter(number=number).exists():
            raise Conflict(f"職員番号「{number}」は登録済みです。")
        person = Person.objects.create(number=number, name=name, kana=kana)
        record(
            "organisations.staff_registered",
            who=actor.who,
            now=now,
            subject=("person", person.pk),
            after={"name": name},
        )
    return int(person.pk)


def register_machine(*, actor: Actor, now: datetime, name: str, contractor: int | None) -> int:
    """Enter a robot or another system as somebody who acts, so that what it does has a doer; return its key as a person.

    It has no account and no post; what it may do comes with its key (`rest`).

    Raises:
        Denied: the 分掌 "api" is missing.
    """
    check_has_charge(actor, Charge.API)
    with in_city(actor.city):
        machine = Person.objects.create(number=f"M-{secrets.token_hex(8)}", name=name, contractor_id=contractor)
        record("organisations.machine_registered", who=actor.who, now=now, subject=("person", machine.pk))
    return int(machine.pk)


def assign_post(
    *,
    actor: Actor,
    now: datetime,
    person: int,
    post: int,
    since: date,
    until: date | None = None,
    kind: str = AssignmentKind.MAIN,
    basis: str = "",
) -> int:
    """Give a member of staff a post for a time, as main post, 兼務 or deputy (職務代理); return the assignment's key.

    Raises:
        Denied: the 分掌 "transfers" is missing.
        Invalid: the person belongs to a contractor (lending between city and contractor does not exist), or the post
            does not exist in the whole period.
        Conflict: the post is held, or the person has another main post, in the period.
    """
    check_has_charge(actor, Charge.TRANSFERS)
    with in_city(actor.city):
        check_exists(Person, person)
        if Person.objects.filter(pk=person, contractor__isnull=False).exists():
            raise Invalid("受託者の人を市の職に就けることはできません。")
        if not Post.objects.filter(pk=post, period__contains=(since, until)).exists():
            raise Invalid("その期間に存在しない職です。職コードと日付を確認してください。")
        row = Assignment(person_id=person, post_id=post, kind=kind, period=(since, until), basis=basis)
        save_assignment(row)
        after = {"person": person, "post": post, "kind": str(kind), "since": since.isoformat()}
        record("organisations.post_assigned", who=actor.who, now=now, subject=("person", person), after=after)
    return int(row.pk)


def save_assignment(row: Assignment) -> None:
    """Store an assignment; turn a broken exclusion into a `Conflict` a person can read."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_clash(str(error))) from error


def _clash(message: str) -> str:
    reasons = {
        "one_holder_of_a_post": "この職には、その期間に別の人が就いています。先に異動を登録してください。",
        "one_main_place": "この人には、その期間に別の本務があります。兼務にするか、先に本務を終えてください。",
        "once_in_a_post": "この人は、その期間にこの職に就いています。",
        "once_in_a_team": "この人は、その期間にこのチームにいます。",
        "one_contract_at_a_time": "この人は、その期間に別の契約で働いています。契約は一度に一つです。",
    }
    return next((text for name, text in reasons.items() if name in message), "期間または配属先が正しくありません。")


def end_assignment(*, actor: Actor, now: datetime, assignment: int, on: date) -> None:
    """End an assignment at 00:00 of a day: of staff by 発令, of a contractor's person by its own manager.

    Raises:
        Denied: neither the 分掌 "transfers" nor the contract's management.
        NotFound: no such assignment covers the day.
    """
    with in_city(actor.city):
        row = Assignment.objects.select_for_update().filter(pk=assignment, period__contains=on).first()
        if row is None:
            raise NotFound("その日に有効な配属ではありません。")
        if row.contract_id is None:
            check_has_charge(actor, Charge.TRANSFERS)
        else:
            check_can_manage_contract(actor, row.contract_id)
        close(row, on)
        record("organisations.assignment_ended", who=actor.who, now=now, subject=("person", row.person_id))


def close(row: Assignment, on: date) -> None:
    """End a row at 00:00 of a day; one that would have started that day or later is removed."""
    if row.period.lower >= on:
        row.delete()
        return
    row.period = (row.period.lower, on)
    row.save(update_fields=["period"])


def issue_staff_account(*, actor: Actor, now: datetime, person: int, login: str) -> int:
    """Issue an account to a member of staff; return its key. The invitation is made by `accounts.api.invite`.

    Raises:
        Denied: the 分掌 "accounts" is missing.
        Invalid: the login name is malformed, or the person belongs to a contractor (the manager must request).
        Conflict: the person has an account, or the login name is taken.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    if reason := why_bad_login(login):
        raise Invalid(reason)
    with in_city(actor.city):
        row = _staff(person)
        if row.account_id is not None:
            raise Conflict("この職員には利用者が発行済みです。")
        row.account_id = create_account(login, actor.city)
        row.save(update_fields=["account"])
        event = AccountIssued(person=person, account=row.account_id, contract=None)
        announce(event, who=actor.who, now=now, subject=("person", person))
    return int(row.account_id)


def _staff(person: int) -> Person:
    row = Person.objects.select_for_update().filter(pk=person).first()
    if row is None:
        raise NotFound("この市に該当する人はいません。")
    if row.contractor_id is not None:
        raise Invalid("受託者の利用者は、契約の管理責任者の申請により発行します。")
    return row


def check_can_keep(actor: Actor, person: int, charge: Charge) -> None:
    """Check who keeps skills and certificates: the city's charge for staff, the own manager for a contractor's person.

    Rule 5 against 偽装請負: the city does not rate or train the contractor's people.
    """
    contract = Pseudonym.objects.filter(person_id=person).order_by("-pk").values_list("contract_id", flat=True).first()
    if contract is None:
        check_has_charge(actor, charge)
    else:
        check_can_manage_contract(actor, contract)


def set_skill(*, actor: Actor, now: datetime, person: int, code: str, level: int, since: date) -> None:
    """Set the level (0-4) of a skill from a day on; the level before ends there.

    Raises:
        Denied: not the keeper (`check_can_keep`).
        Invalid: the level is not 0-4.
        Conflict: a level starting on or after that day is stored.
    """
    if level not in range(5):
        raise Invalid("技能レベルは0から4です。")
    with in_city(actor.city):
        check_exists(Person, person)
        check_can_keep(actor, person, Charge.ORGANISATION)
        row = (
            Skill.objects.select_for_update().filter(person_id=person, code=code, period__endswith__isnull=True).first()
        )
        if row is not None and row.period.lower >= since:
            raise Conflict("同じ日以後の技能レベルが登録済みです。")
        if row is not None:
            row.period = (row.period.lower, since)
            row.save(update_fields=["period"])
        Skill.objects.create(person_id=person, code=code, level=level, period=(since, None))
        after = {"code": code, "level": level, "since": since.isoformat()}
        record("organisations.skill_set", who=actor.who, now=now, subject=("person", person), after=after)


def add_certificate(
    *,
    actor: Actor,
    now: datetime,
    person: int,
    kind: CertificateKind,
    since: date,
    until: date,
    evidence: str,
    score: int | None = None,
) -> int:
    """Record a pledge, a training or a passed test, valid from `since` to before `until`; return its key.

    Raises:
        Denied: neither the city's 分掌 (the pledge is made to the city) nor the own manager; nobody records their own.
        Invalid: no evidence, or the period is empty.
    """
    if since >= until or not evidence.strip():
        raise Invalid("証跡（文書番号など）と、開始日より後の有効期限が必要です。")
    with in_city(actor.city):
        check_exists(Person, person)
        if not has_charge(actor, Charge.CERTIFICATES):
            check_can_keep(actor, person, Charge.CERTIFICATES)
        if actor.person == person:
            raise Denied("自分の誓約・研修・テストは、ほかの担当者が登録します。")
        row = Certificate.objects.create(
            person_id=person, kind=kind.value, valid=(since, until), score=score, evidence=evidence
        )
        data = {"kind": kind.value, "until": until.isoformat()}
        record("organisations.certificate_added", who=actor.who, now=now, subject=("person", person), data=data)
    return int(row.pk)


def declare_recusal(*, actor: Actor, now: datetime, person: int, party: str, reason: str, since: date) -> None:
    """Close the cases of a party to a person: the person's own ("own") or a relative's ("relative").

    People declare their own; keepers of the organisation may declare for others.

    Raises:
        Denied: for somebody else without being the keeper.
        Invalid: no party or an unknown reason.
        Conflict: declared already.
    """
    if reason not in {"own", "relative"} or not party.strip():
        raise Invalid("対象者と理由（本人・親族）を選んでください。")
    with in_city(actor.city):
        check_exists(Person, person)
        if actor.person != person:
            check_can_keep(actor, person, Charge.ORGANISATION)
        if Recusal.objects.filter(person_id=person, party=party, period__overlap=(since, None)).exists():
            raise Conflict("登録済みです。")
        Recusal.objects.create(person_id=person, party=party, reason=reason, period=(since, None))
        record("organisations.recusal_declared", who=actor.who, now=now, subject=("person", person))
