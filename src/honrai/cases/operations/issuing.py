"""Letters: made from the pack's typst template and the case, numbered, kept as the file that goes out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from honrai.approvals import api as approvals
from honrai.cases.events import LetterIssued
from honrai.cases.models import Case, CaseLetter
from honrai.cases.operations.asking import REMINDER
from honrai.cases.operations.claiming import own_task
from honrai.cases.operations.completing import finish, lock_case
from honrai.cases.operations.telling import certificate_number
from honrai.platform.authority.api import Actor, Conflict
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import SYSTEM, Who, announce
from honrai.platform.files import api as files
from honrai.platform.files.rules import MEGABYTE
from honrai.platform.typeset import api as typeset
from honrai.procedures import api as procedures

LETTERS = files.Limits(frozenset({"application/pdf"}), 50 * MEGABYTE)


def issue(*, task: int, actor: Actor, now: datetime) -> list[int]:
    """Issue all letters of the decided outcome, each under its document number, and finish the step.

    Raises:
        Conflict: nothing has been decided yet.
        Denied: only officials certify.
    """
    row = own_task(task, actor, now)
    case = lock_case(row.case_id)
    decided = case.tasks.filter(document__isnull=False, state="done", round=case.round).order_by("-pk").first()
    if decided is None or decided.document is None:
        raise Conflict("決裁が終わっていません。決裁のあとで発行してください")
    approvals.check_decided(decided.document)
    run = procedures.runnable(case.version)
    outcome = next(outcome for outcome in run.pack.identity.outcomes if outcome.id == case.outcome)
    _check_grounds(case, run, outcome)
    made = [make_letter(case, run, letter, by=actor, now=now) for letter in outcome.letters]
    finish(row, case, "発行", who=actor.who, now=now, by=actor)
    return made


def _check_grounds(case: Case, run: procedures.Runnable, outcome: procedures.Outcome) -> None:
    """Nothing adverse leaves the house without its reasons and 教示.

    Legal source:
        行政手続法8条 (理由の提示), 行政不服審査法82条, 行政事件訴訟法46条 (教示).
    """
    if outcome.kind not in procedures.APPEAL_KINDS:
        return
    if not any(reason["text"].strip() for reason in case.proposal.get("reasons", ())):
        raise Conflict("拒む処分の理由がありません。決裁を取り直してください")
    if not _authority(run).get("appeal"):
        raise Conflict(
            f"{run.pack.identity.authority}の教示が登録されていません。市の設定で審査庁・被告・期間を登録してください"
        )


def _authority(run: procedures.Runnable) -> dict[str, Any]:
    """What the city set for the authority of a procedure: office, name, seal, 教示."""
    settings = City.objects.values_list("settings", flat=True).get(pk=current_city())
    return dict(settings.get("authorities", {}).get(run.pack.identity.authority, {}))


def make_letter(case: Case, run: procedures.Runnable, letter: str, *, by: Actor | None, now: datetime) -> int:
    """Make one letter of a case, store its PDF, and return its key.

    Args:
        case: the case.
        run: its version, ready to run.
        letter: id of the letter in the pack.
        by: the official who issues; None for letters the house sends by itself (補正依頼).
        now: the moment; its day is the date of the letter.
    """
    who = by.who if by else SYSTEM
    source = next(one for one in run.pack.letters if one.id == letter)
    number = approvals.next_document_number(case.unit, now.date())
    facts = facts_of_letter(case, run, number, now)
    if source.seal:
        facts = replace(facts, sender=replace(facts.sender, seal=source.seal))
    data = procedures.letter_data(run.pack, facts)
    document = typeset.pdf(source.source, data, library=procedures.LETTER_LIBRARY)
    kept = files.store(document, name=f"{source.title}.pdf", limits=LETTERS, who=who, now=now)
    row = CaseLetter.objects.create(
        case=case,
        letter=letter,
        title=source.title,
        number=number,
        file=kept.id,
        issued_on=now.date(),
        issued_by=by.person if by else None,
    )
    announce(LetterIssued(letter=row.pk, kind=letter), who=who, now=now, subject=("letter", row.pk), case=case.pk)
    return int(row.pk)


def facts_of_letter(case: Case, run: procedures.Runnable, number: str, now: datetime) -> procedures.LetterFacts:
    """Return everything about a case its letters may print."""
    proposal = case.proposal
    asked = case.deficiencies.exclude(state="settled").filter(fix_by="applicant").order_by("pk")
    settings = City.objects.values_list("settings", flat=True).get(pk=current_city())
    authority = _authority(run)
    fix_by = case.timers.exclude(node=REMINDER).order_by("due").first()
    return procedures.LetterFacts(
        values=case.values,
        facts=case.facts,
        results=proposal.get("results", {}),
        outcome=case.outcome or proposal.get("outcome", ""),
        reasons=[(reason["text"], reason["basis"]) for reason in proposal.get("reasons", ())],
        deficiencies=[(row.code, row.message, row.items) for row in asked],
        number=case.number,
        received=case.received_on,
        fix_by=fix_by.due.date() if fix_by else None,
        certificate=certificate_number(case, run, now) if case.outcome else case.number,
        document=number,
        issued=now.date(),
        on=case.received_on,
        to=addressee(case.values, run.pack.identity.applicant),
        sender=procedures.Office(
            authority.get("office", ""),
            run.pack.identity.authority,
            authority.get("name", ""),
            authority.get("seal", "omitted"),
        ),
        contact=procedures.Contact(run.version.owner, settings.get("phones", {}).get(run.version.owner, "")),
        appeal=authority.get("appeal"),
    )


def addressee(values: Mapping[str, Any], group: str) -> procedures.Address:
    """Return whom letters go to: the group of form fields the pack names as the applicant."""
    address = str(values.get(f"{group}.address") or "")
    return procedures.Address(
        str(values.get(f"{group}.name") or ""), str(values.get(f"{group}.postcode") or ""), (address,)
    )


def request_letter(*, case: int, letter: str, who: Who, now: datetime) -> int:
    """Make the letter that asks for completion, and return its key."""
    row = lock_case(case)
    return make_letter(row, procedures.runnable(row.version), letter, by=None, now=now)
