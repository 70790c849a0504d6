"""The door to accounts: making them, inviting their person to choose a password, closing and finding them."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError

from honrai.platform.accounts.models import Account
from honrai.platform.errors import Conflict, Denied, Invalid

INVITATION_DAYS = 7
_SALT = "honrai.invitation"


def create_account(login: str, city: int) -> int:
    """Make an account of a city without a password; its person chooses one by invitation or signs in by OIDC.

    Raises:
        Conflict: the login name is taken.
    """
    if Account.objects.filter(login__iexact=login).exists():
        raise Conflict(f"ログイン名「{login}」は使われています。別の名前にしてください。")
    return int(Account.objects.create_user(login, issued_in_id=city).pk)


def find_account(login: str) -> int | None:
    """Return the key of the account with a login name, upper and lower case alike; None where there is none."""
    return Account.objects.filter(login__iexact=login).values_list("pk", flat=True).first()


def check_issued_by(account: int, city: int) -> None:
    """Check that a city issued an account and so looks after its password and second factors.

    Raises:
        Denied: another city issued it.
    """
    if not Account.objects.filter(pk=account, issued_in_id=city).exists():
        raise Denied("ほかの市が発行した利用者です。トークンや招待は発行した市に依頼してください。")


def login_of(account: int) -> str:
    """Return the login name of an account."""
    return Account.objects.values_list("login", flat=True).get(pk=account)


def invite(account: int, now: datetime) -> str:
    """Return a token, good for seven days and one use, by which the account's person chooses a password."""
    row = Account.objects.get(pk=account)
    expires = int((now + timedelta(days=INVITATION_DAYS)).timestamp())
    return signing.dumps([account, expires, _stamp(row)], salt=_SALT)


def accept_invitation(token: str, password: str, now: datetime) -> int:
    """Set the password an invited person chose; return the account's key.

    Raises:
        Denied: the token is forged, used or too old.
        Invalid: the password is too weak; the message says how to mend it.
    """
    account = check_invitation(token, now)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    account.set_password(password)
    account.save(update_fields=["password"])
    return int(account.pk)


def check_invitation(token: str, now: datetime) -> Account:
    """Return the account an unused, unexpired invitation belongs to.

    Raises:
        Denied: the token is forged, used or too old.
    """
    try:
        key, expires, stamp = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        key, expires, stamp = 0, 0, ""
    account = Account.objects.filter(pk=key, is_active=True).first()
    if account is None or stamp != _stamp(account) or now.timestamp() > expires:
        raise Denied("この招待は使えません（期限切れ、または使用済み）。発行した担当者に再発行を依頼してください。")
    return account


def forget_secrets(account: int) -> None:
    """Make password and PIN unusable, until an invitation is accepted."""
    row = Account.objects.get(pk=account)
    row.set_unusable_password()
    row.pin = ""
    row.save(update_fields=["password", "pin"])


def set_pin(account: int, password: str, pin: str) -> None:
    """Set the PIN that unlocks the account's sessions on a shared PC.

    Raises:
        Denied: the password is wrong (an account that signs in by OIDC has none and gives "").
    """
    row = Account.objects.get(pk=account)
    if row.has_usable_password() and not row.check_password(password):
        raise Denied("今のパスワードが違います。")
    row.pin = make_password(pin)
    row.save(update_fields=["pin"])


def close_account(account: int) -> None:
    """Lock an account everywhere. Leaving one city needs no closing: without a place there nothing opens."""
    Account.objects.filter(pk=account).update(is_active=False)


def _stamp(account: Account) -> str:
    """Return what changes when the password is set: the end of the stored hash."""
    return str(account.password)[-12:]
