"""An applicant who left an address is told by a real mail that there is news, and nothing else."""

import dataclasses
import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller

from honrai.intake.models import Application
from honrai.intake.tasks import notify
from honrai.platform.events.api import SYSTEM, Announced
from honrai.platform.mail.api import MailRefusedError
from honrai.platform.organisations.testing import DAY, NOW
from honrai.site.wiring import FOLLOWS


class Box:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def mails(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url=f"smtp://127.0.0.1:{port}", tls=True)
    yield controller.handler.mails
    controller.stop()


def _announced(address: str) -> Announced:
    row = Application.objects.create(
        token="t1",
        number="08-000123",
        version=1,
        procedure="kodomo-iryo",
        channel="web",
        values={"child.name": "本来 花子"},
        started_at=NOW,
        saved_at=NOW,
        submitted_at=NOW,
        arrived_on=DAY,
        email=address,
    )
    data = {"application": row.pk, "outcome": "不認定"}
    return Announced(7, "cases.closed", data, NOW, SYSTEM, ("case", 1), 1)


def test_the_mail_says_only_where_to_look(city, mails):
    notify(_announced("hanako@example.jp"))
    ((recipients, raw),) = mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    told = str(mail["Subject"]) + mail.get_content()
    assert recipients == ["hanako@example.jp"]
    assert "https://a.test/apply/status/" in told
    for secret in ("本来", "花子", "08-000123", "kodomo", "こども", "認定"):
        assert secret not in told


def test_nobody_without_an_address_is_told(city, mails):
    notify(_announced(""))
    assert mails == []


def test_a_demo_without_a_mail_server_goes_on(city, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url="", mode="demo")
    notify(_announced("hanako@example.jp"))


def test_production_tries_again(city, settings):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url="", mode="production")
    with pytest.raises(MailRefusedError):
        notify(_announced("hanako@example.jp"))


@pytest.mark.parametrize("event", ["cases.deficiencies_asked", "cases.closed"])
def test_it_follows_requests_and_ends(event):
    assert (event, "later") in [(row.event, row.when) for row in FOLLOWS if row.operation is notify]
