"""What the sending of letters needs to know of one: asked by `contact` when a letter was issued."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from honrai.cases.models import Case, CaseLetter
from honrai.cases.operations.issuing import addressee
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.procedures import api as procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterToSend:
    """One issued letter, whom it goes to, how it may go out.

    Attributes:
        letter: its key; `kind` its id in the pack; `title`, `number`, `issued_on`, `issued_by`, `file` as issued.
        case: its case, with `unit`, `contract`, `procedure`, `channel`; `protected` under 支援措置.
        party: 宛名番号 the case is known to be about, "" where it is not.
        name, postcode, address: whom it goes to.
        authority, office: the 処分庁 and what stands above its name.
        posted: it goes by post, also to those who applied on the web.
        stock: code of the pre-printed stock, "" for plain paper.
        enclosures: what goes with it.
    """

    letter: int
    kind: str
    title: str
    number: str
    issued_on: date
    issued_by: int | None
    file: int
    case: int
    unit: int
    contract: int | None
    procedure: str
    channel: str
    protected: bool
    party: str
    name: str
    postcode: str
    address: str
    authority: str
    office: str
    posted: bool
    stock: str
    enclosures: tuple[str, ...]


def letter_to_send(letter: int) -> LetterToSend | None:
    """Return what is needed to send an issued letter; None where it has no file."""
    row = CaseLetter.objects.select_related("case").get(pk=letter)
    if row.file is None:
        return None
    case, run = row.case, procedures.runnable(row.case.version)
    to = addressee(case.values, run.pack.identity.applicant)
    source = next(one for one in run.pack.letters if one.id == row.letter)
    return LetterToSend(
        letter=row.pk, kind=row.letter, title=row.title, number=row.number, issued_on=row.issued_on,
        issued_by=row.issued_by, file=row.file, name=to.name, postcode=to.postcode, address="".join(to.address),
        posted=case.channel != "web" or source.post or bool(source.stock), stock=source.stock,
        enclosures=source.enclosures, **_of_case(case, run),
    )  # fmt: skip


def _of_case(case: Case, run: procedures.Runnable) -> dict[str, Any]:
    settings = City.objects.values_list("settings", flat=True).get(pk=current_city())
    authority = run.pack.identity.authority
    return {
        "case": case.pk,
        "unit": case.unit,
        "contract": case.contract,
        "procedure": case.procedure,
        "channel": case.channel,
        "protected": case.protected,
        "party": case.party,
        "authority": authority,
        "office": settings.get("authorities", {}).get(authority, {}).get("office", ""),
    }


def show_letter(letter: int, *, shown: bool) -> None:
    """Let the applicant see a letter on the status page, or keep it from them."""
    CaseLetter.objects.filter(pk=letter).update(public=shown)
