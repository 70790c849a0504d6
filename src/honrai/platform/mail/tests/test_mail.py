"""Mail goes through a real SMTP server process and arrives whole; a dead server is told, not swallowed."""

import dataclasses
import email
import email.policy
import socket
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from honrai.platform.mail.api import MailRefusedError, send


class Box:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    yield SimpleNamespace(port=port, mails=controller.handler.mails)
    controller.stop()


def _point(settings, url):
    settings.CONFIG = dataclasses.replace(settings.CONFIG, smtp_url=url)


def test_a_mail_arrives_whole(server, settings):
    _point(settings, f"smtp://127.0.0.1:{server.port}")
    send(to="hanako@example.jp", subject="申請についてのお知らせ", text="状況を確かめてください。\n", key="1-7")
    recipients, raw = server.mails[0]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert recipients == ["hanako@example.jp"]
    assert mail["Subject"] == "申請についてのお知らせ"
    assert mail["Message-ID"].startswith("<1-7@")
    assert mail.get_content().splitlines() == ["状況を確かめてください。"]


@pytest.mark.parametrize("url", ["", "smtp://127.0.0.1:1"])
def test_no_server_is_told(settings, url):
    _point(settings, url)
    with pytest.raises(MailRefusedError):
        send(to="hanako@example.jp", subject="x", text="x", key="1")


def test_a_header_cannot_be_smuggled_in(server, settings):
    _point(settings, f"smtp://127.0.0.1:{server.port}")
    with pytest.raises(ValueError):
        send(to="hanako@example.jp", subject="x\nBcc: all@example.jp", text="x", key="1")
    assert server.mails == []
