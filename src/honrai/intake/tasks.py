"""Work of intake that nobody waits for: telling applicants that there is news."""

import logging

from django.conf import settings
from django.urls import reverse

from honrai.intake.models import Application
from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import current_city
from honrai.platform.events.api import Announced
from honrai.platform.mail import api as mail

log = logging.getLogger(__name__)
_TEXT = """申請についてお知らせがあります。

次のページで、受付番号と照会番号を入力して確かめてください。
{address}

このメールは送信専用です。心当たりがないときは、このメールを消してください。
"""


def notify(announced: Announced) -> None:
    """Mail an applicant who left an address that there is news, and where to read it: no name, no matter, no number.

    A demo without a mail server goes on without; in production the job is tried again until the server takes it.

    Raises:
        MailRefusedError: the mail server did not take it.
    """
    row = Application.objects.filter(pk=announced.data["application"]).exclude(email="").first()
    if row is None:
        return
    if not settings.CONFIG.smtp_url and settings.CONFIG.mode == "demo":
        log.info("no mail server: an applicant was not told", extra={"city": current_city()})
        return
    address = _site() + reverse("intake:status")
    key = f"{current_city()}-{announced.entry}"
    mail.send(to=row.email, subject="申請についてのお知らせ", text=_TEXT.format(address=address), key=key)


def _site() -> str:
    """Return the address of the city's site."""
    host = City.objects.get(pk=current_city()).hosts.order_by("pk").values_list("host", flat=True).first()
    return f"{'https' if settings.CONFIG.tls else 'http'}://{host}"
