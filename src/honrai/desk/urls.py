"""Addresses of the desk."""

from django.urls import path

from honrai.desk import administration, board, bulk, bundles, home, log, opening, people, together, views, work

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("open/", opening.open_typed, name="open"),
    path("person/", people.person, name="person"),
    path("work/", work.work, name="work"),
    path("work/next/", work.next_task, name="next"),
    path("work/views/", work.save_view, name="save_view"),
    path("work/views/<int:view>/remove/", work.remove_view, name="remove_view"),
    path("board/", board.boards, name="boards"),
    path("board/<slug:procedure>/", board.board, name="board"),
    path("bulk/", bulk.mine, name="bulks"),
    path("bulk/start/", bulk.start, name="start_bulk"),
    path("bulk/<int:bulk>/", bulk.follow, name="bulk"),
    path("bulk/<int:bulk>/stop/", bulk.stop, name="stop_bulk"),
    path("bulk/<int:bulk>/undo/", bulk.undo, name="undo_bulk"),
    path("bundles/", bundles.bundles, name="bundles"),
    path("bundles/lay-down/", bundles.lay_down, name="lay_down"),
    path("bundles/<int:bundle>/", bundles.bundle, name="bundle"),
    path("bundles/<int:bundle>/take/", bundles.take, name="take_bundle"),
    path("bundles/<int:bundle>/hand-over/", bundles.hand_over, name="hand_over_bundle"),
    path("task/<int:task>/", views.task, name="task"),
    path("task/<int:task>/claim/", views.claim, name="claim"),
    path("task/<int:task>/leave/", views.leave, name="leave"),
    path("log/", log.log, name="log"),
    path("log/export/", log.export, name="export_log"),
    path("log/check/", log.check, name="check_log"),
    path("jobs/", administration.waiting_jobs, name="jobs"),
    path("calendar/", administration.city_calendar, name="calendar"),
    path("cases/", views.cases, name="cases"),
    path("cases/export/", views.export_cases, name="export_cases"),
    path("case/<int:case>/", views.case, name="case"),
    path("together/<int:submission>/", together.together, name="together"),
    path("case/<int:case>/file/<int:file>/", views.file, name="file"),
]
