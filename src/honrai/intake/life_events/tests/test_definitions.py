"""The shipped life events: whole, every example comes out; mistakes are named with file, element and remedy."""

import re

import pytest

from honrai.intake.life_events.rules.checking import check_event
from honrai.intake.life_events.rules.planning import advise
from honrai.intake.life_events.rules.reading import read_event
from honrai.intake.life_events.tests.samples import FILES, FOLDER, event, packs

EXAMPLES = [(path.stem, index) for path in FILES for index in range(len(event(path.stem).examples))]
BIRTH = (FOLDER / "birth.yaml").read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_life_events_are_whole(path):
    found, problems = read_event(path.name, path.read_bytes())
    assert not problems
    assert not check_event(path.name, found, packs())
    assert len(found.examples) >= 5


@pytest.mark.parametrize(("code", "index"), EXAMPLES)
def test_every_example_comes_out(code, index):
    example = event(code).examples[index]
    assert {one.step.id: one.due_on for one in advise(event(code), example.answers, example.on)} == example.expect


def test_every_step_stands_in_an_example():
    for path in FILES:
        found = event(path.stem)
        shown = {name for example in found.examples for name in example.expect}
        assert shown == {step.id for step in found.steps}, path.name


def test_every_deadline_has_its_source():
    for path in FILES:
        for step in event(path.stem).steps:
            if step.deadline is not None:
                assert re.search(r"法第\d+条|条例|法.*\d+日", step.deadline.source), (path.name, step.id)


@pytest.mark.parametrize(
    ("old", "new", "element", "said"),
    [
        ("pack: kodomo-iryo", "pack: kodomo-iryou", "procedures.kodomo-iryo.pack", "「kodomo-iryou」がありません"),
        ("guardian.name: parent.name", "guardian.nmae: parent.name", "fills.guardian.nmae", "欄「guardian.nmae」"),
        ("guardian.name: parent.name", "guardian.name: parent.nmae", "fills.guardian.name", "「parent.nmae」"),
        ("when: q.single = true", "when: q.singel = true", "procedures.hitorioya-iryo.when", "「q.singel」"),
        ("when: q.small = true", "when: q.small = = true", "procedures.premature.when", "式として読めません"),
        ("since: born_on, days: 30", "since: born, days: 30", "kodomo-iryo.deadline.since", "「born」"),
        ("attach: [insurance]", "attach: [insurence]", "kodomo-iryo.attach", "添付「insurence」"),
        ("    each: children", "    each: child", "kodomo-iryo.each", "「child」"),
        ("apart: [consent.lookup]", "apart: []", "consent.lookup", "違います"),
        ("      insurer.holder: insured.holder\n      children:", "      children:", "insurer.holder", ""),
        ("    takes: [application, status]", "    takes: [status]", "pages", "「application.partner」"),
        ("  identity: 申請者の本人確認書類\n", "  identty: 本人確認\n", "papers.identty", "どの手続にもありません"),
        ("kodomo-iryo: 2026-05-10, child", "kodomo-iryo: 2026-05-11, child", "examples[0]", "2026-05-10"),
        ("days: 30, ", "dayz: 30, ", "deadline", ""),
        ("where: [勤務先]", "where: [会社]", "where", "「会社」"),
        (
            "parent.phone, label: 日中つながる電話番号, type: phone",
            "parent.phone, label: 電話, type: text",
            "phone",
            "型",
        ),
        ("type: phone, required: true", "type: phone", "guardian.phone", "必須"),
        ("options: [母, 父, 祖父母, その他の養育者]", "options: [母, 父, 兄]", "guardian.relation", "兄"),
    ],
)
def test_a_mistake_is_named_with_element_and_remedy(old, new, element, said):
    assert old in BIRTH
    found, problems = read_event("birth.yaml", BIRTH.replace(old, new).encode())
    problems = problems or check_event("birth.yaml", found, packs())
    hit = [one for one in problems if element in one.element and said in one.message]
    assert hit, [str(one) for one in problems]
    assert hit[0].file == "birth.yaml"
    assert hit[0].remedy
