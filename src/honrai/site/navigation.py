"""The navigation of the page frame: which screens stand in it, and for whom."""

from django.http import HttpRequest
from django.urls import reverse

from honrai.platform.organisations.api import introduce
from honrai.ui.context import Frame, Link


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame around the pages of this request."""
    city, actor = getattr(request, "city", None), getattr(request, "actor", None)
    if city is None or actor is None:
        return Frame(city=city.name if city else "")
    name, role = introduce(actor)
    return Frame(
        city=city.name,
        person=name,
        role=role,
        personal=(Link("自分のサインイン", reverse("signin_own")),),
        sign_out_url=reverse("account_logout"),
        lock_url=reverse("signin_lock"),
        unlock_url=reverse("signin_unlock"),
    )
