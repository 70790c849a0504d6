"""Addresses of the desk."""

from django.urls import path

from honrai.desk import administration, opening, people, views, work

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("open/", opening.open_typed, name="open"),
    path("person/", people.person, name="person"),
    path("work/", work.work, name="work"),
    path("work/next/", work.next_task, name="next"),
    path("work/views/", work.save_view, name="save_view"),
    path("work/views/<int:view>/remove/", work.remove_view, name="remove_view"),
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
