"""Addresses of the organisation's screens."""

from django.urls import path

from honrai.platform.organisations.views import accounts, browse, certificates, channel, transfers

urlpatterns = [
    path("", browse.organisation, name="organisation"),
    path("person/<int:person>/", browse.person, name="person"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:order>/", transfers.transfer, name="transfer"),
    path("transfers/<int:order>/apply/", transfers.apply, name="transfer_apply"),
    path("transfers/<int:order>/progress/", transfers.progress, name="transfer_progress"),
    path("transfers/<int:order>/stop/", transfers.stop, name="transfer_stop"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("self-audit/", browse.audit, name="self_audit"),
    path("accounts/", accounts.accounts, name="account_requests"),
    path("accounts/<int:number>/", accounts.answer, name="account_answer"),
    path("contract/<int:contract>/", channel.contract, name="contract"),
    path("contract/<int:contract>/message/<int:message>/", channel.message, name="contract_message"),
    path("contract/<int:contract>/duty/", channel.duty, name="contract_duty"),
]
