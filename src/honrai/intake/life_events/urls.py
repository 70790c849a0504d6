"""Addresses of the applicants' pages and, with the same views, of the counter."""

from collections.abc import Callable
from functools import partial

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from honrai.intake.life_events import follow, views
from honrai.intake.life_events.faces import COUNTER, WEB, Face
from honrai.platform.signin.gate import public


def pages(face: Face) -> list[URLPattern]:
    """Return the addresses of one face."""
    shown: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
        ("", views.choose, "choose"),
        ("plan/", views.plan, "plan"),
        ("page/<int:number>/", views.page, "page"),
        ("papers/", views.papers, "papers"),
        ("check/", views.check, "check"),
        ("done/", views.done, "done"),
        ("about/<slug:code>/", views.questions, "questions"),
    ]
    made = []
    for where, view, name in shown:
        of_face: Callable[..., HttpResponseBase] = partial(view, face=face)
        made.append(path(where, public(of_face) if face.public else of_face, name=name))
    return made


app_name = "life_events"
urlpatterns = [
    *pages(WEB),
    path("mine/", follow.mine, name="mine"),
    path("answer/", follow.answer, name="answer"),
    path("withdraw/<int:case>/", follow.withdraw, name="withdraw"),
]
counter = (pages(COUNTER), COUNTER.space)
