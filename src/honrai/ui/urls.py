"""Addresses of the gallery."""

from django.urls import path

from honrai.ui.views import gallery

urlpatterns = [path("", gallery, name="gallery")]
