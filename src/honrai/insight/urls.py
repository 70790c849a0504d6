"""Addresses of contracts, their reports and self-audits, and of the measured effect."""

from django.urls import path

from honrai.insight.views import audits, contracts, reports

app_name = "contracts"
urlpatterns = [
    path("", contracts.contracts, name="contracts"),
    path("effect/", audits.saved, name="effect"),
    path("candidates/", contracts.candidates, name="candidates"),
    path("<int:contract>/", contracts.contract, name="contract"),
    path("<int:contract>/begin/<str:kind>/", contracts.begin, name="begin"),
    path("<int:contract>/dealing/<int:dealing>/", contracts.dealing, name="dealing"),
    path("<int:contract>/dealing/<int:dealing>/inspect/", reports.inspect, name="inspect"),
    path("<int:contract>/dealing/<int:dealing>/certificate.pdf", reports.certificate, name="certificate"),
    path("<int:contract>/reports/", reports.reports, name="reports"),
    path("<int:contract>/reports/<str:kind>/<str:day>/", reports.report, name="report"),
    path("<int:contract>/reports/<str:kind>/<str:day>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("<int:contract>/self-audit/", audits.this_month, name="audit_now"),
    path("<int:contract>/self-audit/<str:month>/", audits.audit, name="audit"),
    path("<int:contract>/self-audit/<str:month>/sheet.pdf", audits.audit_pdf, name="audit_pdf"),
]
