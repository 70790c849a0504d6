"""Forms of the screen where keys are granted."""

from typing import Any

from django import forms

from honrai.platform.events.words import event_word
from honrai.rest.models import Holder
from honrai.rest.scopes import EVENTS, Scope
from honrai.ui.forms import EraDateField, ManyChoices


class KeyForm(forms.Form):
    """A key to grant."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="何がつながるか。例：学校事務システム、住記連携ロボット"
    )
    holder = forms.ChoiceField(label="使う人", choices=[("", "選んでください"), *Holder.choices])
    number = forms.CharField(
        label="職員番号・呼び名", max_length=24, required=False, help_text="本人のキーのとき。例：S-0123、A-012"
    )
    unit = forms.TypedChoiceField(
        label="担当課",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="ロボット・他システムが市の仕事をするとき",
    )
    contract = forms.TypedChoiceField(
        label="契約",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="ロボット・他システムが受託者の仕事をするとき",
    )
    scopes = forms.MultipleChoiceField(
        label="できること", choices=[(one.value, one.label) for one in Scope], widget=ManyChoices
    )
    networks = forms.CharField(
        label="接続元", required=False, help_text="空白で区切る。空のときはどこからでも。例：192.0.2.10 10.1.0.0/16"
    )
    per_minute = forms.IntegerField(label="1分あたりの上限", min_value=1, max_value=6000, initial=120)
    expires_on = EraDateField(label="失効日", help_text="この日から使えません。400日以内。例：R090331")

    def __init__(self, *args: Any, units: Any = (), contracts: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", "なし"), *units]  # type: ignore[attr-defined]
        self.fields["contract"].choices = [("", "なし"), *contracts]  # type: ignore[attr-defined]


class SubscribeForm(forms.Form):
    """Events to tell a system of."""

    url = forms.CharField(label="送り先", max_length=400, help_text="https:// で始まるアドレス")
    events = forms.MultipleChoiceField(label="知らせる出来事", widget=ManyChoices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["events"].choices = [(name, event_word(name)) for name in EVENTS]  # type: ignore[attr-defined]


class NetworkForm(forms.Form):
    """An inner network notices may go to."""

    network = forms.CharField(label="ネットワーク", max_length=43, help_text="例：10.1.0.0/16")
    reason = forms.CharField(label="理由", max_length=120)
