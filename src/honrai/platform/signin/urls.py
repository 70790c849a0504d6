"""Addresses of sign-in: our own first, then those of the library (of which `gate.OFFERED` is open)."""

from django.urls import include, path

from honrai.platform.signin import views

urlpatterns = [
    path("lock/", views.lock, name="signin_lock"),
    path("unlock/", views.unlock, name="signin_unlock"),
    path("own/", views.own, name="signin_own"),
    path("own/end/", views.end, name="signin_end"),
    path("own/pin/", views.pin, name="signin_pin"),
    path("tokens/", views.tokens, name="signin_tokens"),
    path("tokens/rescue/", views.rescue, name="signin_rescue"),
    path("invitation/<str:token>/", views.invitation, name="signin_invitation"),
    path("oidc/<str:provider_id>/login/", views.to_provider, name="openid_connect_login"),
    path("", include("allauth.urls")),
]
