"""What the page frame shows: city, person and role, navigation, lock. Chapters hand in through `site/navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """Entries of the navigation that open together under one word."""

    label: str
    links: tuple[Link, ...]

    @property
    def current(self) -> bool:
        """The page shown is one of these."""
        return any(link.current for link in self.links)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around a page; empty parts are left out."""

    city: str = ""
    person: str = ""
    role: str = ""
    contact: str = ""
    navigation: tuple[Link, ...] = ()
    menus: tuple[Menu, ...] = ()
    personal: tuple[Link, ...] = ()
    sign_out_url: str = ""
    open_url: str = ""
    lock_url: str = ""
    unlock_url: str = ""
    locked: bool = field(default=False)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the frame made by `site.navigation.frame_for`."""
    make: Callable[[HttpRequest], Frame] = import_string("honrai.site.navigation.frame_for")
    return {"frame": make(request)}
