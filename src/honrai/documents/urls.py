"""Addresses of paper."""

from django.urls import path

from honrai.documents.views import custody, scans, templates, verify

app_name = "documents"
urlpatterns = [
    path("", custody.home, name="home"),
    path("<int:container>/", custody.container, name="container"),
    path("<int:container>/labels.pdf", custody.label_sheet, name="labels"),
    path("<int:container>/certificate.pdf", custody.certificate, name="certificate"),
    path("<int:container>/upload/", scans.upload, name="upload"),
    path("incidents/<int:incident>/", custody.resolve, name="resolve"),
    path("pages/<int:sheet>/", scans.page, name="page"),
    path("pages/<int:sheet>/small.jpg", scans.picture, {"size": "small"}, name="small"),
    path("pages/<int:sheet>/large.jpg", scans.picture, {"size": "large"}, name="large"),
    path("verify/", verify.home, name="verify"),
    path("verify/corrections.zip", verify.corrections, name="corrections"),
    path("verify/<slug:group>/", verify.stream, name="stream"),
    path("verify/<slug:group>/ahead/", verify.ahead, name="ahead"),
    path("fields/<int:reading>/crop.png", verify.crop, name="crop"),
    path("fields/<int:reading>/", verify.key, name="key"),
    path("papers/<int:filing>/", verify.filing, name="filing"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<int:template>/", templates.template, name="template"),
    path("templates/<int:template>/<int:page>.jpg", templates.blank, name="blank"),
    path("templates/<int:template>/publish/", templates.publish, name="publish"),
]
