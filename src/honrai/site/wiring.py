"""What follows what: the one readable table from events to operations.

Rows marked "now" run in the transaction of the event; rows marked "later" run as one job per event and subscriber, once each,
in order within a case.
"""

from collections.abc import Sequence

from honrai.cases import follows as cases
from honrai.cases import tasks as case_tasks
from honrai.cases.api import cases_of_application
from honrai.exchange import api as exchange
from honrai.intake import api as intake
from honrai.platform.events.api import Follow

FOLLOWS: tuple[Follow, ...] = (
    Follow("intake.submitted", cases.open_submitted, "now"),
    Follow("intake.answers_sent", cases.take_answers, "now"),
    Follow("cases.task_opened", cases.draw_up_opened, "now"),
    Follow("cases.task_opened", case_tasks.run_service, "later"),
    Follow("cases.deficiencies_asked", case_tasks.send_request, "later"),
    Follow("approvals.decided", cases.decide, "now"),
)


def bind_ports() -> None:
    """Bind the questions lower chapters ask of higher ones."""
    intake.ports.progress = _progress
    exchange.ports.targets["exchange.merges"] = exchange.take_merges


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
