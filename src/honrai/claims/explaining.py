"""Why a claim comes to its amount: the one-case rules run again over its household, line by line, beside what was stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from honrai.claims.models import Judgement, Judging, Recipient, SourcePiece, StoredClaim
from honrai.claims.queries import latest
from honrai.claims.rules.adjudicate import Result, adjudicate
from honrai.claims.rules.claim import Care, Claim, OtherPayer, Route, Scheme, Visit
from honrai.claims.rules.findings import Kind, kinds
from honrai.claims.rules.settings import medical_aid
from honrai.kernel.year_month import YearMonth
from honrai.kernel.yen import Yen
from honrai.platform.errors import Invalid
from honrai.platform.events.api import Who
from honrai.platform.files import api as files


@dataclass(frozen=True, slots=True)
class Explained:
    """A claim's result with its reasons.

    Attributes:
        result: the steps; None where no amount can be worked out.
        findings: what was found.
        lines: (line number, text) of the claim in its file.
        agrees: the steps add up to the stored amount.
    """

    result: Result | None
    findings: Sequence[Kind]
    lines: Sequence[tuple[int, str]]
    agrees: bool


def explain(claim: StoredClaim, *, who: Who, now: datetime) -> Explained:
    """Return why a claim comes to what it does; reading its lines is recorded."""
    judged = latest(claim.pk)
    codes = judged.findings.split() if judged else []
    found = [kinds()[code] for code in codes if code in kinds()]
    result = _result(claim, judged, alone=bool(found))
    agrees = result is not None and judged is not None and result.city.amount == judged.city_part
    return Explained(result, found, source_lines(claim, who=who, now=now), agrees)


def source_lines(claim: StoredClaim, *, who: Who, now: datetime) -> list[tuple[int, str]]:
    """Return the lines of a claim as they stand in its file."""
    piece = SourcePiece.objects.filter(file=claim.file_id, offset__lte=claim.offset).order_by("-offset").first()
    if piece is None:
        return []
    _, raw = files.fetch(piece.stored, who=who, now=now)
    at = claim.offset - piece.offset
    text = raw[at : at + claim.size].decode("cp932", "replace")
    return [(claim.line + number, line) for number, line in enumerate(text.splitlines())]


def _result(claim: StoredClaim, judged: Judgement | None, *, alone: bool) -> Result | None:
    """Return the result by the one-case rules; a claim without findings together with its household's of the same run."""
    if judged is None or None in (claim.months, claim.birth, claim.total):
        return None
    together = [claim] if alone else _household(claim, judged)
    try:
        made = [_claim(each) for each in together]
        return next((each for each in adjudicate(medical_aid(), made) if each.claim.key == str(claim.pk)), None)
    except Invalid:
        return None


def _household(claim: StoredClaim, judged: Judgement) -> list[StoredClaim]:
    """Return the claims that were judged together with one: same household, insurer, month and file, without findings."""
    own = _entitlement(claim)
    if own is None:
        return [claim]
    people = Recipient.objects.filter(household=own.household).values("number")
    file = Judging.objects.filter(pk=judged.judging_id, kind="first").values("file")
    rows = StoredClaim.objects.filter(person__in=people, months=claim.months, file__in=file).order_by("id")
    plain = Judgement.objects.filter(claim__in=rows.values("pk"), counts=True, findings="").values_list(
        "claim", flat=True
    )
    keep = set(plain) | {claim.pk}
    return [row for row in rows if row.pk in keep and _insurer(row.insurer) == _insurer(claim.insurer)]


def _insurer(text: str) -> str:
    text = text.strip()
    return text[2:] if len(text) == 8 and text.startswith("00") else text


def _entitlement(claim: StoredClaim) -> Recipient | None:
    rows = Recipient.objects.filter(number=claim.person, scheme__startswith=claim.family)
    month = YearMonth(claim.months // 12, claim.months % 12 + 1) if claim.months else None
    covering = [
        row for row in rows if month and row.since <= month.last and (row.until is None or row.until >= month.first)
    ]
    found = covering or list(rows)
    return found[-1] if found else None


def _claim(row: StoredClaim) -> Claim:
    """Return a stored claim as the one-case rules take it, with the entitlement of its number."""
    own, months = _entitlement(row), row.months or 0
    family = "disabled_full" if row.family == "disabled" else row.family
    if row.birth is None:
        raise Invalid("生年月日が読めません。")
    return Claim(
        key=str(row.pk),
        person=row.person,
        birth=row.birth,
        scheme=Scheme(own.scheme if own else family),
        month=YearMonth(months // 12, months % 12 + 1),
        care=Care(row.care),
        institution=row.institution,
        visits=(Visit(row.total or 0, row.unit),),
        route=Route(row.route),
        insurer=row.insurer.strip(),
        card_percent=own.card_percent if own else None,
        income=own.income if own else "",
        frequent=own.frequent if own else False,
        prescriber=row.prescriber,
        others=(OtherPayer("他の公費", pays=Yen(row.other_pays)),) if row.other_pays is not None else (),
        supplement=own.supplement if own else "",
    )
