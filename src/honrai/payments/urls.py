"""Addresses of payments."""

from django.urls import path

from honrai.payments import views

app_name = "payments"
urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/new/", views.new_account, name="new_account"),
    path("accounts/<int:account>/", views.account, name="account"),
    path("orders/", views.orders, name="orders"),
    path("orders/<int:order>/", views.order, name="order"),
    path("orders/<int:order>/make/", views.make, name="make"),
    path("orders/<int:order>/file/<int:made>/release/", views.release, name="release"),
    path("orders/<int:order>/file/<int:made>/", views.download, name="download"),
]
