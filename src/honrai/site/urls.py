"""Every address of the site, chapter by chapter."""

from django.urls import URLPattern, URLResolver, include, path

from honrai.platform.operations.views import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("ui/", include("honrai.ui.urls")),
]
