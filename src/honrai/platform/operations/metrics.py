"""Figures for monitoring: requests by status and duration, jobs by state, log entries that wait for their seal.

Each web process counts for itself; where `PROMETHEUS_MULTIPROC_DIR` is set (by `honrai serve`), all of them together are shown,
whichever process answers.
"""

import os
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from honrai.platform.cities.models import City
from honrai.platform.cities.tenancy import in_city
from honrai.platform.events.sealing import unsealed
from honrai.platform.jobs.api import count_all_jobs

REQUESTS = Histogram(
    "honrai_request_seconds",
    "Requests answered, by status, and how long they took",
    ["status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)


class _House(Collector):
    """Asks the database at the moment of the scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield jobs by state and unsealed entries by city."""
        jobs = GaugeMetricFamily("honrai_jobs", "Jobs not finished, by state", labels=["state"])
        for state, count in count_all_jobs().items():
            jobs.add_metric([state], count)
        yield jobs
        entries = GaugeMetricFamily(
            "honrai_log_entries_unsealed", "Log entries not sealed yet, by city", labels=["city"]
        )
        for city in City.objects.order_by("pk").values_list("pk", flat=True):
            with in_city(city):
                entries.add_metric([str(city)], unsealed())
        yield entries


def rendered() -> bytes:
    """Return all figures in the Prometheus text format."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
    registry.register(_House())
    return generate_latest(registry)


def may_read(address: str, allowed: tuple[str, ...]) -> bool:
    """Say whether the figures are shown to an address.

    Args:
        address: where the request came from, as the web server saw it.
        allowed: addresses or networks (10.0.0.0/8).
    """
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ip_network(network) for network in allowed)
