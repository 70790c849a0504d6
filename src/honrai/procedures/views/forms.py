"""Forms of the life of a version."""

from django import forms

from honrai.procedures.models import Disposition

_TEXT = {"rows": 3}


class CommentForm(forms.Form):
    """The answer of an office: a comment, or nothing."""

    comment = forms.CharField(
        label="意見",
        widget=forms.Textarea(_TEXT),
        required=False,
        max_length=4_000,
        help_text="意見がないときは空のまま「回答する」を押してください（意見なしの回答になります）。",
    )


class DispositionForm(forms.Form):
    """What becomes of a comment."""

    disposition = forms.ChoiceField(label="扱い", choices=Disposition.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", widget=forms.Textarea(_TEXT), max_length=4_000, help_text="意見を出した区に、このまま示されます。"
    )


class JudgeForm(forms.Form):
    """The approver's word on a changed precedent."""

    reason = forms.CharField(
        label="理由", widget=forms.Textarea(_TEXT), max_length=4_000, help_text="認める理由、または差し戻す理由"
    )


class WithdrawForm(forms.Form):
    """Giving a draft up."""

    reason = forms.CharField(label="取り下げる理由", widget=forms.Textarea(_TEXT), max_length=2_000)
