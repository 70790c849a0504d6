"""Addresses of parties."""

from django.urls import path

from honrai.parties import views

app_name = "parties"
urlpatterns = [path("", views.people, name="people")]
