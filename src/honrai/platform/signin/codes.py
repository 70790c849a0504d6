"""Checking a code of an authenticator app outside a browser session, for acts that need the person and not only a key."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP


def is_own_code(account: int, code: str) -> bool:
    """Say whether a six-figure code is the present one of an account's authenticator app. Each code counts once."""
    row = Authenticator.objects.filter(user_id=account, type=Authenticator.Type.TOTP).first()
    return row is not None and bool(TOTP(row).validate_code(code))
