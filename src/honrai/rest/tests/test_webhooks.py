"""Notices: signed, ids only, to a real server; repeated when not taken; never to an address inside that nobody allowed."""

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CITY_A
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from procrastinate.contrib.django.models import ProcrastinateJob

from honrai.cases import testing
from honrai.platform.authority.api import Denied, Invalid
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.models import LogEntry
from honrai.platform.organisations.testing import NOW, small_city
from honrai.rest import keys
from honrai.rest.models import Delivery, Subscription
from honrai.rest.scopes import Scope
from honrai.rest.testing import calling, machine
from honrai.rest.webhooks import operations
from honrai.rest.webhooks.rules import body_of, is_signed, signature, why_not_address, why_not_url
from honrai.rest.webhooks.sending import NotTaken, post


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    """Start receivers with a certificate the sender trusts; gives a function: failures -> (port, process)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=20_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    started = []

    def start_one(failures=0):
        program = Path(__file__).with_name("notice_server.py")
        process = subprocess.Popen(
            [sys.executable, str(program), str(cert), str(private), str(failures)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return int(process.stdout.readline()), process

    yield start_one
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def people(city, tmp_path, monkeypatch, stopped_clock):
    return testing.town(city, tmp_path, monkeypatch)


def _subscribe(people, caller, url, *events):
    key, secret = operations.subscribe(
        key=caller.key.pk, url=url, events=events or ("cases.opened",), actor=people.personnel, now=NOW
    )
    return Subscription.objects.get(pk=key), secret


def _allow(people):
    operations.allow_network(network="127.0.0.0/8", reason="試験", actor=people.personnel, now=NOW)
    operations.allow_network(network="::1", reason="試験", actor=people.personnel, now=NOW)


def test_a_notice_arrives_signed_with_ids_only(people, receiver):
    port, process = receiver()
    _allow(people)
    _, secret = _subscribe(people, machine(people, unit=people.unit), f"https://localhost:{port}/hook?x=1")
    _, case = testing.apply()
    delivery = Delivery.objects.get()
    assert ProcrastinateJob.objects.filter(task_name="rest.send", args__delivery=delivery.pk).count() == 1
    operations.send(delivery.pk, now=NOW)
    operations.send(delivery.pk, now=NOW)  # a job run again sends nothing again
    told = json.loads(process.stdout.readline())
    assert told["path"] == "/hook?x=1"
    assert is_signed(secret, told["headers"]["Honrai-Signature"], told["body"].encode(), now=int(NOW.timestamp()))
    said = json.loads(told["body"])
    assert said == {
        "delivery": delivery.pk, "event": "cases.opened", "entry": delivery.entry, "at": said["at"], "case": case.pk,
    }  # fmt: skip
    for personal in ("花子", case.number, "太郎"):
        assert personal not in told["body"] + json.dumps(told["headers"])
    delivery.refresh_from_db()
    assert delivery.delivered_at == NOW


def test_what_is_not_taken_is_tried_again(people, receiver):
    port, _ = receiver(failures=1)
    _allow(people)
    _subscribe(people, machine(people, unit=people.unit), f"https://localhost:{port}/")
    testing.apply()
    delivery = Delivery.objects.get().pk
    with pytest.raises(NotTaken, match="500"):
        operations.send(delivery, now=NOW)
    assert Delivery.objects.get().delivered_at is None
    operations.send(delivery, now=NOW)
    assert Delivery.objects.get().delivered_at is not None


def test_inner_addresses_and_redirects_are_not_followed(people, receiver):
    port, process = receiver()
    url = f"https://localhost:{port}/"
    with pytest.raises(NotTaken, match="庁内"):
        post(url, b"{}", {}, allowed=())
    with pytest.raises(NotTaken, match="302"):
        post(url + "redirect", b"{}", {}, allowed=("127.0.0.0/8", "::1/128"))
    assert json.loads(process.stdout.readline())["path"] == "/redirect"
    with pytest.raises(NotTaken, match="応答しません"):  # the certificate is for the name, not for the address
        post(f"https://127.0.0.1:{port}/", b"{}", {}, allowed=("127.0.0.0/8",))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"],
)  # fmt: skip
def test_private_addresses_need_the_city_s_word(address):
    assert why_not_address(address, ()) is not None
    assert why_not_address(address, ("192.0.2.0/24",)) is not None
    assert why_not_address("10.1.2.3", ("10.1.0.0/16",)) is None
    assert why_not_address("8.8.8.8", ()) is None


@pytest.mark.parametrize(
    "url",
    ["http://example.jp/", "ftp://example.jp/", "https://", "https://user@example.jp/", "https://u:p@example.jp/",
     "https://example.jp/#x", "https://例え.jp/", "https://example.jp:99999/", "https://example.jp/\r\nX: 1", "https://[::1/",
     "file:///etc/passwd", "https://example.jp/" + "a" * 400],
)  # fmt: skip
def test_addresses_that_are_refused_as_written(url):
    assert why_not_url(url) is not None
    assert why_not_url("https://example.jp:8443/hook?id=1") is None


def test_a_signature_is_fresh_and_whole():
    body = body_of(delivery=1, event="cases.closed", entry=2, at=NOW, case=3)
    header = signature("s", 1000, body)
    assert is_signed("s", header, body, now=1200)
    assert not is_signed("s", header, body, now=1400)
    assert not is_signed("t", header, body, now=1200)
    assert not is_signed("s", header, body + b" ", now=1200)
    for wrong in ("", "t=,v1=", "t=x,v1=y", header.replace("t=1000", "t=1100")):
        assert not is_signed("s", wrong, body, now=1200)


def test_nobody_is_told_of_what_the_key_may_not_see(people):
    stranger, revoked = calling(people, people.personnel), machine(people, unit=people.unit)
    ended = machine(people, unit=people.unit)
    for caller in (stranger, revoked, ended):
        subscription, _ = _subscribe(people, caller, "https://example.jp/")
    operations.unsubscribe(subscription=subscription.pk, actor=people.personnel, now=NOW)
    keys.revoke(key=revoked.key.pk, actor=people.personnel, now=NOW)
    testing.apply()
    assert not Delivery.objects.exists()


def test_subscribing_is_the_charged_official_s(city):
    people = small_city(city)
    caller = machine(people, unit=people.unit)
    with pytest.raises(Denied):
        operations.subscribe(
            key=caller.key.pk, url="https://example.jp/", events=("cases.closed",), actor=people.clerk, now=NOW
        )
    with pytest.raises(Denied):
        operations.allow_network(network="10.0.0.0/8", reason="x", actor=people.head, now=NOW)
    deaf = machine(people, Scope.CASES_READ, unit=people.unit)
    for given in (
        {"key": caller.key.pk, "events": ()},
        {"key": caller.key.pk, "events": ("cases.read",)},
        {"key": deaf.key.pk, "events": ("cases.closed",)},
    ):
        with pytest.raises(Invalid):
            operations.subscribe(url="https://example.jp/", actor=people.personnel, now=NOW, **given)
    assert not Subscription.objects.exists()
    assert "whsec" not in "".join(Subscription.objects.values_list("secret", flat=True))


def _page_with(caller, cursor, event):
    """Return the feed from a cursor once an event stands in it: it waits for every older transaction of the whole server."""
    for _ in range(200):
        page = caller.get("/events", {"cursor": cursor}).json()
        if event in {one["event"] for one in page["items"]}:
            return page
        time.sleep(0.1)
    raise AssertionError(f"{event} never came")


def test_the_feed_gives_every_finished_event_once(committed, tmp_path, monkeypatch, stopped_clock):
    with in_city(CITY_A):
        people = testing.town(CITY_A, tmp_path, monkeypatch)
        caller, stranger = machine(people, unit=people.unit), calling(people, people.personnel)
    seen, cursor = [], "0-0"
    for _ in range(3):
        with in_city(CITY_A):
            testing.apply()
        page = _page_with(caller, cursor, "cases.opened")
        seen, cursor = seen + page["items"], page["next"]
    assert caller.get("/events", {"cursor": cursor}).json() == {"items": [], "next": cursor}
    assert len({one["cursor"] for one in seen}) == len(seen)
    assert len({one["case"] for one in seen}) == 3
    assert "花子" not in json.dumps(seen, ensure_ascii=False)
    said = stranger.get("/events").json()
    assert said.get("items") == [], said
    with in_city(CITY_A):
        assert LogEntry.objects.filter(name="cases.opened").count() == 3
