"""Seals small secrets (seeds of second factors) before they reach the database. The key lies outside it."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> str:
    """Return the text encrypted and authenticated, as ASCII."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text sealed by `seal`.

    Raises:
        cryptography.fernet.InvalidToken: sealed with another key, or changed.
    """
    return _fernet().decrypt(sealed.encode()).decode()


def _fernet() -> Fernet:
    key = hashlib.sha256(b"honrai.signin.seeds" + bytes.fromhex(settings.SEALING_KEY)).digest()
    return Fernet(base64.urlsafe_b64encode(key))
