"""Every address of the site, chapter by chapter."""

from django.urls import URLPattern, URLResolver, include, path

from honrai.desk.governance import closing
from honrai.intake.life_events.urls import counter as counter_life_events
from honrai.platform.operations.views import healthz, metrics, readyz
from honrai.rest.urls import interface
from honrai.site.views import demo_sign_in, entrance

handler404 = "honrai.platform.signin.views.not_found"
handler500 = "honrai.platform.signin.views.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", entrance, name="entrance"),
    path("demo/sign-in/", demo_sign_in, name="demo_sign_in"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("ui/", include("honrai.ui.urls")),
    path("organisation/contract/<int:contract>/closing/", closing.closing, name="closing"),
    path(
        "organisation/contract/<int:contract>/closing/certificate.pdf", closing.certificate, name="closing_certificate"
    ),
    path("organisation/", include("honrai.platform.organisations.urls")),
    path("signin/", include("honrai.platform.signin.urls")),
    path("apply/life/", include("honrai.intake.life_events.urls")),
    path("counter/life/", include(counter_life_events)),
    path("apply/", include("honrai.intake.urls")),
    path("intake/", include("honrai.intake.reception.urls")),
    path("desk/", include("honrai.desk.urls")),
    path("governance/", include("honrai.desk.governance.urls")),
    path("approvals/", include("honrai.approvals.urls")),
    path("exchange/", include("honrai.exchange.urls")),
    path("claims/", include("honrai.claims.urls")),
    path("renewals/", include("honrai.renewals.urls")),
    path("procedures/edit/", include("honrai.procedures.editor.urls")),
    path("procedures/print/", include("honrai.procedures.printing.urls")),
    path("procedures/", include("honrai.procedures.urls")),
    path("contracts/", include("honrai.insight.urls")),
    path("registers/", include("honrai.registers.urls")),
    path("documents/", include("honrai.documents.urls")),
    path("letters/", include("honrai.contact.urls")),
    path("payments/", include("honrai.payments.urls")),
    path("people/", include("honrai.parties.urls")),
    path("api-keys/", include("honrai.rest.urls")),
    path("api/v1/", include(interface)),
]
