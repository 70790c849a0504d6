"""Forms of claims."""

from django import forms

from honrai.ui.forms import EraDateField


class FileForm(forms.Form):
    """A claim file to take in."""

    month = EraDateField(label="請求月", help_text="月の最初の日。例：R081001")
    file = forms.FileField(label="ファイル", help_text="レセプト電算のファイル（UKE）。展開してから選んでください。")
