"""Addresses of the life of a version."""

from django.urls import path

from honrai.procedures.views import browse, compare, consulting, drafts, gate, moving, wards

app_name = "procedures"
urlpatterns = [
    path("", browse.procedures, name="list"),
    path("new/", browse.new, name="new"),
    path("compare/", compare.compare, name="compare"),
    path("version/<int:version>/", browse.version, name="version"),
    path("version/<int:version>/draft/", browse.start, name="start"),
    path("version/<int:version>/move/", moving.plan, name="plan"),
    path("draft/<int:draft>/", drafts.draft, name="draft"),
    path("draft/<int:draft>/inside/", drafts.inside, name="inside"),
    path("draft/<int:draft>/consult/", consulting.consult, name="consult"),
    path("draft/<int:draft>/gate/", gate.gate, name="gate"),
    path("draft/<int:draft>/gate/judge/", gate.judge, name="judge"),
    path("draft/<int:draft>/wards/", wards.wards, name="wards"),
    path("draft/<int:draft>/do/<slug:act_name>/", drafts.do, name="do"),
    path("inquiry/<int:inquiry>/answer/", consulting.answer, name="answer"),
    path("opinion/<int:opinion>/dispose/", consulting.dispose, name="dispose"),
    path("move/<int:plan>/", moving.move, name="move"),
    path("move/<int:plan>/do/<slug:act_name>/", moving.do, name="move_do"),
]
