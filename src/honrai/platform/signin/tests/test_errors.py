"""What goes wrong in a view reaches the person as a sentence and a number, and undoes the view's work."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from honrai.kernel.errors import Invalid as BadValue
from honrai.platform import errors
from honrai.platform.organisations.models import Contractor
from honrai.platform.signin.gate import public
from honrai.platform.signin.testing import signed_in
from honrai.site.urls import handler404, handler500  # noqa: F401  (this module serves as URL configuration)

RAISED = {
    "missing": (errors.NotFound("その案件はありません。"), 404),
    "denied": (errors.Denied("行えません。"), 403),
    "changed": (errors.Conflict("変わっています。"), 409),
    "wrong": (errors.Invalid("誤りです。"), 422),
    "value": (BadValue("date-unreadable", "日付を読み取れません。"), 422),
    "django": (PermissionDenied(), 403),
    "nowhere": (Http404(), 404),
    "broken": (ZeroDivisionError("secret detail"), 500),
}


@public
def _raise(request: HttpRequest, what: str) -> HttpResponse:
    Contractor.objects.create(name="半端な仕事", corporate_number=what)
    raise RAISED[what][0]


urlpatterns = [path("raise/<str:what>/", _raise), path("", include("honrai.site.urls"))]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.mark.parametrize("what", RAISED)
@here
def test_each_error_has_its_answer_and_undoes_the_work(people, what):
    browser = signed_in(people.clerk)
    browser.raise_request_exception = False
    answer = browser.get(f"/raise/{what}/")
    error, status = RAISED[what]
    page = answer.content.decode()
    assert answer.status_code == status
    assert "お問い合わせ番号" in page
    assert "secret detail" not in page
    if isinstance(error, errors.Refusal):
        assert str(error) in page
    assert not Contractor.objects.filter(corporate_number=what).exists()


@here
def test_htmx_gets_a_notice_instead_of_a_page(people):
    answer = signed_in(people.clerk).get("/raise/changed/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.content.decode().startswith('<div class="notice bad"')


def test_a_form_without_its_token(people):
    browser = Client(headers={"host": "a.test"}, enforce_csrf_checks=True)
    answer = browser.post("/signin/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "画面を開き直してください" in answer.content.decode()
