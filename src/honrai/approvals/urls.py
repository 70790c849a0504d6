"""Addresses of approvals; every one of them is for city staff, so that a contractor who tries is refused and recorded."""

from honrai.approvals import views, views_outside
from honrai.approvals.permissions import for_staff as path

app_name = "approvals"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("route/", views.route, name="route"),
    path("route/agree/", views.agree_group, name="agree_group"),
    path("afterwards/", views.afterwards, name="afterwards"),
    path("all/", views.all_documents, name="all"),
    path("stack/", views.form_stack, name="form_stack"),
    path("stack/<int:stack>/", views.stack, name="stack"),
    path("stack/<int:stack>/progress/", views.stack_progress, name="stack_progress"),
    path("stack/<int:stack>/stop/", views.stop_stack, name="stop_stack"),
    path("document/<int:document>/", views.document, name="document"),
    path("document/<int:document>/<slug:act>/", views.act, name="act"),
    path("document/<int:document>/file/<int:file>/", views.file, name="file"),
    path("outside/", views_outside.outside, name="outside"),
    path("outside/hand/", views_outside.hand_out, name="hand_out"),
    path("outside/import/", views_outside.take_in, name="import"),
    path("outside/paper/<int:document>/", views_outside.paper, name="paper"),
    path("outside/made/<int:file>/", views_outside.made, name="made"),
]
