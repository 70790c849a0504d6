"""Addresses of the machine interface, and of the screen where keys are granted."""

from typing import Any

from django.urls import URLPattern, include, path

from honrai.platform.signin.gate import public
from honrai.rest import described, views
from honrai.rest.service import api


def _opened(patterns: list[Any]) -> list[URLPattern]:
    """Open the endpoints to callers without a session: each of them asks for a key itself."""
    for pattern in patterns:
        public(pattern.callback)
    return [one for one in patterns if one.name != "api-root"]


_endpoints, _app, _namespace = api.urls
interface: list[Any] = [
    path("openapi.json", described.openapi, name="api_openapi"),
    path("docs/", described.docs, name="api_docs"),
    path("", include((_opened(_endpoints), "api"), namespace="api")),
    path("<path:anything>", described.nothing),
]

app_name = "rest"
urlpatterns = [
    path("", views.keys, name="keys"),
    path("own/", views.own, name="own"),
    path("<int:key>/", views.key, name="key"),
    path("<int:key>/collect/", views.collect, name="collect"),
    path("<int:key>/revoke/", views.revoke, name="revoke"),
    path("<int:key>/subscribe/", views.subscribe, name="subscribe"),
    path("subscription/<int:subscription>/end/", views.unsubscribe, name="unsubscribe"),
]
