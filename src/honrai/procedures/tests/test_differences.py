"""Two packs are compared by what they say: every change is found, rearranging is none, conflicts are told apart."""

import pytest

from honrai.procedures.rules.differences import PARTS, Difference, differences, elements, three_way
from honrai.procedures.rules.model import Pack
from honrai.procedures.rules.reading import read_pack

from .packs import ALL, files, pack


def changed(*edits: tuple[str, str, str]) -> Pack:
    one = files()
    for name, old, new in edits:
        assert old in one[name].decode(), (name, old)
        one[name] = one[name].decode().replace(old, new, 1).encode()
    return read_pack(one).unwrap()


@pytest.mark.parametrize("code", ALL)
def test_a_pack_does_not_differ_from_itself(code):
    assert differences(pack(code), pack(code)) == ()
    assert all(words for words in elements(pack(code)).values())


EDITS = [
    ("procedure.yaml", "retention_years: 5", "retention_years: 10", "保存年限"),
    ("procedure.yaml", "days: 14, count: business", "days: 10, count: business", "標準処理期間"),
    ("procedure.yaml", "letters: [nintei, jukyusha-sho]", "letters: [nintei]", "outcomes.認定"),
    ("form.yaml", "hint: 例 福岡市中央区", "hint: 例 長崎市", "欄 application.moved_from"),
    ("form.yaml", "message: 署名がありません。", "message: 署名をお願いします。", "確認 no-signature"),
    ("facts.yaml", "fresh_days: 30", "fresh_days: 20", "insurance.status"),
    ("parameters.yaml", "value: 700,", "value: 800,", "copay.child 2023-12-01から"),
    ("flow.bpmn", 'honrai:minutes="2"', 'honrai:minutes="3"', "approve"),
    ("flow.bpmn", "case.deficiencies &gt; 0", "case.deficiencies &gt; 1", "g_fix → request_fix"),
    ("flow.bpmn", ">P14D<", ">P21D<", "overdue"),
    ("decisions.dmn", "市内にないため、対象になりません。", "市外のため、対象になりません。", "決定案 01行目"),
    (
        "decisions.dmn",
        "date(child.born.year + p.age_limit, 3, 31)",
        "date(child.born.year + 18, 3, 31)",
        "対象の最終日",
    ),
    ("manual.md", "起案した案件は決裁できません", "起案した案件は決裁しません", "approve"),
    ("letters/nintei.typ", "通知します。", "お知らせします。", "nintei"),
    ("precedents/yoken.yaml", "issue: 市内に住民登録がないと対象にならない", "issue: 市外", "Y-01"),
    ("survey.yaml", "task: draft, minutes: 6", "task: draft, minutes: 5", "draft"),
]


@pytest.mark.parametrize(("file", "old", "new", "element"), EDITS, ids=[f"{row[0]} {row[3]}" for row in EDITS])
def test_a_change_is_found_at_its_element_and_nowhere_else(file, old, new, element):
    found = differences(pack("kodomo-iryo"), changed((file, old, new)))
    assert [(one.part.split("/")[0], one.element) for one in found] == [(file.split("/")[0], element)]
    assert found[0].before != found[0].after


def test_moving_a_shape_or_a_comment_is_no_difference():
    moved = changed(("flow.bpmn", "<dc:Bounds x=", '<dc:Bounds x="1" y="1" width="9" height="9"/><dc:Ignored x='))
    assert differences(pack("kodomo-iryo"), moved) == ()
    assert differences(pack("kodomo-iryo"), changed(("parameters.yaml", "# 金額", "# すべての金額"))) == ()


def test_new_and_removed_elements_have_one_side():
    extra = "  - {id: spare, label: その他の書類}\n"
    added = changed(("form.yaml", "attachments:\n", "attachments:\n" + extra))
    assert differences(pack("kodomo-iryo"), added) == (
        Difference("form.yaml", "添付 spare", "", "id: spare、label: その他の書類"),
    )
    assert differences(added, pack("kodomo-iryo"))[0].after == ""


def test_a_city_keeps_its_own_changes_and_decides_conflicts():
    base = pack("kodomo-iryo")
    own = changed(
        ("parameters.yaml", "value: 700,", "value: 500,"),
        ("procedure.yaml", "retention_years: 5", "retention_years: 10"),
    )
    standard = changed(
        ("parameters.yaml", "value: 700,", "value: 800,"), ("facts.yaml", "fresh_days: 30", "fresh_days: 20")
    )
    merge = three_way(base, own, standard)
    assert [one.element for one in merge.own] == ["保存年限"]
    assert [one.element for one in merge.standard] == ["insurance.status"]
    assert [(mine.element, mine.after[:3], theirs.after[:3]) for mine, theirs in merge.conflicts] == [
        ("copay.child 2023-12-01から", "500", "800")
    ]


def test_the_same_change_on_both_sides_is_no_conflict():
    same = changed(("procedure.yaml", "retention_years: 5", "retention_years: 10"))
    merge = three_way(pack("kodomo-iryo"), same, same)
    assert (merge.own, merge.standard, merge.conflicts) == ((), (), ())


def test_every_part_of_the_format_is_compared():
    assert {part for part, _ in elements(pack("kodomo-iryo"))} == set(PARTS)
