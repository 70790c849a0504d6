"""Sets up a small city with the packs the life events open, and sends a combined form."""

from tests.shared_data import ROOT

from honrai.cases import api as cases
from honrai.intake.life_events import operations
from honrai.intake.life_events.publishing import publish
from honrai.intake.life_events.tests.samples import FILES, filled
from honrai.platform.authority.api import Rank, set_level, system_actor
from honrai.platform.events.api import Who
from honrai.platform.organisations.testing import DAY, NOW, START, SmallCity, small_city
from honrai.procedures import api as procedures

Town = SmallCity
APPLICANT = Who("applicant", place="203.0.113.5")
OPENED = ("kodomo-iryo", "hitorioya-iryo", "shugaku-enjo")
BIRTH = {
    "born_on": "2026-04-10",
    "registered": True,
    "insurance": "会社などの健康保険",
    "small": False,
    "public_servant": False,
    "single": True,
    "single_reason": "未婚",
}
PHOTO = b"\x89PNG\r\n\x1a\n" + b"\0" * 200


def settle(city: int) -> Town:
    """Publish packs and life events, and say who handles what; call inside the city."""
    people = small_city(city)
    setup = system_actor(city, START)
    set_level(
        actor=setup, now=NOW, procedure="", act=None, rank=Rank.SECTION_HEAD, up_to=None, since=START, source="規程"
    )
    for code in OPENED:
        procedures.publish(files=procedures.files_of_folder(ROOT / "packs" / code), actor=setup, now=NOW)
        cases.set_route(procedure=code, unit=people.unit, contract=people.contract, since=DAY)
    for path in FILES:
        publish(file=path.name, content=path.read_bytes(), actor=setup, now=NOW)
    return people


def begun(token: str = "t" * 32, *, rows: int = 1) -> int:
    """Begin a birth with every page answered."""
    made = operations.start(code="birth", token=token, answers=BIRTH, who=APPLICANT, now=NOW)
    values = filled("birth", BIRTH, rows=rows).values
    operations.save(submission=made, values=values, labels={}, now=NOW)
    return made
