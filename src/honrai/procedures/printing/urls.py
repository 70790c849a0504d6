"""Addresses of what is printed from a version or a draft."""

from django.urls import re_path

from honrai.procedures.printing import views

app_name = "procedures_printing"
_THING = r"^(?P<kind>version|draft)/(?P<key>\d+)/"
urlpatterns = [
    re_path(_THING + r"pack\.zip$", views.pack_zip, name="zip"),
    re_path(_THING + r"form\.pdf$", views.form, name="form"),
    re_path(_THING + r"manual/$", views.manual, name="manual"),
    re_path(_THING + r"manual\.pdf$", views.manual_on_paper, name="manual_pdf"),
]
