"""What a page that is being read need not ask the database twice.

A request that only reads opens a memory (`remembering`); slow-changing things asked for in it, the city's settings, units, names,
versions, are kept until it ends. Outside one, in operations, jobs and whatever writes, nothing is kept: every question is asked.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_shelves: ContextVar[dict[str, dict[Hashable, Any]] | None] = ContextVar("honrai_memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what is read until the block ends; for one city and a request that changes nothing of what is kept."""
    token = _shelves.set({})
    try:
        yield
    finally:
        _shelves.reset(token)


def shelf(name: str) -> dict[Hashable, Any]:
    """Return what is kept under a name: the same mapping within one memory, an empty one that nobody keeps outside."""
    kept = _shelves.get()
    return {} if kept is None else kept.setdefault(name, {})


def once(ask: Callable[P, R]) -> Callable[P, R]:
    """Let a function of hashable arguments be asked once within a memory."""

    @wraps(ask)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        kept, key = shelf(_name(ask)), (args, tuple(sorted(kwargs.items())))
        if key not in kept:
            kept[key] = ask(*args, **kwargs)
        found: R = kept[key]
        return found

    return answer


def remember(asked: Callable[[], R], value: R) -> None:
    """Lay down what a question made with `once` would find, where it is known already."""
    shelf(_name(asked))[(), ()] = value


def _name(ask: Callable[..., Any]) -> str:
    return f"{ask.__module__}.{ask.__qualname__}"
