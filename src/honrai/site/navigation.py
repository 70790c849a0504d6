"""The navigation of the page frame: which screens stand in it, and for whom."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from honrai.contact.api import can_see_letters
from honrai.desk.governance.tabs import can_govern
from honrai.parties.api import can_search
from honrai.platform.authority.api import Actor, Charge, Kind, has_charge
from honrai.platform.organisations.api import introduce
from honrai.registers.api import can_look_up
from honrai.ui.context import Frame, Link, Menu


class Entry(NamedTuple):
    """One entry: what it says, the screen it leads to, whom it is shown, and the menu it stands in (none: always in sight)."""

    label: str
    screen: str
    shown: Callable[[Actor], bool]
    menu: str = ""


def _everybody(actor: Actor) -> bool:
    return True


def _staff(actor: Actor) -> bool:
    return actor.kind is Kind.STAFF


def _staff_or_contractor(actor: Actor) -> bool:
    return actor.kind in {Kind.STAFF, Kind.CONTRACTOR}


def _staff_or_manager(actor: Actor) -> bool:
    return actor.kind is Kind.STAFF or actor.manages_contract


def _charged(*charges: Charge) -> Callable[[Actor], bool]:
    return lambda actor: any(has_charge(actor, charge) for charge in charges)


#: The menus, in the order they stand. What is used all day stays in sight; the rest opens under a word.
WORK, CITY = "業務", "管理"
MENUS = (WORK, CITY)
ENTRIES: tuple[Entry, ...] = (
    Entry("ホーム", "desk:home", _everybody),
    Entry("受付", "reception:home", _everybody),
    Entry("作業", "desk:work", _everybody),
    Entry("案件", "desk:cases", _everybody),
    Entry("決裁", "approvals:inbox", _staff),
    Entry("年次更新", "renewals:runs", _staff),
    Entry("進み具合", "desk:boards", _everybody),
    Entry("まとめ受付", "counter_life_events:choose", _everybody, WORK),
    Entry("束", "desk:bundles", _everybody, WORK),
    Entry("紙の書類", "documents:home", _staff_or_contractor, WORK),
    Entry("人を探す", "parties:people", can_search, WORK),
    Entry("文書の発送", "letters:queue", can_see_letters, WORK),
    Entry("手続", "procedures:list", _staff_or_contractor, WORK),
    Entry("支払", "payments:home", _staff, WORK),
    Entry("台帳", "registers:overview", can_look_up, WORK),
    Entry("データ連携", "exchange:loads", _charged(Charge.EXCHANGE), WORK),
    Entry("契約", "contracts:contracts", _staff_or_manager, CITY),
    Entry("効果", "contracts:effect", _staff, CITY),
    Entry("医療費請求", "claims:files", _charged(Charge.EXCHANGE), WORK),
    Entry("組織", "organisation", _staff_or_manager, CITY),
    Entry("市の定め", "governance:first", can_govern, CITY),
    Entry("外部接続", "rest:keys", _charged(Charge.API), CITY),
    Entry("閉庁日", "desk:calendar", _charged(Charge.CITY_SETTINGS), CITY),
    Entry("記録", "desk:log", _charged(Charge.AUDIT), CITY),
    Entry("処理", "desk:jobs", _charged(Charge.JOBS), CITY),
)


def frame_for(request: HttpRequest) -> Frame:
    """Return the frame around the pages of this request."""
    city, actor = getattr(request, "city", None), getattr(request, "actor", None)
    if city is None or actor is None:
        return Frame(city=city.name if city else "")
    name, role = introduce(actor)
    return Frame(
        city=city.name,
        person=name,
        role=role,
        navigation=_links(actor, request.path, ""),
        menus=tuple(menu for label in MENUS if (menu := Menu(label, _links(actor, request.path, label))).links),
        personal=(Link("自分のサインイン", reverse("signin_own")),),
        sign_out_url=reverse("account_logout"),
        open_url=reverse("desk:open"),
        lock_url=reverse("signin_lock"),
        unlock_url=reverse("signin_unlock"),
    )


def _links(actor: Actor, path: str, menu: str) -> tuple[Link, ...]:
    return tuple(_link(entry, path) for entry in ENTRIES if entry.menu == menu and entry.shown(actor))


def _link(entry: Entry, path: str) -> Link:
    url = reverse(entry.screen)
    return Link(entry.label, url, current=path.startswith(url) if url != reverse("desk:home") else path == url)
