"""The combined form asks each thing once, and every procedure gets all it requires and nothing its pack does not declare."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honrai.intake.life_events.rules.planning import advise, asked_questions
from honrai.intake.life_events.tests.samples import FILES, event, filled, form, say
from honrai.procedures.api import evaluate_form

ON = date(2026, 5, 1)
SINGLE = {
    "born_on": "2026-04-20",
    "registered": True,
    "insurance": "会社などの健康保険",
    "small": False,
    "public_servant": False,
    "single": True,
    "single_reason": "未婚",
}


@st.composite
def people(draw):
    """Somebody with a life event: answers the few questions in place, wants some of the procedures."""
    code = draw(st.sampled_from([path.stem for path in FILES]))
    answers: dict = {}
    for field in event(code).questions:
        if field.id in asked_questions(event(code), answers, ON):
            pick = draw(st.integers(0, 5))
            answers[field.id] = bool(pick % 2) if field.type == "yes_no" else say(field, pick)
    steps = [one.step.id for one in advise(event(code), answers, ON) if one.step.pack]
    chosen = tuple(draw(st.lists(st.sampled_from(steps), unique=True, min_size=1))) if steps else ()
    return code, answers, chosen, draw(st.integers(1, 3)), draw(st.integers(0, 4)), draw(st.booleans())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people())
def test_each_question_once_and_every_required_field_of_every_pack(someone):
    code, answers, chosen, rows, pick, optional = someone
    done = filled(code, answers, chosen=chosen, rows=rows, pick=pick, optional=optional)
    ids = [field.id for sheet in done.sheets for field in sheet.fields]
    assert len(ids) == len(set(ids))
    assert done.gaps() == []
    for part in done.parts:
        values = done.values_of(part)
        lacking = [one for one in evaluate_form(part.pack, values, {}, ON, channel="web") if one.code.startswith("F-")]
        assert not lacking, (part.key, lacking)
        declared = {field.id for field in part.pack.form.fields} | {one.id for one in part.pack.form.sections}
        assert values.keys() <= declared


def test_one_person_is_asked_for_once_for_two_procedures():
    now = form("birth", SINGLE, {})
    labels = [(sheet.title, field.label) for sheet in now.sheets for field in sheet.fields]
    assert len(labels) == len(set(labels))
    assert sum(label == "日中つながる電話番号" for _, label in labels) == 1
    assert sum(label == "署名" for _, label in labels) == 1
    assert [sheet.id for sheet in now.sheets][:2] == ["children", "parent"]


def test_twins_make_two_cards_and_one_family():
    done = filled("birth", SINGLE, rows=2)
    assert [part.key for part in done.parts] == ["kodomo-iryo.1", "kodomo-iryo.2", "hitorioya-iryo"]
    assert len(done.values_of(done.parts[2])["children"]) == 3  # the twins and a sister
    assert "children" not in done.values_of(done.parts[0])
    assert done.values_of(done.parts[0])["application.reason"] == "出生"


def test_a_procedure_not_wanted_asks_nothing():
    only = form("birth", SINGLE, {}, chosen=("kodomo-iryo",))
    asked = {field.id for sheet in only.sheets for field in sheet.fields}
    assert not asked & {"parent.born", "status.support", "application.partner"}
    assert {"parent.name", "account.bank"} <= asked


def test_consents_in_different_words_are_asked_apart():
    asked = {field.id for sheet in form("birth", SINGLE, {}).sheets for field in sheet.fields}
    assert {"kodomo-iryo/consent.lookup", "hitorioya-iryo/consent.lookup"} <= asked
    assert "consent.lookup" not in asked


def test_one_photo_serves_both_and_each_gets_what_it_knows():
    done = filled("birth", SINGLE)
    papers = {one.id: one for one in done.papers()}
    assert papers["insurance"].needed
    assert len(papers["insurance"].serves) == 2
    assert papers["family_register"].serves == ("ひとり親家庭等医療費助成",)


def test_school_is_asked_only_of_a_pupil():
    answers = {"moved_on": "2026-04-01", "children": True, "school_aid": True, "single": False}
    now = form("moving-in", answers, {"children": [{"level": "小学校"}, {"level": "どちらでもない"}]})
    sheet = next(one for one in now.sheets if one.id == "children")
    first, second = now.rows_of(sheet)
    assert "children.grade" in {field.id for field in now.fields_of(sheet, first)}
    assert "children.grade" not in {field.id for field in now.fields_of(sheet, second)}
    assert [part.key for part in now.parts] == ["kodomo-iryo.1", "kodomo-iryo.2", "shugaku-enjo.1"]
