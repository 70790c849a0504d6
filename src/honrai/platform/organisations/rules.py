"""Rules of the organisation that need values only: labels, what must be valid, what an order waits for."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from honrai.platform.authority.acts import Channel


class CertificateKind(StrEnum):
    """What must be valid before anybody sees personal data (S3-29)."""

    PLEDGE = "pledge"
    TRAINING = "training"
    TEST = "test"

    @property
    def label(self) -> str:
        """The Japanese word shown to people."""
        return {"pledge": "誓約書", "training": "個人情報保護研修", "test": "理解度テスト"}[self.value]


def pseudonym(letter: str, number: int) -> str:
    """Return how other organisations call a contractor's person, e.g. 担当A-012."""
    return f"担当{letter}-{number:03d}"


def missing_certificates(held: Collection[str]) -> tuple[CertificateKind, ...]:
    """Return which of pledge, training and test are missing from those valid on the day of access, in that order.

    Args:
        held: kinds of certificates valid on the day.

    Source: S3-29 (training, test and pledge of everybody, else no access).
    """
    return tuple(kind for kind in CertificateKind if kind.value not in held)


def is_held(channel: Channel, manager_on_duty: bool) -> bool:
    """Say whether a message waits: new and changed orders do while no manager is on duty; all else is delivered.

    Source: domain/centre.md Part 2 section 1, software rules 2 and 3; standing work, safety and stop never wait.
    """
    return channel.waits_for_manager and not manager_on_duty


def why_bad_login(login: str) -> str | None:
    """Say what is wrong with a login name; None where nothing is. 3-60 of a-z, 0-9, dot, hyphen, underscore."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,59}", login):
        return None
    return "ログイン名は、英小文字・数字・「.」「-」「_」の3～60文字で、英数字から始めてください。"


def above(parents: Mapping[int, int | None], unit: int) -> tuple[int, ...]:
    """Return a unit and all units above it, lowest first; a circle ends where it closes."""
    chain: list[int] = []
    at: int | None = unit
    while at is not None and at not in chain:
        chain.append(at)
        at = parents.get(at)
    return tuple(chain)
