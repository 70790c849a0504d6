"""The WSGI entry of the benchmark: the site as served, with the clock standing at the town's day and its files in its folder."""

import os
from pathlib import Path

from honrai.site.wsgi import application

__all__ = ["application", "stand_still"]


def stand_still() -> None:
    """Stop the clock at the town's day, keep files in the town's folder, know the town's facts, answer at its hosts."""
    from django.conf import settings

    from honrai.cases.ports import ports
    from honrai.cases.testing import FACTS
    from honrai.platform import clock
    from honrai.platform.files import api as files
    from honrai.platform.files.stores import EncryptedStore, FolderStore
    from honrai.platform.organisations.testing import NOW

    store = EncryptedStore(FolderStore(Path(os.environ["HONRAI_VAR"]) / "files"), bytes(32))
    clock.now = lambda: NOW
    files._store = lambda: store
    ports.facts[:] = [lambda question: FACTS]
    settings.ALLOWED_HOSTS += [".test", "localhost"]


stand_still()
