"""A change under way in the demo city: one procedure in consultation, with a comment that waits for its disposition."""

from datetime import date, datetime

from honrai.platform.authority.api import Actor
from honrai.platform.organisations import api as organisations
from honrai.procedures import api as procedures
from honrai.site.demo.staff import Town

CODE = "kodomo-iryo"
_COMMENT = "年度替わりの4月は申請が集中します。10日で処理するには、応援の職員か、受託者への発注量の見直しが要ります。"


def consult(city: int, town: Town, now: datetime) -> None:
    """Draft the next version with a shorter standard period, ask everybody, let one ward agree and one comment."""
    day = now.date()
    clerk = _somebody(city, town.units["S31"], day)
    version = procedures.version_on(CODE, day)
    draft = procedures.start_draft(actor=clerk, now=now, version=version.id)
    for path, content in _changes(procedures.files_of(version.id), day).items():
        procedures.write_file(draft=draft, path=path, content=content, expected=None, actor=clerk, now=now)
    procedures.ask(draft=draft, actor=clerk, now=now)
    inquiries = {one.office: one.id for one in procedures.inquiries_of(draft, clerk)}
    for ward, section, comment in (("東区", "W21", _COMMENT), ("中央区", "W11", "")):
        actor = _somebody(city, town.units[section], day)
        procedures.answer(inquiry=inquiries[ward], comment=comment, actor=actor, now=now)


def _changes(files: dict[str, bytes], day: date) -> dict[str, bytes]:
    """Return what the draft changes: it begins on the next April 1, and the standard period is shorter."""
    starts = date(day.year + (day >= date(day.year, 4, 1)), 4, 1)
    identity = files["procedure.yaml"].decode()
    lines = []
    for line in identity.splitlines():
        if line.startswith("effective_from:"):
            line = f"effective_from: {starts}"
        elif line.startswith("version:"):
            line = f'version: "{starts.year}.1"'
        lines.append(line.replace("days: 14", "days: 10"))
    return {"procedure.yaml": ("\n".join(lines) + "\n").encode()}


def _somebody(city: int, unit: int, day: date) -> Actor:
    """Return a clerk of a section, the one registered first."""
    places = [one for one in organisations.organisation_on(day) if one.unit == unit and one.rank is not None]
    lowest = min(places, key=lambda one: (one.rank or 0, one.person))
    return organisations.actor_of_person(lowest.person, city, day)
