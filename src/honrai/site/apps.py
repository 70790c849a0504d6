"""Ties the house together when Django starts."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The last app: everything else is loaded when it is ready."""

    name = "honrai.site"
    label = "honrai_site"

    def ready(self) -> None:
        """Install the wiring of events."""
        from honrai.platform.events.api import wire
        from honrai.platform.jobs.tasks import defer_delivery
        from honrai.site.wiring import FOLLOWS, bind_ports

        wire(FOLLOWS, defer_delivery)
        bind_ports()
