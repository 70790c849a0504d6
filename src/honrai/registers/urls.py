"""Addresses of registers."""

from django.urls import path

from honrai.registers import views

app_name = "registers"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:register>/", views.lines, name="lines"),
    path("<slug:register>/<str:code>/", views.history, name="history"),
]
