"""What the screens share: acting with a message and a way back, pictures, names."""

from collections.abc import Callable, Collection

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString

from honrai.engines.flow.api import FlowError, Overlay, draw
from honrai.platform.authority.api import Actor, Conflict, Invalid
from honrai.platform.organisations.api import contracts_on, display_names, units_on
from honrai.platform.requests import HonraiRequest
from honrai.procedures.models import Draft
from honrai.procedures.rules.flowview import model_of

#: Largest upload taken in, in bytes.
LARGEST_ZIP = 20_000_000


def act(request: HonraiRequest, operate: Callable[[], object], said: str, back: str, *keys: object) -> HttpResponse:
    """Do one thing in its own transaction, say that it is done or why not, and go back to a page."""
    try:
        with transaction.atomic():
            operate()
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back, *keys)


def uploaded(request: HonraiRequest, name: str = "zip") -> bytes:
    """Return an uploaded file.

    Raises:
        Invalid: none was chosen, or it is too large.
    """
    found = request.FILES.get(name)
    if found is None or isinstance(found, list):
        raise Invalid("zipファイルを選んでください。")
    if (found.size or 0) > LARGEST_ZIP:
        raise Invalid("ファイルが大きすぎます。20MBまでのzipを選んでください。")
    return bytes(found.read())


def picture(flow: bytes, overlay: Overlay | None = None, *, title: str, key: str = "flow") -> SafeString:
    """Return a flow as SVG; nothing where it cannot be read (the gate says why)."""
    try:
        return SafeString(draw(model_of(flow), overlay=overlay, title=title, key=key))
    except FlowError:
        return SafeString("")


def names_of(actor: Actor, people: Collection[int | None]) -> dict[int, str]:
    """Return how people are called towards the actor."""
    return display_names(actor, [person for person in people if person is not None], actor.day)


def owner_name(draft: Draft, actor: Actor) -> str:
    """Return the name of the section or contract a draft belongs to."""
    if draft.contract is not None:
        return next((one.title for one in contracts_on(actor, actor.day) if one.id == draft.contract), "契約")
    return next((unit.name for unit in units_on(actor.day) if unit.id == draft.unit), "")
