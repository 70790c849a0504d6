"""Addresses of the editor."""

from django.urls import path

from honrai.procedures.editor import form_views, model_views, parameter_views, precedent_views, text_views

app_name = "procedures_editor"
_D = "<int:draft>/"
_LETTER = _D + "letters/<slug:name>/"
_ONE = _D + "precedents/<slug:name>/<int:place>/"
urlpatterns = [
    path(_D + "form/", form_views.form, name="form"),
    path(_D + "form/change/", form_views.change, name="form_change"),
    path(_D + "parameters/", parameter_views.parameters, name="parameters"),
    path(_D + "parameters/change/", parameter_views.change, name="parameter_change"),
    path(_D + "manual/", text_views.manual, name="manual"),
    path(_D + "letters/", text_views.letters, name="letters"),
    path(_D + "letters/new/", text_views.new_letter, name="new_letter"),
    path(_LETTER, text_views.letter, name="letter"),
    path(_D + "precedents/", precedent_views.precedents, name="precedents"),
    path(_D + "precedents/new/", precedent_views.new_file, name="new_precedents"),
    path(_D + "precedents/<slug:name>/add/", precedent_views.add, name="add_precedent"),
    path(_ONE, precedent_views.precedent, name="precedent"),
    path(_ONE + "remove/", precedent_views.remove, name="remove_precedent"),
    path(_D + "flow/", model_views.model, {"key": "flow"}, name="flow"),
    path(_D + "decisions/", model_views.model, {"key": "decisions"}, name="decisions"),
    path(_D + "flow/download/", model_views.download, {"key": "flow"}, name="download_flow"),
    path(_D + "decisions/download/", model_views.download, {"key": "decisions"}, name="download_decisions"),
    path(_D + "files/", text_views.files, name="files"),
    path(_D + "file/", text_views.file, name="file"),
    path(_D + "file/remove/", text_views.remove, name="remove"),
    path(_D + "history/", text_views.history, name="history"),
    path(_D + "history/restore/", text_views.go_back, name="restore"),
    path(_D + "tab/<slug:key>/", text_views.tab, name="tab"),
]
