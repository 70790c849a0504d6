"""The demo city opens with a change under way: a comment waits for its disposition, some wards have not answered."""

from honrai.platform.authority.api import system_actor
from honrai.platform.organisations.testing import NOW
from honrai.procedures import api as procedures
from honrai.site.demo.drafts import CODE, consult
from honrai.site.demo.load import packs_folder
from honrai.site.demo.staff import settle


def test_a_draft_is_in_consultation_with_one_open_comment(city):
    town = settle(city, NOW)
    actor = system_actor(city, NOW.date())
    procedures.publish(files=procedures.files_of_folder(packs_folder() / CODE), actor=actor, now=NOW)
    consult(city, town, NOW)
    (draft,) = procedures.drafts_of(CODE, actor)
    assert draft.state == "consulting"
    offices = procedures.inquiries_of(draft.id, actor)
    assert len(offices) == 6
    assert {one.office for one in offices if one.answered} == {"東区", "中央区"}
    changed = procedures.draft_files(draft.id, actor)["procedure.yaml"].decode()
    assert "days: 10" in changed
    assert "effective_from: 2027-04-01" in changed
