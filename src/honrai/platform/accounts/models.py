"""The account a person signs in with. What that person may do stands in `organisations` and `authority`, never here."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from honrai.platform.cities.models import City


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, login: str, password: str | None = None, **fields: object) -> "Account":
        """Create an account; without a password it can be used by OIDC sign-in only."""
        account = self.model(login=login, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find an account by its login name, upper and lower case alike."""
        return self.get(login__iexact=username)


class Account(AbstractBaseUser):
    """One person's way in. No right hangs on it: rights come from dated assignments in a city.

    Only the city that issued it may take its second factors away or invite anew; other cities merely let it in.
    """

    login = models.CharField("ログイン名", max_length=60, unique=True)
    email = models.EmailField("メール", blank=True)
    is_active = models.BooleanField("有効", default=True)
    issued_in = models.ForeignKey(
        City,
        verbose_name="発行した市",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    pin = models.CharField("PIN（離席からの再開用、要約値）", max_length=128, blank=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = "利用者"

    def __str__(self) -> str:
        return self.login
