"""Form of the search for a person."""

from typing import Any

from django import forms

from honrai.parties.queries import Criteria
from honrai.parties.rules.searching import PURPOSES
from honrai.ui.forms import EraDateField


class SearchForm(forms.Form):
    """What a person is looked for by, and what for."""

    purpose = forms.ChoiceField(label="検索の目的", choices=[("", "選んでください"), *PURPOSES.items()])
    detail = forms.CharField(label="目的の説明", required=False, max_length=200, help_text="「その他」のときは必ず入力")
    kana = forms.CharField(label="フリガナ", required=False, max_length=60, help_text="姓のはじめの1文字からでも")
    name = forms.CharField(
        label="氏名", required=False, max_length=60, help_text="2文字以上。旧字は新字でも見つかります"
    )
    born_on = EraDateField(label="生年月日", required=False)
    address = forms.CharField(label="住所", required=False, max_length=120, help_text="市区町村から番地まで")
    number = forms.CharField(label="宛名番号", required=False, max_length=15)

    def criteria(self) -> Criteria:
        """Return what was entered."""
        given: dict[str, Any] = self.cleaned_data
        return Criteria(
            number=given["number"].strip(),
            name=given["name"].strip(),
            kana=given["kana"].strip(),
            born_on=given["born_on"],
            address=given["address"].strip(),
        )
