"""What follows what: the one readable table from events to operations.

Rows marked "now" run in the transaction of the event; rows marked "later" run as one job per event and subscriber, once each,
in order within a case.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from honrai.approvals import tasks as approval_tasks
from honrai.cases import api as case_api
from honrai.cases import applications as case_applications
from honrai.cases import follows as cases
from honrai.cases import tasks as case_tasks
from honrai.cases.api import cases_of_application
from honrai.contact import api as contact
from honrai.documents import api as documents
from honrai.documents import tasks as document_tasks
from honrai.engines.flow.api import Plan
from honrai.exchange import api as exchange
from honrai.intake import api as intake
from honrai.intake import tasks as intake_tasks
from honrai.intake.reception import doubling as reception
from honrai.intake.reception import tasks as reception_tasks
from honrai.parties import api as parties
from honrai.payments import api as payments
from honrai.payments import follows as payment_follows
from honrai.platform import clock
from honrai.platform.authority.api import Actor
from honrai.platform.errors import NotFound
from honrai.platform.events.api import Announced, Follow
from honrai.platform.privacy import api as privacy
from honrai.platform.privacy.operations import closing
from honrai.procedures import api as procedures
from honrai.procedures import follows as procedure_follows
from honrai.registers import api as registers
from honrai.renewals import api as renewals
from honrai.rest import scopes as rest_scopes
from honrai.rest import tasks as rest_tasks


def learn_closed(announced: Announced) -> None:
    """Keep a closed case, without names, for the replay of later drafts."""
    closed = case_api.closed_case(announced.case or 0)
    if closed is not None:
        procedures.remember_closed(
            procedures.Closed(
                case=closed.case,
                version=closed.version,
                values=closed.values,
                facts=closed.facts,
                attachments=closed.attachments,
                received_on=closed.received_on,
                channel=closed.channel,
                outcome=closed.outcome,
            ),
            now=announced.at,
        )


def forget_closed(announced: Announced) -> None:
    """Drop a disposed case from the replay, too."""
    procedures.forget_closed(case=announced.data["case"])


def file_paper(announced: Announced) -> None:
    """Make a verified paper of a procedure an application, once; its sheets are the page it was keyed from."""
    paper = documents.verified(announced.data["filing"], now=announced.at)
    if paper.version is None or paper.application is not None:
        return
    who, now = announced.who, announced.at
    procedure = procedures.runnable(paper.version).version.code
    application = intake.start(procedure=procedure, channel="post", token=f"paper-{paper.id}", who=who, now=now)
    intake.save(application=application, values=paper.values, now=now)
    for kind in (intake.PAGE, *paper.enclosed):
        intake.attach(
            application=application, kind=kind, content=paper.paper, name=f"paper-{paper.id}.pdf", who=who, now=now
        )
    intake.submit(application=application, arrived_on=paper.arrived_on, who=who, now=now)
    documents.filed(filing=paper.id, application=application, who=who, now=now)


FOLLOWS: tuple[Follow, ...] = (
    Follow("documents.scanned", document_tasks.read_scanned, "now"),
    Follow("documents.filing_verified", file_paper, "later"),
    Follow("intake.submitted", cases.open_submitted, "now"),
    Follow("intake.submitted", reception.look_for_double, "now"),
    Follow("reception.duplicate_decided", case_applications.settle_double, "now"),
    Follow("reception.batch_ordered", reception_tasks.take_batch, "later"),
    Follow("intake.answers_sent", cases.take_answers, "now"),
    Follow("intake.withdrawal_sent", cases.withdraw_case, "now"),
    Follow("cases.task_opened", cases.draw_up_opened, "now"),
    Follow("cases.task_opened", case_tasks.run_service, "later"),
    Follow("exchange.entry_landed", cases.entry_landed, "now"),
    Follow("cases.deficiencies_asked", case_tasks.send_request, "later"),
    Follow("cases.deficiencies_asked", intake_tasks.notify, "later"),
    Follow("cases.reminded", case_tasks.send_request, "later"),
    Follow("cases.reminded", intake_tasks.notify, "later"),
    Follow("cases.closed", intake_tasks.notify, "later"),
    Follow("cases.closed", learn_closed, "later"),
    Follow("cases.disposed", forget_closed, "now"),
    Follow("cases.letter_issued", contact.take_letter, "now"),
    *(
        Follow(event, case_tasks.run_bulk, "later")
        for event in ("cases.bulk_asked", "cases.bulk_went_on", "cases.bulk_undo_asked")
    ),
    Follow("approvals.decided", cases.decide, "now"),
    Follow("approvals.decided", procedure_follows.decide, "now"),
    Follow("approvals.decided", payment_follows.decide, "now"),
    Follow("cases.payable_decided", payment_follows.keep_payable, "now"),
    Follow("approvals.decided", renewals.follow_decision, "now"),
    Follow("approvals.stack_ordered", approval_tasks.approve_ordered, "later"),
    *(Follow(event, rest_tasks.tell, "now") for event in rest_scopes.EVENTS),
)


class _Casework:
    """Casework's answer to procedures: which cases run on a version, and moving one."""

    def running(
        self, procedure: str, version: int, *, after: int = 0, limit: int | None = None
    ) -> Sequence[procedures.RunningCase]:
        """Return the cases under way on a version."""
        rows = case_api.running_states(procedure, version, after=after, limit=limit)
        return [procedures.RunningCase(row.case, row.number, row.state) for row in rows]

    def move(self, case: int, *, plan: Plan, target: int, actor: Actor, now: datetime) -> None:
        """Move one case."""
        case_api.move_case(case=case, version=target, plan=plan, actor=actor, now=now)


def bind_ports() -> None:
    """Bind the questions lower chapters ask of higher ones."""
    procedures.ports.casework = _Casework()
    intake.ports.progress = _progress
    intake.ports.contract_of = case_api.contract_of
    intake.ports.visible = case_api.visible_applications
    intake.ports.open_among = case_api.open_applications
    exchange.ports.targets |= {
        "exchange.merges": exchange.take_merges,
        **parties.TARGETS,
        **registers.TARGETS,
        **payments.TARGETS,
    }
    parties.ports.visible_cases = _visible_cases
    parties.ports.person_page = "desk:person"
    case_api.ports.facts[:] = [_facts_from_extracts, _facts_from_registers]
    closing.hold_things(closing.Held("tasks", "処理中の作業", case_api.count_open_of_contract, must_be_none=True))
    privacy.keep(
        documents.IMAGES, case_api.CASES, intake.DRAFTS, intake.COMBINED_DRAFTS, exchange.LOADS, exchange.BATCHES
    )


def _visible_cases(actor: Actor, cases: Sequence[int], now: datetime) -> frozenset[int]:
    """Casework's answer to parties: which cases an actor may see."""
    return frozenset(case_api.visible_cases(actor, now).filter(pk__in=cases).values_list("pk", flat=True))


def _facts_from_extracts(question: case_api.FactQuestion) -> Mapping[str, Any]:
    """Parties' answer to casework: what last night's extracts know about the subject of a case."""
    return parties.case_facts(
        case=question.case,
        procedure=question.procedure,
        facts=question.facts,
        values=question.values,
        on=question.on,
        now=clock.now(),
    )


def _facts_from_registers(question: case_api.FactQuestion) -> Mapping[str, Any]:
    """Registers' answer to casework: premises, bank branches, insurers that the application names."""
    try:
        pack = procedures.runnable(procedures.version_on(question.procedure, question.on).id).pack
    except NotFound:
        return {}
    fresh = {fact.id: fact.fresh_days for fact in pack.facts if fact.fresh_days is not None}
    return registers.facts(question.facts, question.values, question.on, fresh)


def _progress(application: int) -> Sequence[intake.Progress]:
    """Casework's answer to intake: how the cases of an application stand."""
    return [
        intake.Progress(
            case=one.case,
            title=one.title,
            stage=one.stage,
            due_on=one.due_on,
            outcome=one.outcome,
            asked=[intake.Item(asked.code, asked.message, asked.items) for asked in one.asked],
            letters=[intake.LetterToSee(letter.id, letter.title, letter.issued_on) for letter in one.letters],
        )
        for one in cases_of_application(application)
    ]
