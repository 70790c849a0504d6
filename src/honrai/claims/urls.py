"""Addresses of claims."""

from django.urls import path

from honrai.claims import views

app_name = "claims"
urlpatterns = [
    path("", views.files, name="files"),
    path("file/<int:file>/", views.file, name="file"),
    path("file/<int:file>/stop/", views.stop, name="stop"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("claim/<int:claim>/", views.claim, name="claim"),
    path("decide/<int:judgement>/", views.decide, name="decide"),
    path("months/", views.months, name="months"),
    path("months/<str:month>/close/", views.close, name="close"),
    path("months/<int:close>/file/", views.output, name="output"),
]
