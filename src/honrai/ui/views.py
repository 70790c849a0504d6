"""The component gallery at `/ui/`: documentation of the components, and what screenshots are made from."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from honrai.platform.signin.gate import no_city
from honrai.ui.forms import Choices, EraDateField, ManyChoices, ThreeBoxDateField


class GalleryForm(forms.Form):
    """One of each field."""

    name = forms.CharField(label="氏名", help_text="戸籍のとおりに入力してください", max_length=40)
    born = ThreeBoxDateField(label="生年月日")
    received = EraDateField(label="収受日", required=False)
    route = forms.ChoiceField(label="受取方法", choices=[("post", "郵送"), ("counter", "窓口")], widget=Choices)
    papers = forms.MultipleChoiceField(
        label="添付書類",
        choices=[("a", "保険資格の分かる書類"), ("b", "通帳の写し")],
        widget=ManyChoices,
        required=False,
    )
    kind = forms.ChoiceField(label="区分", choices=[("new", "新規"), ("change", "変更")])
    note = forms.CharField(label="備考", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="記載内容に相違ありません")


@no_city
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; a POST shows the form with its errors."""
    form = GalleryForm(request.POST or None, initial={"received": date(2026, 4, 1)})
    if request.method == "POST" and form.is_valid():
        messages.success(request, "受け付けました")
    progress = {"stage": "反映", "done": 6_200, "total": 10_000, "stopping": False}
    return render(request, "ui/gallery.html", {"form": form, "day": date(2026, 4, 1), "progress": progress})
