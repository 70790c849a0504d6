"""Checks of a receipt before its amount is worked out: numbers with check digits, and the same claim sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from honrai.claims.rules.claim import Claim
from honrai.claims.rules.receipt import Receipt
from honrai.kernel.errors import Invalid
from honrai.kernel.medical_codes import InsurerNumber, MedicalInstitutionCode, PublicPayerNumber, RecipientNumber


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """A number on a receipt that does not fit.

    Attributes:
        field: 保険者番号, 公費負担者番号, 受給者番号 or 医療機関コード.
        written: the number as written.
        reason: what is wrong, Japanese.
        fatal: the claim must wait; otherwise a remark (受給者番号 of local schemes need no check digit).
    """

    field: str
    written: str
    reason: str
    fatal: bool = True


def check_codes(receipt: Receipt) -> Iterator[CodeProblem]:
    """Yield the numbers of a receipt whose digits do not fit.

    Source:
        昭和51年8月7日 保発第45号・庁保発第34号 (検証番号の算定).
    """
    if receipt.insurer:
        yield from _try(InsurerNumber, receipt.insurer)
    for public in receipt.publics:
        yield from _try(PublicPayerNumber, public.payer)
        yield from _try(RecipientNumber, public.recipient)
    sender = receipt.institution
    if sender:
        try:
            MedicalInstitutionCode.of(sender.code, prefecture=sender.prefecture, point_table=sender.table)
        except Invalid as error:
            yield CodeProblem(MedicalInstitutionCode.label, sender.code, error.message)


def _try(
    number: type[InsurerNumber] | type[PublicPayerNumber] | type[RecipientNumber], written: str
) -> Iterator[CodeProblem]:
    """Yield what is wrong with one number."""
    try:
        read = number.parse(written)
    except Invalid as error:
        yield CodeProblem(number.label, written, error.message)
        return
    if isinstance(read, RecipientNumber) and read.warning:
        yield CodeProblem(number.label, written, read.warning, fatal=False)


def same_claim(claim: Claim) -> tuple[str, ...]:
    """Return what makes two claims the same: scheme, recipient, month, institution and care.

    The 点数表 is part of the institution's code.
    """
    return (claim.scheme.value, claim.person, str(claim.month), claim.institution, claim.care.value)
