"""A centre at work in the demo city: made-up applications to every procedure, carried on by its people to different steps.

The applications are the packs' own precedents with names drawn by lot and days counted back from today, so that some are complete,
some lack something and some wait for a fact nobody knows yet. Everything goes through the same operations as the screens.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import cycle
from typing import Any

from django.db import transaction

from honrai.cases import api as cases
from honrai.intake import api as intake
from honrai.platform.accounts.models import Account
from honrai.platform.authority.api import Actor
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import Refusal
from honrai.platform.events.api import Who
from honrai.platform.organisations import api as organisations
from honrai.platform.typeset.api import pdf
from honrai.procedures import api as procedures
from honrai.site.demo.people import applicants

#: Applications to each procedure, and how many days ago they arrived, in turn.
EACH = 6
_NOTE = "デモの書類です。実在の人ではありません。"
_OF_CHILDREN = frozenset({"kodomo-iryo", "kodomo-iryo-shokan", "shugaku-enjo"})
_ARRIVED = (0, 2, 7, 16, 25, 40)
#: Who takes how many tasks, one after another.
_SHIFTS = (
    ("t1-op1", 28),
    ("t1-op2", 8),
    ("s31-clerk1", 9),
    ("s32-clerk1", 3),
    ("s41-clerk1", 3),
)
#: What a person chooses where a step can end in several ways: the way that goes on.
_GOES_ON = ("一致", "起案", "適合", "受理", "承認", "決定案を作る")
#: After looking facts up an official has the tables work the proposal out again.
_AGAIN = "事実を改めて再判定"
#: Answers that the register contradicts for anybody but the precedent's own child, and what is said instead.
_MENDED = {("application.reason", "転入"): "その他"}
_SAMPLE = """#set document(title: "見本", date: none)
#set page(paper: "a5")
#align(center + horizon, text(size: 40pt)[見本])
"""
_APPLICANT = Who("applicant", place="198.51.100.7")


def begin_work(
    city: int, residents: int, now: datetime, drain: Callable[[], None], count: Callable[[int, int], None]
) -> int:
    """Bring applications in and let the people of the demo work on them; return how many cases there are.

    Args:
        city: key of the city; each step is a transaction of its own.
        residents: how many residents were taken in.
        now: the moment.
        drain: runs the waiting jobs, as the job worker does.
        count: receives how many applications came in, and of how many.
    """
    with in_city(city):
        offered = sorted(procedures.in_force(now.date()), key=lambda version: version.code)
    children, adults = (cycle(frame.iter_rows(named=True)) for frame in applicants(residents, now.date()))
    made = 0
    for version in offered:
        for number, precedent in enumerate(_chosen(city, version.id)):
            with in_city(city), suppress(Refusal):
                person = next(children if version.code in _OF_CHILDREN else adults)
                _apply(version, precedent, person, number, now)
                made += 1
            count(made, len(offered) * EACH)
    drain()
    for login, tasks in _SHIFTS:
        _work(city, login, tasks, now)
        drain()
    return made


def _chosen(city: int, version: int) -> Iterator[procedures.Precedent]:
    """Yield the precedents to apply with, spread over the pack's list."""
    with in_city(city):
        found = procedures.runnable(version).pack.precedents
    step = max(1, len(found) // EACH)
    for number in range(EACH):
        yield found[number * step % len(found)]


def _apply(
    version: procedures.Version, precedent: procedures.Precedent, person: Mapping[str, Any], number: int, now: datetime
) -> None:
    """Send one application, as the applicant or as a counter or post clerk would enter it."""
    pack = procedures.runnable(version.id).pack
    arrived = now.date() - timedelta(_ARRIVED[number % len(_ARRIVED)])
    channel = "post" if "post" in pack.identity.channels and number % 3 == 2 else pack.identity.channels[0]
    application = intake.start(
        procedure=version.code, channel=channel, token=f"demo-{version.code}-{number}", who=_APPLICANT, now=now
    )
    values, papers = _values(pack, precedent, person, arrived), set(precedent.attachments)
    if number % 3 != 1:  # two of three are complete
        values |= {name: good for (name, poor), good in _MENDED.items() if values.get(name) == poor}
        papers |= {one.id for one in pack.form.attachments if one.required or one.required_if}
    intake.save(application=application, values=values, now=now)
    page = procedures.form_pdf(version.id, values, note=_NOTE) if channel == "post" or _copied(pack) else _sample()
    for kind in sorted(papers):
        intake.attach(application=application, kind=kind, content=page, name="見本.pdf", who=_APPLICANT, now=now)
    intake.submit(application=application, arrived_on=arrived, who=_APPLICANT, now=now)


def _copied(pack: procedures.Pack) -> bool:
    """Say whether somebody will key the paper again unseen, and so needs one with writing on it."""
    return b'honrai:check="blind"' in pack.flow


@cache
def _sample() -> bytes:
    return pdf(_SAMPLE, {})


def _values(
    pack: procedures.Pack, precedent: procedures.Precedent, person: Mapping[str, Any], arrived: date
) -> dict[str, Any]:
    """Return the precedent's answers as another person gives them, its days moved so that it arrives on a day."""
    moved = arrived - precedent.received
    types = {field.id: field.type for field in pack.form.fields}
    values = {name: _later(types.get(name, ""), name, value, moved) for name, value in precedent.values.items()}
    subject, applicant = pack.identity.subject, pack.identity.applicant
    told = {
        f"{applicant}.name": person["head"],
        f"{applicant}.kana": person["head_kana"],
        f"{applicant}.address": person["address"],
        f"{applicant}.postcode": person["postcode"],
        "account.holder": person["head_kana"],
        f"{subject}.name": person["name"],
        f"{subject}.kana": person["kana"],
        f"{subject}.born": person["birth"].isoformat(),
    }
    return values | {name: value for name, value in told.items() if name in values}


def _later(kind: str, name: str, value: Any, moved: timedelta) -> Any:
    """Return an answer as JSON keeps it; days move with the arrival, birthdays do not."""
    if isinstance(value, list | tuple):
        return [_later("", name, one, moved) for one in value]
    if isinstance(value, Mapping):
        return {key: _later("", name, one, moved) for key, one in value.items()}
    if not isinstance(value, date):
        return str(value) if isinstance(value, Decimal) else value
    moves = kind in ("date_era", "year_month") and not name.endswith(".born")
    return (value + moved if moves else value).isoformat()


def _work(city: int, login: str, tasks: int, now: datetime) -> None:
    """Let one person take the next tasks and finish them."""
    with in_city(city):
        actor = organisations.actor_for(Account.objects.values_list("pk", flat=True).get(login=login), city, now.date())
    for _ in range(tasks):
        with in_city(city):
            task = cases.claim_next(actor=actor, now=now)
            if task is None:
                return
            _finish(task, actor, now)


def _finish(task: int, actor: Actor, now: datetime) -> None:
    """Finish a task as a person would; what cannot go on is put aside with the reason."""
    case, place = cases.workplace(task, actor, now=now)
    result = next((word for word in _GOES_ON if word in place.results), place.results[-1] if place.results else "")
    facts: dict[str, Any] = {}
    if _AGAIN in place.results and not case.proposal.get("outcome"):
        facts, result = _looked_up(case.version, case.facts), _AGAIN
    try:
        with transaction.atomic():
            cases.complete(task=task, result=result, facts=facts, actor=actor, now=now)
    except Refusal as refused:
        cases.hold(task=task, reason=str(refused)[:100], actor=actor, now=now)


def _looked_up(version: int, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an official finds in the other systems' screens: what the first precedent says of facts not known yet."""
    usual = procedures.runnable(version).pack.precedents[0].facts
    return {name: _later("", name, value, timedelta(0)) for name, value in usual.items() if name not in known}
