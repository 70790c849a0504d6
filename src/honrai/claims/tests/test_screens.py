"""The screens of claims as a browser sees them, and who is turned away."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from honrai.claims.models import Judgement, MonthClose, SourceFile, StoredClaim
from honrai.claims.testing import fill_registers, run_jobs
from honrai.platform.files import api as files
from honrai.platform.files.stores import EncryptedStore, FolderStore
from honrai.platform.organisations.testing import NOW, small_city
from honrai.platform.signin.testing import signed_in

from .claims_made import small


@pytest.fixture(autouse=True)
def quiet(tmp_path, monkeypatch, stopped_clock):
    encrypted = EncryptedStore(FolderStore(tmp_path), bytes(32))
    monkeypatch.setattr(files, "_store", lambda: encrypted)


@pytest.fixture
def people(city):
    return small_city(city)


def test_from_a_file_to_why_and_to_the_closed_month(people):
    browser = signed_in(people.personnel)
    fill_registers(small())
    upload = SimpleUploadedFile("claims.UKE", (small() / "claims.UKE").read_bytes())
    assert browser.post(reverse("claims:files"), {"month": "R081001", "file": upload}).status_code == 302
    file = SourceFile.objects.get()
    page = reverse("claims:file", args=[file.pk])
    assert "読込みを中止する" in browser.get(page).content.decode()
    run_jobs(file.pk, now=NOW)
    assert "文字コードがシフトJISではありません" in browser.get(page).content.decode()
    assert "保留" in browser.get(reverse("claims:exceptions"), {"verdict": "hold"}).content.decode()
    for judged in Judgement.objects.order_by("id")[::9]:
        answer = browser.get(reverse("claims:claim", args=[judged.claim]))
        assert "今計算すると" not in answer.content.decode()
        if judged.verdict == "pay":
            explained = answer.context["explained"]
            assert explained.agrees
            assert sum(step.amount.amount for step in explained.result.steps) == judged.paid
            assert explained.lines[0][1].startswith("RE,")
            assert f"なぜ{judged.paid:,}円か" in answer.content.decode()
    held = Judgement.objects.filter(verdict="hold", pending__gt=0).first()
    browser.post(reverse("claims:decide", args=[held.pk]), {"pay": "yes"})
    assert Judgement.objects.get(previous=held.pk).paid == held.pending
    months = reverse("claims:months")
    assert "この月を締める" in browser.get(months).content.decode()
    browser.post(reverse("claims:close", args=["2026-10-01"]))
    text = browser.get(months).content.decode()
    assert "支払基金" in text
    close = MonthClose.objects.get()
    content = b"".join(browser.get(reverse("claims:output", args=[close.pk])))
    assert content.decode("cp932").splitlines()[0].startswith("制度,受給者番号,診療年月")


def test_a_file_that_is_none_is_refused_in_words(people):
    browser = signed_in(people.personnel)
    upload = SimpleUploadedFile("a.zip", b"PK\x03\x04" + bytes(200))
    answer = browser.post(reverse("claims:files"), {"month": "R081001", "file": upload})
    assert answer.status_code == 422
    assert "展開してください" in answer.content.decode()
    assert not StoredClaim.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "head", "operator", "manager"])
def test_who_has_not_the_charge_is_turned_away(people, who):
    browser = signed_in(getattr(people, who))
    for name in ("files", "exceptions", "months"):
        assert browser.get(reverse(f"claims:{name}")).status_code == 403
