"""Addresses of reception."""

app_name = "reception"
urlpatterns: list[object] = []
