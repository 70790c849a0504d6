"""Addresses of reception."""

from django.urls import path

from honrai.intake.reception import views, views_more

app_name = "reception"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/<slug:procedure>/", views.start, name="start"),
    path("<int:application>/person/", views.person, name="person"),
    path("<int:application>/form/", views.form, name="form"),
    path("<int:application>/ask/", views.ask, name="ask"),
    path("<int:application>/ask/<int:number>/", views.ask, name="ask"),
    path("<int:application>/papers/", views.papers, name="papers"),
    path("<int:application>/check/", views.check, name="check"),
    path("<int:application>/print/", views.print_form, name="print"),
    path("<int:application>/done/", views.done, name="done"),
    path("<int:application>/slip/", views.slip, name="slip"),
    path("<int:application>/drop/", views.drop, name="drop"),
    path("mail/", views_more.mail, name="mail"),
    path("mail/<int:mail>/page/<int:number>/", views_more.page, name="page"),
    path("files/", views_more.batches, name="batches"),
    path("files/<int:batch>/", views_more.batch, name="batch"),
    path("doubles/", views_more.doubles, name="doubles"),
    path("doubles/<int:duplicate>/", views_more.double, name="double"),
]
