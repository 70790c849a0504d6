"""Forms of the organisation's screens."""

from datetime import date
from typing import Any

from django import forms

from honrai.kernel.errors import Invalid
from honrai.kernel.wareki import format_wareki, parse_date
from honrai.platform.authority.acts import Channel, TeamRole
from honrai.platform.organisations.rules import CertificateKind


class DayField(forms.Field):
    """A date in one box: R080401, 5080401, 20260401, 令和8年4月1日."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "例：R080401、20260401")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as 令和8年4月1日, anything typed as it was typed."""
        return format_wareki(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        """Return the date, or say how to write one."""
        if value in self.empty_values:
            return None
        try:
            return parse_date(str(value))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


class DayForm(forms.Form):
    """Which day a screen shows."""

    on = DayField(label="基準日", required=False)


class TransferFileForm(forms.Form):
    """An order of transfers to be read."""

    number = forms.CharField(label="発令番号", max_length=60, help_text="例：令和9年4月1日付人事異動")
    effective_on = DayField(label="発令日", help_text="この日の0時から有効になります。例：R090401")
    file = forms.FileField(label="CSVファイル", help_text="UTF-8またはShift_JIS。1行目は見出し。")


class CertificateForm(forms.Form):
    """A pledge, training or test of one or more people."""

    kind = forms.ChoiceField(label="種別", choices=[(k.value, k.label) for k in CertificateKind])
    since = DayField(label="有効開始日")
    until = DayField(label="有効期限（この日の前日まで）")
    evidence = forms.CharField(label="証跡", max_length=120, help_text="例：研修記録 第12号")
    score = forms.IntegerField(label="点数", required=False, min_value=0, max_value=1000)


class AccountRequestForm(forms.Form):
    """A contractor's manager asks for an account."""

    team = forms.TypedChoiceField(label="チーム", coerce=int)
    role = forms.ChoiceField(label="役割", choices=[(r.value, r.label) for r in TeamRole])
    name = forms.CharField(label="氏名", max_length=80, help_text="受託者の画面だけに表示されます。")
    kana = forms.CharField(label="フリガナ", max_length=120, required=False)
    login = forms.CharField(label="希望するログイン名", max_length=60)
    existing = forms.BooleanField(label="ほかの市で使っている利用者をそのまま使う", required=False)
    start = DayField(label="開始日")

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]


class MessageForm(forms.Form):
    """A message between city and contract: what, how much and by when; it has no box for a person."""

    channel = forms.ChoiceField(label="種別")
    title = forms.CharField(label="件名", max_length=120)
    body = forms.CharField(label="本文", widget=forms.Textarea, required=False)
    quantity = forms.IntegerField(label="数量", min_value=1, required=False)
    due = DayField(label="期限", required=False)

    def __init__(self, *args: Any, channels: list[Channel], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["channel"].choices = [(c.value, c.label) for c in channels]  # type: ignore[attr-defined]
