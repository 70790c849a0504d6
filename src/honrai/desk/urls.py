"""Addresses of the desk."""

from django.urls import path

from honrai.desk import administration, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("work/", views.work, name="work"),
    path("work/next/", views.next_task, name="next"),
    path("task/<int:task>/", views.task, name="task"),
    path("task/<int:task>/claim/", views.claim, name="claim"),
    path("task/<int:task>/leave/", views.leave, name="leave"),
    path("log/", administration.log, name="log"),
    path("log/check/", administration.check_log, name="check_log"),
    path("jobs/", administration.waiting_jobs, name="jobs"),
    path("calendar/", administration.city_calendar, name="calendar"),
    path("cases/", views.cases, name="cases"),
    path("cases/export/", views.export_cases, name="export_cases"),
    path("case/<int:case>/", views.case, name="case"),
    path("case/<int:case>/file/<int:file>/", views.file, name="file"),
]
