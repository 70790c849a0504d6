"""Forms of sign-in: the second factor with lock-out, choosing a password, the PIN, a token's seed."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError

from honrai.platform import clock
from honrai.platform.events.api import Who, record
from honrai.platform.signin.lockout import address, count_failure, is_locked


class _Counted:
    """Counts wrong codes like wrong passwords."""

    user: Any

    def clean_code(self) -> str:
        """Check the code unless sign-in is locked."""
        request, login = context.request, self.user.login
        if is_locked(request, login):
            raise ValidationError("続けて誤りがあったため、15分間サインインできません。")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            count_failure(request, login)
            who = Who("system", account=self.user.pk, place=address(request))
            record(
                "signin.failed", who=who, now=clock.now(), subject=("account", self.user.pk), data={"factor": "code"}
            )
            raise ValidationError("確認コードが違います。トークンに今表示されている数字を入力してください。") from None
        return code


_CODE_WIDGET = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})


class CodeForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """Second factor at sign-in."""

    code = forms.CharField(label="確認コード", help_text="トークンの6桁の数字、または回復コード", widget=_CODE_WIDGET)


class CodeAgainForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """Second factor once more, before something sensitive."""

    code = forms.CharField(label="確認コード", help_text="トークンの6桁の数字", widget=_CODE_WIDGET)


class ActivateCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app proves that it was set up."""

    code = forms.CharField(label="確認コード", help_text="アプリに表示された6桁の数字", widget=_CODE_WIDGET)


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Registers a FIDO key under a name."""

    name = forms.CharField(label="キーの名前", max_length=60, required=False, help_text="例：机のキー、予備")


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Renames a FIDO key."""

    name = forms.CharField(label="キーの名前", max_length=60)


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login name and password, labelled, without placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = "ログイン名", "パスワード"
        self.fields["password"].help_text = ""
        _no_placeholders(self)


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Change of one's own password, without placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", "今のパスワード"),
            ("password1", "新しいパスワード"),
            ("password2", "新しいパスワード（もう一度）"),
        ):
            self.fields[name].label = label
        _no_placeholders(self)


def _no_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class NewPasswordForm(forms.Form):
    """An invited person chooses a password."""

    password = forms.CharField(
        label="パスワード",
        help_text="12文字以上。よくある言葉や数字だけのものは使えません。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="パスワード（もう一度）", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data = super().clean() or {}
        if data.get("password") != data.get("again"):
            self.add_error("again", "2つのパスワードが違います。同じものを入力してください。")
        return data


class PinForm(forms.Form):
    """A short number to unlock this account's sessions on a shared PC."""

    password = forms.CharField(
        label="今のパスワード", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    pin = forms.RegexField(
        r"\A\d{6,12}\Z",
        label="新しいPIN",
        help_text="6～12桁の数字。離席からの再開だけに使います。",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "6～12桁の数字にしてください。"},
    )

    def clean_pin(self) -> str:
        """Refuse the same figure over and over."""
        pin: str = self.cleaned_data["pin"]
        if len(set(pin)) < 3:
            raise ValidationError("同じ数字ばかりのPINは使えません。")
        return pin


class TokenForm(forms.Form):
    """The seed of a hardware token (OATH TOTP, SHA-1, six figures, 30 seconds) for one person."""

    number = forms.CharField(label="職員番号または仮名番号", help_text="例：10234、A-012", max_length=24)
    seed = forms.CharField(
        label="シード",
        help_text="納品書の値（16進またはBase32）",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    serial = forms.CharField(label="トークンの製造番号", max_length=40)
