"""procedure.yaml -> Identity, survey.yaml -> Survey."""

from datetime import date
from decimal import Decimal

from honrai.kernel.errors import Invalid
from honrai.kernel.legal_reference import LegalReference
from honrai.procedures.rules.model import (
    Confirmation,
    Identity,
    LegalBasis,
    Outcome,
    Reminders,
    StandardPeriod,
    Survey,
    SurveyStep,
)
from honrai.procedures.rules.nature import ALLOWED, KINDS
from honrai.procedures.rules.read_form import CHANNELS
from honrai.procedures.rules.shape import Node, Problems, load_yaml, unique

COUNTS = {"business": "開庁日", "calendar": "暦日"}


def read_identity(raw: bytes, problems: Problems) -> Identity:
    """Return what procedure.yaml says."""
    top = Node(load_yaml(raw, problems), "", problems)
    period = top.node("standard_period")
    identity = Identity(
        code=top.text("code"),
        title=top.text("title"),
        owner=top.text("owner"),
        kind=top.one_of("kind", {"city", "contractor"}, "city"),
        nature=top.one_of("nature", ALLOWED),
        authority=top.text("authority"),
        legal=tuple(_legal(node) for node in top.nodes("legal")),
        standard_period=_period(period),
        channels=top.texts("channels"),
        fee=top.take("fee", int, 0),
        retention_years=top.take("retention_years", int),
        version=top.text("version"),
        effective_from=top.take("effective_from", date),
        effective_to=top.any("effective_to"),
        seasonality=top.texts("seasonality"),
        outcomes=tuple(_outcome(node) for node in top.nodes("outcomes", required=False)),
        proposal=top.text("proposal", ""),
        confirm=tuple(_confirmation(node) for node in top.nodes("confirm", required=False)),
        fills=top.text("fills", ""),
        subject=top.text("subject", ""),
        applicant=top.text("applicant", ""),
        reminders=_reminders(Node(top.any("reminders") or {}, "reminders", problems)),
    )
    top.finish()
    _consistent(identity, problems)
    return identity


def read_survey(raw: bytes, problems: Problems) -> Survey:
    """Return the BPR baseline; twelve volumes, April first, and one row for each step as it was done before."""
    top = Node(load_yaml(raw, problems), "", problems)
    volumes = top.take("volumes", list)
    if len(volumes) != 12 or not all(isinstance(count, int) and count >= 0 for count in volumes):
        problems.add("volumes", "月別件数が12か月分ありません", "4月から3月までの件数を12個の整数で書いてください")
        volumes = [0] * 12
    wages = top.take("wages", dict)
    steps = [
        SurveyStep(
            node.text("task"),
            node.take("minutes", Decimal),
            node.text("performer"),
            node.take("rework_rate", Decimal, Decimal(0)),
        )
        for node in top.nodes("steps")
    ]
    for step in steps:
        if step.performer not in wages:
            problems.add(f"steps.{step.task}", f"「{step.performer}」の時間単価がありません", "wages に足してください")
    survey = Survey(
        top.text("basis"), tuple(volumes), {str(name): int(rate) for name, rate in wages.items()}, tuple(steps)
    )
    top.finish()
    return survey


def _legal(node: Node) -> LegalBasis:
    parts = {key: node.text(key, "") for key in ("act", "article", "paragraph", "item")}
    note = node.text("note", "")
    node.finish()
    try:
        return LegalBasis(LegalReference.of({key: part for key, part in parts.items() if part}), note)
    except Invalid as error:
        node.problems.add(node.path, error.message, "act: 法令名, article: 条の番号 で書いてください")
        return LegalBasis(LegalReference("不明"), note)


def _period(node: Node) -> StandardPeriod:
    period = StandardPeriod(node.take("days", int), node.one_of("count", COUNTS), node.texts("stops_for"))
    node.finish()
    return period


def _reminders(node: Node) -> Reminders:
    days = node.take("days", list, [])
    if not all(isinstance(day, int) and day > 0 for day in days) or sorted(set(days)) != days:
        node.problems.add(
            node.at("days"), "催促の日数が正しくありません", "送った日からの日数を小さい順に書いてください"
        )
        days = []
    entry = Reminders(tuple(days), node.take("calls", int, 3), node.take("reply", int, 14))
    node.finish()
    return entry


def _outcome(node: Node) -> Outcome:
    outcome = Outcome(node.text("id"), node.one_of("kind", KINDS), node.texts("letters"), node.text("note", ""))
    node.finish()
    return outcome


def _confirmation(node: Node) -> Confirmation:
    entry = Confirmation(node.text("item"), node.text("assumed"), node.text("ask"))
    node.finish()
    return entry


def _consistent(identity: Identity, problems: Problems) -> None:
    unique(list(identity.outcomes), lambda entry: entry.id, "結果", problems)
    for channel in identity.channels:
        if channel not in CHANNELS:
            problems.add(
                "channels", f"「{channel}」という受付方法はありません", "・".join(CHANNELS) + " から選んでください"
            )
    if identity.effective_to is not None and not isinstance(identity.effective_to, date):
        problems.add("effective_to", "日付ではありません", "2027-03-31 の形で書いてください")
    if identity.kind == "city" and not identity.proposal:
        problems.add("proposal", "決定案を出す決定のidがありません", "decisions.dmn の決定のidを書いてください")
    if (identity.kind == "contractor") != bool(identity.fills):
        problems.add(
            "fills", "受託者パックと埋める作業が合いません", "受託者パックなら「手続コード/作業id」を書いてください"
        )
