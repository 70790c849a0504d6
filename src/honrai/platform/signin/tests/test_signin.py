"""Signing in: password, second factor, lock-out, what is recorded."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from honrai.platform.accounts.api import invite
from honrai.platform.accounts.models import Account
from honrai.platform.errors import Denied, Invalid, NotFound
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW
from honrai.platform.signin.operations import assign_token, end_sessions, read_seed, reset_factors
from honrai.platform.signin.secrets import unseal
from honrai.platform.signin.testing import PASSWORD, signed_in, with_password

SEED = "3132333435363738393031323334353637383930"  # RFC 6238's, in hexadecimal


def _code(seed: str = SEED, at: float | None = None) -> str:
    import base64

    secret = base64.b32encode(bytes.fromhex(seed)).decode()
    return format_hotp_value(hotp_value(secret, int((at or time.time()) // 30)))


def _enter(browser, login="clerk1", password=PASSWORD):
    return browser.post(reverse("account_login"), {"login": login, "password": password})


def _token(people, number="S-clerk1"):
    assign_token(actor=people.personnel, now=NOW, number=number, seed=SEED, serial="T-1")


def test_password_and_token_open_the_house(people, browser):
    with_password(people.clerk)
    _token(people)
    first = _enter(browser)
    assert first.url == reverse("mfa_authenticate")
    assert browser.get("/signin/tokens/").url.startswith(reverse("account_login"))  # the password alone opens nothing
    done = browser.post(first.url, {"code": _code()})
    assert (done.status_code, done.url) == (302, "/")
    page = browser.get(reverse("signin_own"))
    assert "職員 clerk1" in page.content.decode()
    assert LogEntry.objects.filter(name="signin.signed_in", who_account=people.clerk.account).count() == 1
    browser.post(reverse("account_logout"))
    assert browser.get(reverse("signin_own")).status_code == 302
    assert LogEntry.objects.filter(name="signin.signed_out").count() == 1


def test_a_code_works_once(people, browser):
    with_password(people.clerk)
    _token(people)
    code = _code()
    _enter(browser)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    other = Client(headers={"host": "a.test"})
    _enter(other)
    again = other.post(reverse("mfa_authenticate"), {"code": code})
    assert "確認コードが違います" in again.content.decode()


def test_without_a_second_factor_only_its_set_up_is_open(people, browser, stopped_clock):
    with_password(people.clerk)
    assert _enter(browser).url == "/"
    assert browser.get(reverse("signin_tokens")).url == reverse("mfa_index")
    page = browser.get(reverse("mfa_index")).content.decode()
    assert "第二の確認手段を登録してください" in page
    setup = browser.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'mono">([A-Z2-7]{32})<', setup).group(1)
    wrong = browser.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200
    code = format_hotp_value(hotp_value(secret, int(time.time() // 30)))
    assert browser.post(reverse("mfa_activate_totp"), {"code": code}).url == reverse("mfa_view_recovery_codes")
    codes = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert browser.get(reverse("signin_tokens")).status_code == 403  # in now, but without the 分掌
    stopped_clock.at += timedelta(minutes=11)
    assert browser.get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_reauthenticate"))
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_recovery_codes_open_once(people, browser):
    with_password(people.clerk)
    _token(people)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(Account.objects.get(pk=people.clerk.account)).get_unused_codes()[0]
    _enter(browser)
    assert browser.post(reverse("mfa_authenticate"), {"code": code}).url == "/"
    other = Client(headers={"host": "a.test"})
    _enter(other)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


@pytest.mark.parametrize("login", ["clerk1", "CLERK1", "nobody-at-all"])
def test_five_wrong_passwords_lock_known_and_unknown_names_alike(people, browser, login):
    with_password(people.clerk)
    answers = [_enter(browser, login, f"wrong-{n}").status_code for n in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    right = _enter(Client(headers={"host": "a.test"}), login.lower())
    assert right.status_code == 429
    assert "15分間" in right.content.decode()
    assert LogEntry.objects.filter(name="signin.failed").count() >= 4


def test_wrong_codes_count_too(people, browser):
    with_password(people.clerk)
    _token(people)
    _enter(browser)
    for _ in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "15分間" in browser.post(reverse("mfa_authenticate"), {"code": _code()}).content.decode()
    assert LogEntry.objects.filter(name="signin.failed", data={"factor": "code"}).count() == 5
    assert browser.get(reverse("signin_own")).status_code == 302


def test_the_lock_out_ends(people, browser, settings):
    with_password(people.clerk)
    for n in range(6):
        _enter(browser, password=f"wrong-{n}")
    from axes.models import AccessAttempt, AccessAttemptExpiration

    assert AccessAttempt.objects.get().failures_since_start >= 5
    from django.db.models import F

    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    AccessAttemptExpiration.objects.update(expires_at=F("expires_at") - timedelta(minutes=16))
    assert _enter(browser).status_code == 302


def test_passwords_are_kept_by_argon2(people):
    assert with_password(people.clerk).password.startswith("argon2$")


def test_an_invitation_sets_a_password_once(people, browser):
    token = invite(people.clerk.account, NOW)
    url = reverse("signin_invitation", args=[token])
    assert "clerk1" in browser.get(url).content.decode()
    short = browser.post(url, {"password": "短い", "again": "短い"})
    assert short.status_code == 200
    assert "12" in short.content.decode()
    assert "違います" in browser.post(url, {"password": PASSWORD, "again": "x"}).content.decode()
    assert browser.post(url, {"password": PASSWORD, "again": PASSWORD}).url == reverse("account_login")
    assert browser.get(url).status_code == 403
    assert _enter(browser).url == "/"


def test_old_and_forged_invitations_are_refused(people, browser, stopped_clock):
    token = invite(people.clerk.account, NOW)
    assert browser.get(reverse("signin_invitation", args=[token + "x"])).status_code == 403
    stopped_clock.at = NOW + timedelta(days=8)
    assert browser.get(reverse("signin_invitation", args=[token])).status_code == 403


def test_tokens_are_assigned_by_the_city_that_issued_the_account(people):
    _token(people, "A-003")
    row = Authenticator.objects.get(user_id=people.operator.account)
    assert unseal(row.data["secret"]) == read_seed(SEED)
    for actor in (people.head, people.manager):
        with pytest.raises(Denied):
            assign_token(actor=actor, now=NOW, number="S-clerk1", seed=SEED, serial="x")
    with pytest.raises(NotFound):
        _token(people, "S-nobody")
    Account.objects.filter(pk=people.operator.account).update(issued_in=2)
    for call in (
        lambda: _token(people, "A-003"),
        lambda: reset_factors(actor=people.personnel, now=NOW, number="A-003"),
    ):
        with pytest.raises(Denied, match="ほかの市"):
            call()
    assert end_sessions(actor=people.personnel, now=NOW, number="A-003") == 0


@pytest.mark.parametrize("seed", ["", "あ", "31", "ZZZZ1111", "GEZDGNBV"])
def test_unreadable_seeds(seed):
    with pytest.raises(Invalid):
        read_seed(seed)


def test_seeds_in_both_spellings():
    assert read_seed("3132 3334-3536373839303132333435363738 3930") == read_seed(
        "gezd gnbv gy3t qojq gezd gnbv gy3t qojq"
    )


def test_the_screens_of_tokens_and_rescue(people):
    office = signed_in(people.personnel)
    url = reverse("signin_tokens")
    assert office.get(url).status_code == 200
    assert office.post(url, {"number": "S-clerk1", "seed": SEED, "serial": "T-9"}).url == url
    assert "読み取れません" in office.post(url, {"number": "S-clerk1", "seed": "x", "serial": "1"}).content.decode()
    saved = office.post(reverse("signin_rescue"), {"number": "S-clerk1", "what": "factors"}).content.decode()
    assert "/signin/invitation/" in saved
    assert not Authenticator.objects.exists()
    assert not Account.objects.get(pk=people.clerk.account).has_usable_password()
    assert office.post(reverse("signin_rescue"), {"number": "S-clerk1", "what": "sessions"}).url == url
    assert office.post(reverse("signin_rescue"), {"number": "x", "what": "sessions"}).status_code == 404
    assert signed_in(people.head).get(url).status_code == 403
    assert url in office.get(reverse("signin_own")).content.decode()
    assert url not in signed_in(people.head).get(reverse("signin_own")).content.decode()


def test_the_own_password_is_changed_after_the_old_one(people):
    with_password(people.clerk)
    browser = signed_in(people.clerk)
    url = reverse("account_change_password")
    new = "あたらしいことばの列2027"
    assert "placeholder" not in browser.get(url).content.decode()
    wrong = browser.post(url, {"oldpassword": "x", "password1": new, "password2": new})
    assert wrong.status_code == 200
    assert browser.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new}).status_code == 302
    assert Account.objects.get(pk=people.clerk.account).check_password(new)


@pytest.mark.parametrize("login", ["ab", "Müller", "a b c", "-abc", "A" * 61, "ａｂｃ"])
def test_login_names_are_plain(people, login):
    from honrai.platform.organisations import api

    person = api.register_staff(actor=people.personnel, now=NOW, number="N-1", name="新人")
    with pytest.raises(Invalid, match="ログイン名"):
        api.issue_staff_account(actor=people.personnel, now=NOW, person=person, login=login)
