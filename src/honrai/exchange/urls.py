"""Addresses of exchange."""

from django.urls import path

from honrai.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.loads, name="loads"),
    path("new/", views.new_load, name="new"),
    path("load/<int:load>/", views.load, name="load"),
    path("load/<int:load>/confirm/", views.confirm, name="confirm"),
    path("load/<int:load>/discard/", views.discard, name="discard"),
    path("load/<int:load>/stop/", views.stop, name="stop"),
    path("load/<int:load>/undo/", views.undo, name="undo"),
    path("load/<int:load>/rejects.csv", views.rejects, name="rejects"),
    path("out/", views.entries, name="entries"),
    path("out/<int:entry>/", views.entry, name="entry"),
    path("batch/<int:batch>/file/", views.batch_file, name="batch_file"),
]
