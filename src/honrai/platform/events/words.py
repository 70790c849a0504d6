"""How events and the things they are about read in Japanese: each chapter's `event_words.yaml`, joined.

A chapter that records a new event adds a line to its own file; `tests/architecture/test_event_words.py` finds what is missing.
"""

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from django.apps import apps

_FILE = "event_words.yaml"


def event_word(name: str) -> str:
    """Return how an event reads; its bare name for one of a chapter that is no longer installed."""
    return _joined("events").get(name, name)


def subject_word(kind: str) -> str:
    """Return what a kind of thing is called; its bare name where nobody says."""
    return _joined("subjects").get(kind, kind)


def event_words() -> MappingProxyType[str, str]:
    """Return every event name with its words."""
    return _joined("events")


@cache
def _joined(part: str) -> MappingProxyType[str, str]:
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        path = files(app.name) / _FILE if app.name.startswith("honrai.") else None
        if path is not None and path.is_file():
            said: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            found |= said.get(part, {})
    return MappingProxyType(found)
