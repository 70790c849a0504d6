"""Document numbers: one series per 文書記号 and fiscal year, without gaps or doubles."""

from datetime import date

from django.db import connection

from honrai.approvals import rules
from honrai.platform.authority.api import Invalid
from honrai.platform.cities.tenancy import current_city
from honrai.platform.organisations.api import units_above, units_on

_NEXT = """
INSERT INTO approvals_numberseries (city_id, symbol, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (city_id, symbol, year) DO UPDATE SET last = approvals_numberseries.last + 1
RETURNING last"""


def next_document_number(unit: int, on: date) -> str:
    """Give the next 文書番号 of a section, e.g. 「R8こ支第123号」.

    Call it in the transaction that issues: the series stays locked until that ends, so a number given is used or, when the
    transaction is undone, given again. A unit without a 文書記号 of its own uses that of the unit above it.

    Args:
        unit: key of the section.
        on: date of the letter; its fiscal year counts.

    Raises:
        Invalid: neither the unit nor one above it has a 文書記号 on that day.
    """
    symbol, year = _symbol(unit, on), rules.fiscal_year_of(on)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [current_city(), symbol, year])
        (number,) = cursor.fetchone()
    return rules.number_label(symbol, year, number)


def _symbol(unit: int, on: date) -> str:
    symbols = {view.id: view.symbol for view in units_on(on)}
    found = next((symbols[key] for key in units_above(unit, on) if symbols.get(key)), "")
    if not found:
        raise Invalid("担当課の文書記号が登録されていません。組織の画面で文書記号を登録してください。")
    return found
