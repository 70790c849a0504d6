"""Contractors, contracts, subcontracts, teams; people and accounts of contractors."""

from datetime import date, datetime

from django.db.models import Max

from honrai.platform.accounts.api import create_account, find_account
from honrai.platform.authority.actor import Actor
from honrai.platform.authority.acts import Charge, TeamRole
from honrai.platform.authority.permissions import check_can_manage_contract, check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Conflict, Invalid, NotFound
from honrai.platform.events.api import announce, record
from honrai.platform.organisations.events import AccountIssued
from honrai.platform.organisations.models import (
    AccountRequest,
    Assignment,
    Contract,
    Contractor,
    Person,
    Pseudonym,
    Team,
)
from honrai.platform.organisations.models.people import AssignmentKind
from honrai.platform.organisations.operations.keys import check_exists
from honrai.platform.organisations.operations.people import close, save_assignment
from honrai.platform.organisations.rules import why_bad_login


def register_contractor(*, actor: Actor, now: datetime, name: str, corporate_number: str) -> int:
    """Enter a firm; return its key.

    Raises:
        Denied: the 分掌 "contracts" is missing.
        Conflict: the 法人番号 is registered.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    with in_city(actor.city):
        if Contractor.objects.filter(corporate_number=corporate_number).exists():
            raise Conflict("この法人番号の事業者は登録済みです。")
        row = Contractor.objects.create(name=name, corporate_number=corporate_number)
        after = {"name": name, "corporate_number": corporate_number}
        record(
            "organisations.contractor_registered", who=actor.who, now=now, subject=("contractor", row.pk), after=after
        )
    return int(row.pk)


def sign_contract(
    *,
    actor: Actor,
    now: datetime,
    contractor: int,
    number: str,
    title: str,
    letter: str,
    since: date,
    until: date,
    parent: int | None = None,
    permission_number: str = "",
    permitted_on: date | None = None,
) -> int:
    """Enter a contract in force from `since` to before `until`, or a subcontract the city permitted; return its key.

    Args:
        actor: staff with the 分掌 "contracts".
        now: the moment, with zone.
        contractor: key of the firm.
        number: 契約番号.
        title: 件名.
        letter: letter of the pseudonyms, one per contract.
        since: first day.
        until: first day after the end.
        parent: for a subcontract, the contract it stands under.
        permission_number: number of the city's permission; needed for a subcontract.
        permitted_on: day of the permission, not after `since`.

    Raises:
        Denied: the 分掌 is missing.
        Invalid: a subcontract without permission, permitted late, or outside the period of its parent.
        Conflict: number or letter is taken.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    with in_city(actor.city):
        check_exists(Contractor, contractor)
        if parent is not None:
            _check_subcontract(parent, since, until, permission_number, permitted_on)
        if Contract.objects.filter(number=number).exists() or Contract.objects.filter(letter=letter).exists():
            raise Conflict("契約番号または記号が使われています。")
        row = Contract.objects.create(
            contractor_id=contractor,
            parent_id=parent,
            number=number,
            title=title,
            letter=letter,
            period=(since, until),
            permission_number=permission_number,
            permitted_on=permitted_on,
        )
        after = {"number": number, "parent": parent, "permission": permission_number}
        record("organisations.contract_signed", who=actor.who, now=now, subject=("contract", row.pk), after=after)
    return int(row.pk)


def _check_subcontract(parent: int, since: date, until: date, permission: str, permitted_on: date | None) -> None:
    if not permission.strip() or permitted_on is None or permitted_on > since:
        raise Invalid("再委託には、開始日までの市の承認（承認番号と承認日）が必要です。")
    if not Contract.objects.filter(pk=parent, period__contains=(since, until)).exists():
        raise Invalid("再委託の期間は、元の契約の期間内でなければなりません。")


def form_team(*, actor: Actor, now: datetime, contract: int, code: str, name: str, since: date) -> int:
    """Form a team of a contract; its managers do, or the city once, before the contract has any team.

    Raises:
        Denied: neither a manager of the contract nor, for the first team, the 分掌 "contracts".
        NotFound: the contract is not in force on `since`.
        Conflict: the team code is taken.
    """
    with in_city(actor.city):
        if Team.objects.filter(contract_id=contract).exists():
            check_can_manage_contract(actor, contract)
        else:
            check_has_charge(actor, Charge.CONTRACTS)
        found = Contract.objects.filter(pk=contract, period__contains=since).first()
        if found is None:
            raise NotFound("その日に有効な契約ではありません。")
        if Team.objects.filter(contract_id=contract, code=code).exists():
            raise Conflict(f"チームコード「{code}」は使われています。")
        row = Team.objects.create(contract_id=contract, code=code, name=name, period=(since, found.period.upper))
        record("organisations.team_formed", who=actor.who, now=now, subject=("team", row.pk), after={"code": code})
    return int(row.pk)


def name_manager(*, actor: Actor, now: datetime, team: int, name: str, kana: str, login: str, since: date) -> int:
    """Enter the 管理責任者 the contract names, with an account; only while the contract has no manager. Return the person.

    From then on the manager requests every other account (`request_account`).

    Source: 内閣府 手引き (name the 管理責任者 in the contract); domain/centre.md Part 2 section 1.

    Raises:
        Denied: the 分掌 "contracts" is missing.
        Conflict: the contract has a manager on that day.
        Invalid: the login name is malformed.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    with in_city(actor.city):
        check_exists(Team, team)
        found = Team.objects.select_for_update().get(pk=team)
        managers = Assignment.objects.filter(
            contract_id=found.contract_id, role__in=[role for role in TeamRole if role.manages], period__contains=since
        )
        if managers.exists():
            raise Conflict("この契約には管理責任者がいます。以後の利用者は管理責任者が申請します。")
        person = _admit(found, TeamRole.MANAGER, name, kana, since)
        _open_account(actor, now, person, login, existing=False, contract=found.contract_id)
    return int(person.pk)


def request_account(
    *,
    actor: Actor,
    now: datetime,
    team: int,
    role: TeamRole,
    name: str,
    kana: str,
    login: str,
    start: date,
    existing: bool = False,
) -> int:
    """Ask the city for an account of one of the contract's people; return the request's key.

    Args:
        actor: 管理責任者 or 副管理責任者 of the team's contract.
        now: the moment, with zone.
        team: key of the team the contractor places the person in.
        role: role there.
        name: for the contractor's own screens.
        kana: フリガナ.
        login: wished login name.
        start: first day.
        existing: the person has that login in another city already and uses the same account.

    Raises:
        Denied: not a manager of the contract.
        Invalid: the login name is malformed.
        Conflict: that login is being requested already.
    """
    with in_city(actor.city):
        contract = _contract_of(team)
        check_can_manage_contract(actor, contract)
        if reason := why_bad_login(login):
            raise Invalid(reason)
        if AccountRequest.objects.filter(login=login, state="requested").exists():
            raise Conflict("このログイン名は申請中です。")
        row = AccountRequest.objects.create(
            contract_id=contract,
            team_id=team,
            role=role.value,
            name=name,
            kana=kana,
            login=login,
            existing=existing,
            start=start,
            requested_by_id=actor.person or 0,  # a manager always is a person
            requested_at=now,
        )
        data = {"contract": contract, "role": role.value, "start": start.isoformat()}
        record(
            "organisations.account_requested", who=actor.who, now=now, subject=("account_request", row.pk), data=data
        )
    return int(row.pk)


def issue_account(*, actor: Actor, now: datetime, request: int) -> int:
    """Issue the account a contractor's manager asked for; return the person's key.

    Raises:
        Denied: the 分掌 "accounts" is missing.
        NotFound: no such open request.
        Conflict: the login name is taken by somebody new to it, or unknown although said to exist.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    with in_city(actor.city):
        row = _open_request(request)
        person = _admit(row.team, TeamRole(row.role), row.name, row.kana, row.start)
        _open_account(actor, now, person, row.login, existing=row.existing, contract=row.contract_id)
        row.state, row.person, row.answered_by_id, row.answered_at = "issued", person, actor.person, now
        row.save()
    return int(person.pk)


def refuse_account(*, actor: Actor, now: datetime, request: int, answer: str) -> None:
    """Refuse a requested account with a reason the contractor's manager reads.

    Raises:
        Denied: the 分掌 "accounts" is missing.
        NotFound: no such open request.
        Invalid: no reason.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    if not answer.strip():
        raise Invalid("却下の理由を入力してください。")
    with in_city(actor.city):
        row = _open_request(request)
        row.state, row.answer, row.answered_by_id, row.answered_at = "refused", answer, actor.person, now
        row.save()
        record("organisations.account_refused", who=actor.who, now=now, subject=("account_request", row.pk))


def place_in_team(*, actor: Actor, now: datetime, person: int, team: int, role: TeamRole, since: date) -> int:
    """Give one of the contract's people a place in a team from `since`, leaving the present places; return the key.

    Raises:
        Denied: not a manager of the team's contract, or the person is not of that contract's firm.
    """
    with in_city(actor.city):
        check_exists(Team, team)
        found = Team.objects.select_related("contract").get(pk=team)
        check_can_manage_contract(actor, found.contract_id)
        if not Person.objects.filter(pk=person, contractor_id=found.contract.contractor_id).exists():
            raise NotFound("この契約の事業者に、該当する人はいません。")
        for row in Assignment.objects.select_for_update().filter(
            person_id=person, contract_id=found.contract_id, period__overlap=(since, None)
        ):
            close(row, since)
        placed = _place(found, person, role, since)
        after = {"team": team, "role": role.value, "since": since.isoformat()}
        record("organisations.placed_in_team", who=actor.who, now=now, subject=("person", person), after=after)
    return int(placed.pk)


def _contract_of(team: int) -> int:
    contract = Team.objects.filter(pk=team).values_list("contract_id", flat=True).first()
    if contract is None:
        raise NotFound("該当するチームはありません。")
    return int(contract)


def _open_request(request: int) -> AccountRequest:
    rows = AccountRequest.objects.select_for_update(of=("self",)).select_related("team__contract")
    row = rows.filter(pk=request, state="requested").first()
    if row is None:
        raise NotFound("処理待ちの申請ではありません。")
    return row


def _admit(team: Team, role: TeamRole, name: str, kana: str, since: date) -> Person:
    """Enter a person of the contractor with the next pseudonym of the contract, and place them in the team."""
    contract = Contract.objects.select_for_update().get(pk=team.contract_id)  # numbers are given one after another
    last = Pseudonym.objects.filter(contract=contract).aggregate(last=Max("number"))["last"] or 0
    number = f"{contract.letter}-{last + 1:03d}"
    person = Person.objects.create(number=number, name=name, kana=kana, contractor_id=contract.contractor_id)
    Pseudonym.objects.create(contract=contract, person=person, number=last + 1)
    _place(team, person.pk, role, since)
    return person


def _place(team: Team, person: int, role: TeamRole, since: date) -> Assignment:
    row = Assignment(
        person_id=person,
        kind=AssignmentKind.MAIN,
        team=team,
        contract_id=team.contract_id,
        role=role.value,
        period=(since, team.period.upper),
    )
    save_assignment(row)
    return row


def _open_account(actor: Actor, now: datetime, person: Person, login: str, *, existing: bool, contract: int) -> None:
    if reason := why_bad_login(login):
        raise Invalid(reason)
    account = find_account(login) if existing else create_account(login, actor.city)
    if account is None:
        raise Conflict("そのログイン名の利用者はありません。新規の発行として申請し直してください。")
    person.account_id = account
    person.save(update_fields=["account"])
    event = AccountIssued(person=person.pk, account=account, contract=contract)
    announce(event, who=actor.who, now=now, subject=("person", person.pk))
