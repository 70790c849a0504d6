"""Addresses of the city's own rules."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET

from honrai.desk.governance import deciding, disposal, keeping, searches
from honrai.desk.governance.tabs import tabs_for
from honrai.platform.authority.api import Denied
from honrai.platform.requests import HonraiRequest


@require_GET
def first(request: HonraiRequest) -> HttpResponse:
    """Lead to the first of these screens that the person has."""
    tabs = tabs_for(request.actor)
    if not tabs:
        raise Denied("市の定めの画面は、市の設定・廃棄・記録の閲覧の分掌を持つ職員が使います。")
    return redirect(tabs[0].url)


app_name = "governance"
urlpatterns = [
    path("", first, name="first"),
    path("levels/", deciding.levels, name="levels"),
    path("levels/<int:level>/", deciding.level, name="level"),
    path("routes/", deciding.routes, name="routes"),
    path("routes/<int:line>/", deciding.route, name="route"),
    path("sampling/", deciding.sampling, name="sampling"),
    path("retention/", keeping.retention, name="retention"),
    path("holds/", keeping.holds, name="holds"),
    path("holds/<int:hold>/", keeping.hold, name="hold"),
    path("disposals/", disposal.disposals, name="disposals"),
    path("disposals/<int:listed>/", disposal.disposal, name="disposal"),
    path("disposals/<int:listed>/record.pdf", disposal.disposal_record, name="disposal_record"),
    path("limits/", keeping.limits, name="limits"),
    path("searches/", searches.searches, name="searches"),
]
