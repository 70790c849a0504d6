"""Addresses for applicants."""

from django.urls import path

from honrai.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("start/<slug:procedure>/", views.begin, name="begin"),
    path("step/<int:step>/", views.step, name="step"),
    path("papers/", views.papers, name="papers"),
    path("check/", views.check, name="check"),
    path("done/", views.done, name="done"),
    path("postcode/", views.postcode, name="postcode"),
    path("status/", views.status, name="status"),
    path("mine/", views.mine, name="mine"),
    path("answer/", views.answer, name="answer"),
]
