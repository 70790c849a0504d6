"""Which of these screens a person has: those of the charges on the posts held."""

from typing import NamedTuple

from django.urls import reverse

from honrai.platform.authority.api import Actor, Charge, has_charge
from honrai.ui.context import Link


class Tab(NamedTuple):
    """One screen: its words, its address name, the charge it needs."""

    label: str
    screen: str
    charge: Charge


TABS = (
    Tab("専決区分", "governance:levels", Charge.CITY_SETTINGS),
    Tab("回議・合議", "governance:routes", Charge.CITY_SETTINGS),
    Tab("一覧決裁の抽出", "governance:sampling", Charge.CITY_SETTINGS),
    Tab("閲覧と持出し", "governance:limits", Charge.CITY_SETTINGS),
    Tab("保存期間", "governance:retention", Charge.DISPOSAL),
    Tab("廃棄の保留", "governance:holds", Charge.DISPOSAL),
    Tab("廃棄", "governance:disposals", Charge.DISPOSAL),
    Tab("人の検索", "governance:searches", Charge.AUDIT),
)


def tabs_for(actor: Actor, here: str = "") -> list[Link]:
    """Return the screens the actor has, the one shown marked."""
    return [
        Link(tab.label, reverse(tab.screen), current=tab.screen == here)
        for tab in TABS
        if has_charge(actor, tab.charge)
    ]


def can_govern(actor: Actor) -> bool:
    """Say whether the actor has any of these screens."""
    return any(has_charge(actor, tab.charge) for tab in TABS)
