"""Monthly self-audit of a contract against 偽装請負: ten rules, by machine where the data can show, else by hand with evidence.

Source: domain facts on 偽装請負 (37号告示 and its questions and answers): the ten software rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q

from honrai.cases import api as cases
from honrai.insight import rules
from honrai.insight.events import AuditSigned
from honrai.insight.models import AuditSheet
from honrai.platform.authority.api import Actor, Channel, Charge, Conflict, Invalid, check_has_charge, has_charge
from honrai.platform.cities.tenancy import current_city, in_city
from honrai.platform.clock import TOKYO
from honrai.platform.events.api import announce, how_many
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations import api as organisations
from honrai.platform.organisations.api import DealingKind, Terms
from honrai.platform.organisations.models import Assignment, ContractMessage, DutyPeriod

_FOLLOW_UP = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Span:
    """A contract and a month: from `since` to before `until`."""

    contract: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One rule looked at.

    Attributes:
        rule: number of the rule, 1-10.
        title: what must be so.
        machine: counted from the records; else by hand.
        found: how many records are against it (machine).
        detail: what was looked at, in words.
    """

    rule: int
    title: str
    machine: bool
    found: int = 0
    detail: str = ""

    @property
    def key(self) -> str:
        """Name of the answer in a form."""
        return f"rule-{self.rule}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says to a rule looked at by hand, and on what evidence."""

    kept: bool
    evidence: str


def checks(*, contract: int, month: date, actor: Actor, now: datetime) -> list[Check]:
    """Return the ten rules for a contract and month; those of the machine already counted.

    Raises:
        Denied: neither the 分掌 "contracts" nor "audit".
    """
    if not has_charge(actor, Charge.AUDIT):
        check_has_charge(actor, Charge.CONTRACTS)
    first, last = rules.month_of(month)
    until = min(datetime.combine(last + timedelta(days=1), time(), TOKYO), now)
    span = Span(contract, datetime.combine(first, time(), TOKYO), until)
    return [
        Check(rule, title, True, *look(span)) if look else Check(rule, title, False, detail=HINTS[rule])
        for rule, title, look in RULES
    ]


def _messages(span: Span) -> Any:
    return ContractMessage.objects.filter(contract_id=span.contract, sent_at__gte=span.since, sent_at__lt=span.until)


_OF_CITY = tuple(one.value for one in Channel if one.from_city)


def _addressed(span: Span) -> tuple[int, str]:
    sent = _messages(span).filter(channel__in=_OF_CITY)
    keys = list(_messages(span).values_list("pk", flat=True))
    assigned = LogEntry.objects.filter(
        name="organisations.message_assigned", subject_kind="message", subject_id__in=keys
    ).exclude(who_kind="contractor")
    return assigned.count(), f"市からの連絡 {sent.count()}件。市の側が担当者を決めた記録を数えます。"


def _answered_for(span: Span) -> tuple[int, str]:
    managers = Assignment.objects.filter(contract_id=span.contract, role__in=("manager", "deputy-manager"))
    sent = _messages(span).exclude(channel__in=_OF_CITY)
    wrong = sent.exclude(sent_by_id__in=managers.values("person_id"))
    return wrong.count(), f"受託者からの連絡 {sent.count()}件。管理責任者・副管理責任者以外からのものを数えます。"


def _on_duty(span: Span) -> tuple[int, str]:
    orders = [one.value for one in Channel if one.waits_for_manager]
    rows = _messages(span).filter(channel__in=orders)
    duties = list(DutyPeriod.objects.filter(contract_id=span.contract).values_list("during", flat=True))
    arrived = [at for at in rows.values_list("delivered_at", flat=True) if at is not None]
    wrong = sum(not any(at in one or at == one.upper for one in duties) for at in arrived)
    held = rows.filter(Q(delivered_at__isnull=True) | Q(delivered_at__gt=F("sent_at"))).count()
    return (
        wrong,
        f"発注・変更・再開 {rows.count()}件、うち在席まで保留 {held}件。在席のない時刻に届いたものを数えます。",
    )


def _hands(span: Span) -> tuple[int, str]:
    found = cases.city_hands(contract=span.contract, since=span.since, until=span.until)
    return found, "受託者の作業を、市の職員が割り当て・着手・完了した記録を数えます。"


def _placing(span: Span) -> tuple[int, str]:
    people = Assignment.objects.filter(contract_id=span.contract).values("person_id")
    rows = LogEntry.objects.filter(name="organisations.placed_in_team", at__gte=span.since, at__lt=span.until)
    wrong = rows.filter(subject_id__in=people).exclude(who_kind="contractor")
    return wrong.count(), "受託者の人の配置・交代を、市の側が行った記録を数えます。"


def _queries(span: Span) -> tuple[int, str]:
    rows = organisations.dealing_counts(contract=span.contract, kind=DealingKind.QUERY, until=span.until)
    return rows.late, f"照会 {rows.all}件。期限を過ぎても市が答えていないものを数えます。"


def _exceptions(span: Span) -> tuple[int, str]:
    rows = _messages(span).filter(channel__in=[one.value for one in Channel if one.exception])
    wrong = rows.filter(Q(reason="") | Q(supervisor__isnull=True))
    return wrong.count(), f"直接の説明（機器・開始時）{rows.count()}件。理由と立会者の記録のないものを数えます。"


def _refused(span: Span) -> tuple[int, str]:
    refused = how_many("signin.refused", since=span.since, until=span.until, rule="contract")
    return _shared(
        span
    ), f"規則に反する操作を止めた記録 {refused}件。同じ利用者が10分以内に別の端末で使われた回数を数えます。"


def _shared(span: Span) -> int:
    """Count how often an account of the contract's people moved between two places within ten minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT place, at, lag(place) OVER mine AS place_before, lag(at) OVER mine AS at_before
                FROM events_logentry WHERE city_id = %(city)s AND at >= %(since)s AND at < %(until)s AND place <> ''
                    AND who_person IN (SELECT person_id FROM organisations_assignment
                                       WHERE city_id = %(city)s AND contract_id = %(contract)s)
                WINDOW mine AS (PARTITION BY who_account ORDER BY at, id)
            ) used WHERE place <> place_before AND at - at_before < interval '10 minutes'
            """,
            {"city": current_city(), "contract": span.contract, "since": span.since, "until": span.until},
        )
        return int(cursor.fetchone()[0])


Look = Callable[[Span], tuple[int, str]]
RULES: tuple[tuple[int, str, Look | None], ...] = (
    (1, "発注は契約の受付箱に宛て、担当者は管理責任者が決めている", _addressed),
    (2, "受託者との連絡は管理責任者・副管理責任者を通している", _answered_for),
    (3, "管理責任者の不在中に、新しい発注・変更が届いていない", _on_duty),
    (4, "市は期限・品質・数量だけを定め、順序・方法・人を指定していない", _hands),
    (5, "配置・勤務・評価に市が関与していない", _placing),
    (6, "照会には市が期限までに管理責任者へ回答している", _queries),
    (7, "仕様書・判断基準（市）と作業手順書（受託者）が別の文書である", None),
    (8, "直接の説明は理由と立会者を記録している", _exceptions),
    (9, "記録の連鎖を検証し、席・名札・電話を分けている", None),
    (10, "規則は操作の層で守られ、利用者を共用していない", _refused),
)
HINTS = {
    7: "手続の版と内規の版の番号、作業手順書の改訂日を書いてください。",
    9: "「記録」の検証結果と、執務場所の仕切り・名札・代表電話を見た日を書いてください。",
}


def sheet_of(contract: int, month: date) -> AuditSheet | None:
    """Return the signed sheet of a contract and month, if there is one."""
    return AuditSheet.objects.filter(contract_id=contract, month=month.replace(day=1)).first()


def sign(*, contract: int, month: date, answers: Mapping[int, Answer], actor: Actor, now: datetime) -> int:
    """Sign the month's self-audit; each finding becomes an incident with a day for its follow-up. Return the sheet.

    Args:
        contract: key of the contract.
        month: any day of the month.
        answers: rule looked at by hand -> whether it was kept, and the evidence.
        actor: staff with the 分掌 "contracts".
        now: the moment.

    Raises:
        Denied: the 分掌 is missing.
        Conflict: signed already, or the month has not begun.
        Invalid: a rule looked at by hand has no answer or no evidence.
    """
    check_has_charge(actor, Charge.CONTRACTS)
    first, _ = rules.month_of(month)
    with in_city(actor.city):
        if first > actor.day or sheet_of(contract, first) is not None:
            raise Conflict("この月の自己点検は、署名済みか、まだ始まっていません。")
        looked = checks(contract=contract, month=first, actor=actor, now=now)
        missing = [one.rule for one in looked if not one.machine and not answers.get(one.rule, _NONE).evidence.strip()]
        if missing:
            raise Invalid(f"規則{'・'.join(map(str, missing))}の確認方法（証拠）を書いてください。")
        broken = [one for one in looked if one.found or (not one.machine and not answers[one.rule].kept)]
        incidents = tuple(_follow_up(one, contract, first, actor, now) for one in broken)
        row = AuditSheet.objects.create(
            contract_id=contract,
            month=first,
            checks=[_written(one, answers.get(one.rule)) for one in looked],
            incidents=list(incidents),
            signed_at=now,
            signed_by_id=actor.person or 0,  # whoever carries a 分掌 is a person
        )
        event = AuditSigned(sheet=row.pk, contract=contract, month=first, incidents=incidents)
        announce(event, who=actor.who, now=now, subject=("audit_sheet", row.pk))
    return int(row.pk)


_NONE = Answer(False, "")


def _written(check: Check, answer: Answer | None) -> dict[str, Any]:
    kept = not check.found if check.machine else bool(answer and answer.kept)
    return asdict(check) | {"kept": kept, "evidence": answer.evidence if answer and not check.machine else check.detail}


def _follow_up(check: Check, contract: int, month: date, actor: Actor, now: datetime) -> int:
    terms = Terms(
        contract=contract,
        kind=DealingKind.INCIDENT,
        title=f"自己点検（{month.year}年{month.month}月）規則{check.rule}",
        body=f"{check.title}：{check.found}件" if check.machine else check.title,
        due=actor.day + _FOLLOW_UP,
        facts={"audit": month.isoformat(), "rule": check.rule},
    )
    return organisations.open_dealing(actor=actor, now=now, terms=terms)


def months_signed(contract: int) -> Sequence[AuditSheet]:
    """Return the signed sheets of a contract, newest first."""
    return list(AuditSheet.objects.filter(contract_id=contract).order_by("-month")[:24])
