"""Screens of sign-in that are our own: lock and unlock, own sessions and PIN, invitation, tokens."""

from typing import Any

from allauth.socialaccount.providers.openid_connect.views import login as oidc_login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from honrai.platform import clock
from honrai.platform.accounts.api import accept_invitation, check_invitation, set_pin
from honrai.platform.authority.api import Charge, check_has_charge, has_charge
from honrai.platform.errors import NotFound, Refusal
from honrai.platform.requests import HonraiRequest, OpenRequest
from honrai.platform.signin import sessions
from honrai.platform.signin.forms import NewPasswordForm, PinForm, TokenForm
from honrai.platform.signin.gate import public, signed_in
from honrai.platform.signin.operations import assign_token, end_sessions, reset_factors
from honrai.platform.signin.pages import told


@signed_in
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the session; the page in the browser keeps what was typed under its overlay."""
    sessions.lock(request)
    return HttpResponse(status=204)


@signed_in
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock by password or PIN; after five wrong ones the session ends. From the lock page, go on where one was."""
    target = request.POST.get("next", "")
    if sessions.unlock(request, request.POST.get("password", ""), clock.now()):
        if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            return redirect(target)
        return HttpResponse(status=204)
    left = sessions.tries_left(request)
    if left == 0:
        logout(request)
        text = "続けて誤りがあったため、サインアウトしました。もう一度サインインしてください。"
        return told(request, status=401, heading="サインアウトしました", text=text)
    context = {"next": target, "wrong": True, "left": left}
    return render(request, "signin/locked.html", context, status=403)


@signed_in
@require_GET
def own(request: OpenRequest) -> HttpResponse:
    """Show the account's open sessions, where its second factors are set up, and the PIN."""
    return render(request, "signin/own.html", _own(request, PinForm()))


def _own(request: OpenRequest, form: PinForm) -> dict[str, Any]:
    actor = request.actor
    office = actor is not None and has_charge(actor, Charge.ACCOUNTS)
    return {"sessions": sessions.own_sessions(request), "form": form, "office": office}


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all but this one."""
    which = request.POST.get("session", "")
    if which == "others":
        ended = sessions.end_others(request)
        messages.success(request, f"ほかのサインイン{ended}件を終了しました。")
    elif not (which.isdigit() and sessions.end_own(request, int(which))):
        raise NotFound("すでに終了しています。")
    else:
        messages.success(request, "サインインを終了しました。")
    return redirect("signin_own")


@require_POST
def pin(request: HonraiRequest) -> HttpResponse:
    """Set the PIN."""
    form = PinForm(request.POST)
    if not request.user.has_usable_password():  # type: ignore[union-attr]
        form.fields["password"].required = False
    if form.is_valid():
        try:
            set_pin(request.user.pk or 0, form.cleaned_data["password"], form.cleaned_data["pin"])
        except Refusal as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.success(request, "PINを設定しました。")
            return redirect("signin_own")
    return render(request, "signin/own.html", _own(request, form), status=422)


@public
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person chooses a password, then signs in and sets up the second factor."""
    now = clock.now()
    login = check_invitation(token, now).login
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(token, form.cleaned_data["password"], now)
        except Refusal as refusal:
            form.add_error("password", str(refusal))
        else:
            messages.success(request, "パスワードを設定しました。サインインして、第二の確認手段を登録してください。")
            return redirect("account_login")
    return render(request, "signin/invitation.html", {"form": form, "login": login})


@require_http_methods(["GET", "POST"])
def tokens(request: HonraiRequest) -> HttpResponse:
    """Assign hardware tokens."""
    actor = request.actor
    check_has_charge(actor, Charge.ACCOUNTS)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assign_token(actor=actor, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"トークン {form.cleaned_data['serial']} を割り当てました。")
            return redirect("signin_tokens")
    return render(request, "signin/tokens.html", {"form": form})


@require_POST
def rescue(request: HonraiRequest) -> HttpResponse:
    """Help somebody who lost a token (new invitation), or end all of somebody's sessions."""
    actor, number, now = request.actor, request.POST.get("number", ""), clock.now()
    if request.POST.get("what") == "sessions":
        ended = end_sessions(actor=actor, now=now, number=number)
        messages.success(request, f"{number} のサインイン{ended}件を終了しました。")
        return redirect("signin_tokens")
    token = reset_factors(actor=actor, now=now, number=number)
    return render(request, "organisations/invited.html", {"number": number, "token": token})


@public
@require_GET
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send the browser to the city's identity provider; say so where that does not answer."""
    try:
        answer: HttpResponseBase = oidc_login(request, provider_id)
    except RequestException:
        text = "市の認証基盤が応答しません。"
        mend = "時間をおいてやり直し、続くときは所属の管理者に連絡してください。"
        return told(request, status=502, heading="サインインできません", text=text, mend=mend)
    return answer


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 for the whole site."""
    text = "お探しのページはありません。アドレスを確認するか、最初の画面から選び直してください。"
    return told(request, status=404, heading="ページが見つかりません", text=text)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 for the whole site: never a stack trace, always a number to ask by."""
    text = "システムで問題が起きました。入力した内容は保存されていないことがあります。"
    mend = "もう一度操作し、続くときはお問い合わせ番号を添えて連絡してください。"
    return told(request, status=500, heading="処理できませんでした", text=text, mend=mend)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token (page kept open too long, cookies off)."""
    text = "画面を開いてから時間がたったか、Cookieが使えません。"
    return told(request, status=403, heading="送信できませんでした", text=text, mend="画面を開き直してください。")
