"""Screens of payments: what waits, accounts and their release, orders, files, what came back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from honrai.kernel.bank_account import AccountKind
from honrai.payments import queries
from honrai.payments.forms import AccountForm, CheckForm, OrderForm
from honrai.payments.models import (
    AccountState,
    FileRelease,
    OrderState,
    Payable,
    PayeeAccount,
    PaymentFile,
    PaymentOrder,
)
from honrai.payments.operations import accounts as account_operations
from honrai.payments.operations import files as file_operations
from honrai.payments.operations.orders import draft_order
from honrai.payments.permissions import check_staff
from honrai.payments.screens import ACCOUNTS, ORDERS, PAYABLES, yen
from honrai.platform import clock
from honrai.platform.errors import NotFound, Refusal
from honrai.platform.requests import HonraiRequest


def home(request: HonraiRequest) -> HttpResponse:
    """Show what was decided to be paid and where it stands; a POST orders what is ready."""
    check_staff(request.actor)
    waiting = queries.ready()
    form = OrderForm(request.POST or None)
    form.fields["heading"].choices = [  # type: ignore[attr-defined]
        (one.heading, f"{one.heading}　{one.purpose}　{one.count:,}件　{yen(one.total)}") for one in waiting
    ]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            order = draft_order(heading=given["heading"], pay_on=given["pay_on"], actor=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "支出命令を起票しました。決裁に回っています。")
            return redirect("payments:order", order=order)
    shown = {
        "totals": queries.totals(),
        "ready": waiting,
        "form": form,
        "table": PAYABLES.page(request, Payable.objects.all()),
        "to_check": PayeeAccount.objects.filter(state=AccountState.ENTERED).count(),
    }
    return render(request, "payments/home.html", shown, status=422 if form.errors else 200)


@require_GET
def accounts(request: HonraiRequest) -> HttpResponse:
    """Show accounts, newest first."""
    check_staff(request.actor)
    return render(request, "payments/accounts.html", {"table": ACCOUNTS.page(request, PayeeAccount.objects.all())})


def new_account(request: HonraiRequest) -> HttpResponse:
    """Enter an account; another official releases it."""
    check_staff(request.actor)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        payee = account_operations.Payee(given["party"], given["name"], given["kana"])
        try:
            key = account_operations.enter_account(payee, given, actor=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("payments:account", account=key)
    return render(request, "payments/new_account.html", {"form": form}, status=422 if form.errors else 200)


def account(request: HonraiRequest, account: int) -> HttpResponse:
    """Show one account with what is to be made sure; a POST releases or refuses it."""
    check_staff(request.actor)
    row = PayeeAccount.objects.filter(pk=account).first()
    if row is None:
        raise NotFound("この口座は見つかりません。")
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = account_operations.refuse_account if "refuse" in request.POST else account_operations.release_account
        try:
            act(account, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "記録しました。")
            return redirect("payments:accounts")
    shown = {
        "account": row,
        "kind": AccountKind(row.kind).label,
        "before": PayeeAccount.objects.filter(party=row.party).exclude(pk=row.pk).order_by("-entered_at"),
        "form": form,
        "waiting": row.state == AccountState.ENTERED,
    }
    return render(request, "payments/account.html", shown, status=422 if form.errors else 200)


@require_GET
def orders(request: HonraiRequest) -> HttpResponse:
    """Show orders, newest first."""
    check_staff(request.actor)
    return render(request, "payments/orders.html", {"table": ORDERS.page(request, PaymentOrder.objects.all())})


@require_GET
def order(request: HonraiRequest, order: int) -> HttpResponse:
    """Show one order: its lines, its files, who made and who released them."""
    check_staff(request.actor)
    row = PaymentOrder.objects.filter(pk=order).first()
    if row is None:
        raise NotFound("この支出命令は見つかりません。")
    released = {one.made_id: one for one in FileRelease.objects.filter(made__order=row)}
    made = PaymentFile.objects.filter(order=row).order_by("pk")
    shown = {
        "order": row,
        "lines": row.lines.order_by("number")[:100],
        "files": [(one, file_operations.KINDS[one.kind], released.get(one.pk)) for one in made],
        "kinds": [
            (kind, label) for kind, label in file_operations.KINDS.items() if kind not in {one.kind for one in made}
        ],
        "can_make": row.state == OrderState.APPROVED,
        "out": bool(released),
    }
    return render(request, "payments/order.html", shown)


@require_POST
def make(request: HonraiRequest, order: int) -> HttpResponse:
    """Make a file of an approved order."""
    kind = "zengin" if request.POST.get("kind") == "zengin" else "finance"
    file_operations.make_file(order, kind=kind, actor=request.actor, now=clock.now())  # type: ignore[arg-type]
    messages.success(request, "ファイルを作りました。ほかの職員が内容を確かめて引き渡します。")
    return redirect("payments:order", order=order)


@require_POST
def release(request: HonraiRequest, order: int, made: int) -> HttpResponse:
    """Let a file out."""
    file_operations.release_file(made, actor=request.actor, now=clock.now())
    messages.success(request, "引き渡しました。ファイルを受け取れます。")
    return redirect("payments:order", order=order)


@require_POST
def download(request: HonraiRequest, order: int, made: int) -> HttpResponse:
    """Give a released file; taking it out is recorded."""
    name, content = file_operations.content_of(made, actor=request.actor, now=clock.now())
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
