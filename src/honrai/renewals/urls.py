"""Addresses of renewals."""

from django.urls import path, re_path

from honrai.renewals import views

app_name = "renewals"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("<int:run>/", views.run, name="run"),
    path("<int:run>/items/", views.items, name="items"),
    path("<int:run>/items.xlsx", views.export, name="export"),
    path("<int:run>/items/<int:item>/", views.item, name="item"),
    path("<int:run>/batch/<int:batch>.pdf", views.batch_file, name="batch_file"),
    re_path(r"^(?P<run>\d+)/(?P<deed>submit|issue|stop|undo|prepare)/$", views.act, name="act"),
]
