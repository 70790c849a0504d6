"""A letter printed from a precedent, as it would go to a made-up applicant."""

from collections.abc import Iterator
from datetime import date

from honrai.engines.decision.errors import DecisionError
from honrai.engines.feel.errors import FeelError
from honrai.engines.flow.api import FlowError
from honrai.kernel import errors
from honrai.platform.typeset.api import TypesetError
from honrai.platform.typeset.api import pictures as set_pictures
from honrai.procedures.editor.pictures import inside
from honrai.procedures.printing.form import LIBRARY
from honrai.procedures.rules.gate_precedents import judge
from honrai.procedures.rules.letters import Address, Contact, LetterFacts, Office, letter_data
from honrai.procedures.rules.model import Pack, Precedent
from honrai.procedures.rules.nature import NEEDS_APPEAL
from honrai.procedures.rules.proposing import NoProposalError

#: Made up; the real ones are data of the authority and the section.
_SENDER = Office("見本市", "見本市長", "見本　一郎", "place")
_TO = Address("見本　太郎", "860-8601", ("熊本市中央区手取本町1番1号", "見本ハイツ101号"))
_APPEAL = {
    "reviewer": "見本市長",
    "defendant": "見本市",
    "representative": "見本市長",
    "review_months": 3,
    "review_limit_years": 1,
    "suit_months": 6,
    "suit_limit_years": 1,
}


def sample_names(pack: Pack, letter: str) -> list[tuple[str, str]]:
    """Return (id, title) of the precedents a letter can be shown with, those that end in it first."""
    ending = [one for one in pack.precedents if letter in _letters(pack, one)]
    rest = [one for one in pack.precedents if one not in ending]
    return [(one.id, f"{one.id} {one.title}（{one.expect.outcome}）") for one in (*ending, *rest)]


def letter_pages(pack: Pack, letter: str, source: str, chosen: str) -> tuple[tuple[str, ...], str]:
    """Return the pages of a letter as pictures, and in words why there are none.

    Args:
        pack: the draft as far as it can be read.
        letter: id of the letter.
        source: its typst source as it is being edited.
        chosen: id of the precedent to print from; the first that fits where none is.
    """
    names = [name for name, _ in sample_names(pack, letter)]
    if not names:
        return (), "判断事例がまだないため、見本を作れません。判断事例を一つ作ってください。"
    wanted = chosen if chosen in names else names[0]
    precedent = next(one for one in pack.precedents if one.id == wanted)
    try:
        data = letter_data(pack, _facts(pack, precedent))
        return inside(set_pictures(source, data, library=LIBRARY)), ""
    except TypesetError as error:
        return (), f"文書を組めません。{error}"
    except (NoProposalError, errors.Invalid, DecisionError, FeelError, FlowError, KeyError, StopIteration) as error:
        return (), f"判断事例 {precedent.id} から見本を作れません。{error}"


def _facts(pack: Pack, precedent: Precedent) -> LetterFacts:
    judged = judge(pack, precedent)
    proposal = judged.proposal
    return LetterFacts(
        values=precedent.values,
        facts=precedent.facts,
        results={n: v.isoformat() if isinstance(v, date) else v for n, v in proposal.results.items()},
        outcome=proposal.outcome,
        reasons=[(reason.text, reason.basis) for reason in proposal.reasons],
        deficiencies=[(one.code, one.message, one.items) for one in judged.deficiencies],
        number="R8-000123",
        received=precedent.received,
        fix_by=date(precedent.received.year, 12, 28),
        certificate="1234567",
        document=f"R{precedent.received.year - 2018}見本第123号",
        issued=precedent.received,
        on=proposal.basis,
        to=_TO,
        sender=_SENDER,
        contact=Contact(pack.identity.owner, "096-000-0000"),
        appeal=_APPEAL if proposal.kind in NEEDS_APPEAL else None,
    )


def _letters(pack: Pack, precedent: Precedent) -> Iterator[str]:
    yield from precedent.expect.letters
    for outcome in pack.identity.outcomes:
        if outcome.id == precedent.expect.outcome:
            yield from outcome.letters
