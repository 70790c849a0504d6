"""What the city does about somebody's sign-in: assign a hardware token, take all factors away, end sessions, invite."""

import base64
import binascii
import re
from datetime import datetime

from allauth.mfa.models import Authenticator

from honrai.platform.accounts.api import check_issued_by, forget_secrets, invite
from honrai.platform.authority.api import Actor, Charge, Invalid, check_has_charge
from honrai.platform.cities.tenancy import in_city
from honrai.platform.errors import NotFound
from honrai.platform.events.api import record
from honrai.platform.organisations.api import account_of_number
from honrai.platform.signin.secrets import seal
from honrai.platform.signin.sessions import end_all


def assign_token(*, actor: Actor, now: datetime, number: str, seed: str, serial: str) -> None:
    """Give a person a hardware token (OATH TOTP, SHA-1, six figures, 30 seconds); an earlier one stops working.

    Args:
        actor: staff with the 分掌 "accounts".
        now: the moment, with zone.
        number: 職員番号, or the number of the pseudonym (A-012) of a contractor's person.
        seed: the token's secret as delivered, hexadecimal or Base32, 16-64 bytes.
        serial: 製造番号 printed on the token.

    Raises:
        Denied: the 分掌 is missing, or another city issued the account.
        NotFound: nobody with an account has that number.
        Invalid: the seed cannot be read.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    secret = read_seed(seed)
    with in_city(actor.city):
        account = _account(number)
        check_issued_by(account, actor.city)
        Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).delete()
        Authenticator.objects.create(
            user_id=account, type=Authenticator.Type.TOTP, data={"secret": seal(secret), "serial": serial}
        )
        end_all(account)
        record("signin.token_assigned", who=actor.who, now=now, subject=("account", account), data={"serial": serial})


def read_seed(seed: str) -> str:
    """Return a token's seed as Base32, from hexadecimal or Base32 text with or without spaces and hyphens.

    Raises:
        Invalid: it is neither, or not 16 to 64 bytes long.
    """
    text = re.sub(r"[\s-]", "", seed)
    try:
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", text):
            raw = bytes.fromhex(text)
        else:
            raw = base64.b32decode(text.upper().rstrip("=") + "=" * (-len(text.rstrip("=")) % 8))
    except (ValueError, binascii.Error):
        raw = b""
    if not 16 <= len(raw) <= 64:
        raise Invalid("シードを読み取れません。納品書の値（16進またはBase32）をそのまま入力してください。")
    return base64.b32encode(raw).decode().rstrip("=")


def reset_factors(*, actor: Actor, now: datetime, number: str) -> str:
    """Take away second factors, password, PIN and sessions of a person who lost theirs; return a new invitation token.

    Raises:
        Denied: the 分掌 "accounts" is missing, or another city issued the account.
        NotFound: nobody with an account has that number.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    with in_city(actor.city):
        account = _account(number)
        check_issued_by(account, actor.city)
        Authenticator.objects.filter(user_id=account).delete()
        forget_secrets(account)
        end_all(account)
        record("signin.factors_reset", who=actor.who, now=now, subject=("account", account))
        return invite(account, now)


def end_sessions(*, actor: Actor, now: datetime, number: str) -> int:
    """End every open session of a person at this city; return how many.

    Raises:
        Denied: the 分掌 "accounts" is missing.
        NotFound: nobody with an account has that number.
    """
    check_has_charge(actor, Charge.ACCOUNTS)
    with in_city(actor.city):
        account = _account(number)
        ended = end_all(account, city=actor.city)
        record("signin.sessions_ended", who=actor.who, now=now, subject=("account", account), data={"ended": ended})
        return ended


def _account(number: str) -> int:
    account = account_of_number(number.strip())
    if account is None:
        raise NotFound("その番号の利用者はいません。職員番号または仮名番号（例：A-012）を確認してください。")
    return account
