"""How often the applicants' pages may be used from one address or at one receipt number. Limits are internal policy:
generous for a family or a shared terminal at a ward office, far too few for guessing.
"""

from datetime import datetime, timedelta

from honrai.platform.signin.limits import Limit, check_limit, count_try

_OFFICE = "お急ぎのときは窓口へお問い合わせください。"
_WAIT = (
    "続けて違う番号が入力されたため、いったん止めています。"
    f"15分ほどたってから、控えを見てもう一度入力してください。{_OFFICE}"
)
_SLOW = f"短い時間に何度も操作されたため、いったん止めています。1時間ほどたってから、もう一度お試しください。{_OFFICE}"
_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)

WRONG_AT_NUMBER = Limit("intake.wrong_at_number", 5, _QUARTER, _WAIT)
WRONG_FROM_ADDRESS = Limit("intake.wrong_from_address", 20, _QUARTER, _WAIT)
STARTED = Limit("intake.started", 60, _HOUR, _SLOW)
PAPERS = Limit("intake.papers", 200, _HOUR, _SLOW)


def check_may_ask(number: str, address: str, *, now: datetime) -> None:
    """Say no after too many wrong pairs of receipt number and secret, at that number or from that address.

    Raises:
        TooMany: also for the right secret, so that going on guessing tells nothing.
    """
    check_limit(WRONG_AT_NUMBER, number.strip().upper(), now=now)
    check_limit(WRONG_FROM_ADDRESS, address, now=now)


def count_wrong(number: str, address: str, *, now: datetime) -> None:
    """Count one wrong pair."""
    count_try(WRONG_AT_NUMBER, number.strip().upper(), now=now)
    count_try(WRONG_FROM_ADDRESS, address, now=now)


def take_one(limit: Limit, address: str, *, now: datetime) -> None:
    """Check and count one use of a page from an address.

    Raises:
        TooMany: used up.
    """
    check_limit(limit, address, now=now)
    count_try(limit, address, now=now)
