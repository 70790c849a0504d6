"""How letters become a batch: what goes into one envelope, in which order, on which pages, in which class of mail."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from honrai.contact.rules.layout import Envelope, weights
from honrai.kernel.errors import Invalid as BadValue
from honrai.kernel.postal_barcode import PostalBarcode

MOST_ITEMS = 500
"""Letters of one batch; a print room checks a box of this size in one go."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One item ready to go out.

    Attributes:
        id: key of the item.
        case: key of its case.
        name, postcode, address: where it goes.
        pages: pages of the letter; 0 where it is printed on stock instead.
        stock: code of the pre-printed stock, "" for plain paper.
        enclosures: what goes with it.
    """

    id: int
    case: int
    name: str
    postcode: str
    address: str
    pages: int
    stock: str = ""
    enclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One envelope: its number in the run, its items, whether an address sheet comes first, sheets, weight, class."""

    number: int
    items: tuple[Ready, ...]
    sheets: int
    grams: int
    mail_class: str
    enclosures: tuple[str, ...]


def pieces(
    items: Iterable[Ready], *, envelope: Envelope, duplex: bool, cover: frozenset[int] = frozenset()
) -> list[Piece]:
    """Return the envelopes in postcode order; letters of one case to one address share an envelope.

    Args:
        items: what is to be sent.
        envelope: the envelope used.
        duplex: printed on both sides.
        cover: keys of items whose own first page cannot show the address in the window; they get an address sheet.

    An envelope without a page of its own (stock only) gets an address sheet, too.
    """
    ordered = sorted(items, key=lambda one: (digits(one.postcode), one.address, one.name, one.case, one.stock, one.id))
    groups = [
        tuple(group) for _, group in groupby(ordered, key=lambda one: (one.postcode, one.address, one.name, one.case))
    ]
    return [_piece(number, group, envelope, duplex, cover) for number, group in enumerate(groups, start=1)]


def _piece(number: int, items: tuple[Ready, ...], envelope: Envelope, duplex: bool, cover: frozenset[int]) -> Piece:
    sheets = int(needs_cover(items, cover)) + sum(sheets_of(one.pages, duplex) for one in items if not one.stock)
    cards = sum(1 for one in items if one.stock)
    extra = tuple(dict.fromkeys(name for one in items for name in one.enclosures))
    weigh = weights()
    grams = envelope.grams + sheets * weigh.sheet + cards * weigh.card + len(extra) * weigh.enclosure
    return Piece(number, items, sheets, grams, mail_class(envelope, sheets, grams), extra)


def needs_cover(items: Sequence[Ready], cover: frozenset[int]) -> bool:
    """Say whether an envelope starts with an address sheet."""
    printed = [one for one in items if not one.stock]
    return not printed or printed[0].id in cover


def sheets_of(pages: int, duplex: bool) -> int:
    """Return how many sheets a letter takes; every letter begins on a front."""
    return (pages + 1) // 2 if duplex else pages


def mail_class(envelope: Envelope, sheets: int, grams: int) -> str:
    """Return the class of mail by size and weight, e.g. 定形 50gまで.

    Raises:
        ValueError: too much for the envelope.
    """
    limit = next((most for most in weights().classes[envelope.size] if grams <= most), None)
    if limit is None or sheets > envelope.most_sheets:
        raise ValueError(f"{envelope.title}に入りません（{sheets}枚、{grams}g）")
    return f"{envelope.size} {limit}gまで"


def totals(found: Iterable[Piece]) -> list[tuple[str, int]]:
    """Return how many envelopes there are of each class, for the bulk mail sheet."""
    return sorted(Counter(one.mail_class for one in found).items())


def digits(postcode: str) -> str:
    """Return the seven digits of a postcode; an empty one sorts last."""
    found = "".join(char for char in postcode if char.isascii() and char.isdigit())
    return found if len(found) == 7 else "9999999x"


def bars(postcode: str, address: str) -> str:
    """Return the bars of the customer bar code, or "" where the postcode does not read.

    Args:
        postcode: of the addressee.
        address: the whole address; what the postcode names (up to the 町域) is dropped by keeping from the first number on.
    """
    number = next((index for index, char in enumerate(address) if char.isdigit()), len(address))
    try:
        return PostalBarcode.of(digits(postcode), address[number:]).bars
    except BadValue:
        return ""
