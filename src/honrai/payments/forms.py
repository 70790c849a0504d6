"""Forms of payments."""

from django import forms

from honrai.ui.forms import EraDateField


class AccountForm(forms.Form):
    """A payee's account as written."""

    party = forms.CharField(
        label="受取人の番号", max_length=60, help_text="宛名番号、school/学校番号、institution/医療機関コード"
    )
    name = forms.CharField(label="受取人の氏名・名称", max_length=120)
    kana = forms.CharField(label="受取人のフリガナ", max_length=120, required=False)
    bank = forms.CharField(label="金融機関コード", max_length=4)
    branch = forms.CharField(
        label="支店コード", max_length=3, required=False, help_text="ゆうちょ銀行は記号・番号だけで構いません"
    )
    kind = forms.ChoiceField(label="種目", choices=[("普通", "普通"), ("当座", "当座"), ("貯蓄", "貯蓄")])
    number = forms.CharField(label="口座番号", max_length=7, required=False)
    yucho_symbol = forms.CharField(label="ゆうちょ銀行の記号", max_length=5, required=False)
    yucho_number = forms.CharField(label="ゆうちょ銀行の番号", max_length=8, required=False)
    holder = forms.CharField(label="口座名義（カナ）", max_length=48)


class CheckForm(forms.Form):
    """How an account was made sure, or why it is not used."""

    reason = forms.CharField(label="確かめた方法・使わない理由", max_length=200, required=False)


class OrderForm(forms.Form):
    """What is ordered to be paid, and when."""

    heading = forms.ChoiceField(label="支払待ちの歳出科目")
    pay_on = EraDateField(label="支払日")
