"""Addresses of the applicants' pages and, with the same views, of the counter."""

from functools import partial

from django.urls import URLPattern, path

from honrai.intake.life_events import follow, views
from honrai.intake.life_events.faces import COUNTER, WEB, Face
from honrai.platform.signin.gate import public


def pages(face: Face) -> list[URLPattern]:
    """Return the addresses of one face."""
    shown = [
        ("", views.choose, "choose"),
        ("plan/", views.plan, "plan"),
        ("page/<int:number>/", views.page, "page"),
        ("papers/", views.papers, "papers"),
        ("check/", views.check, "check"),
        ("done/", views.done, "done"),
        ("about/<slug:code>/", views.questions, "questions"),
    ]
    views_of = [(where, partial(view, face=face), name) for where, view, name in shown]
    return [path(where, public(view) if face.public else view, name=name) for where, view, name in views_of]


app_name = "life_events"
urlpatterns = [
    *pages(WEB),
    path("mine/", follow.mine, name="mine"),
    path("answer/", follow.answer, name="answer"),
    path("withdraw/<int:case>/", follow.withdraw, name="withdraw"),
]
counter = (pages(COUNTER), COUNTER.space)
