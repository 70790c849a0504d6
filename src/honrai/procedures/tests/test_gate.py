"""Each point of the gate holds for the standard packs and fails for a pack that breaks it, saying what to mend."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from honrai.kernel.business_calendar import BusinessCalendar
from honrai.procedures.rules.flowview import model_of, nodes_of, tasks_of
from honrai.procedures.rules.gate import Comment, Consultation, check_consultation, check_gate, check_pack
from honrai.procedures.rules.gate_flow import proof_of
from honrai.procedures.rules.gate_precedents import ClosedCase, due_day
from honrai.procedures.rules.gate_tables import days_to_check, findings
from honrai.procedures.rules.model import Pack, StandardPeriod
from honrai.procedures.rules.reading import read_pack

from .packs import ALL, CITY, CONTRACTOR, files, pack

ASKED = Consultation(("中央区", "こども支援課"), frozenset({"中央区", "こども支援課"}))


@pytest.mark.parametrize("code", ALL)
def test_every_standard_pack_passes_points_one_to_seven(code):
    for point in check_pack(pack(code)):
        assert point.holds, f"{point.number} {point.title}: " + "\n".join(map(str, point.problems))


@pytest.mark.parametrize("code", CONTRACTOR)
def test_a_contractor_pack_fills_an_activity_the_city_orders(code):
    city, _, task = pack(code).identity.fills.partition("/")
    ordered = {one.id: one for one in tasks_of(model_of(pack(city).flow))}
    assert ordered[task].organisation == "contractor"
    assert {one.organisation for one in tasks_of(model_of(pack(code).flow))} == {"contractor"}


def test_every_city_pack_has_a_reference_inner_pack():
    assert {pack(code).identity.fills.split("/")[0] for code in CONTRACTOR} == set(CITY)


def broken(*edits: tuple[str, str, str], code: str = "kodomo-iryo") -> Pack:
    """Return a pack with edits (file, old text or pattern, new text), each of which must match."""
    one = files(code)
    for name, old, new in edits:
        text = one[name].decode()
        changed = text.replace(old, new) if old in text else re.sub(old, new, text, count=1, flags=re.DOTALL)
        assert changed != text, (name, old)
        one[name] = changed.encode()
    return read_pack(one).unwrap()


def problems(changed: Pack, number: int) -> list[str]:
    return [str(problem) for problem in check_pack(changed)[number - 1].problems]


FLOW, FORM, TABLE = "flow.bpmn", "form.yaml", "decisions.dmn"
APPROVE = 'honrai:act="bound-decision" honrai:delegable="no" honrai:decides="proposal"'
SECOND = 'honrai:check="second" honrai:checks="receive_check"'
BROKEN = [
    (1, "a branch nobody leaves", [(FLOW, r'<sequenceFlow id="f_non_reply_g_reply"[^>]*/>', "")], "g_reply"),
    (1, "two ways open, one joined", [(FLOW, "exclusiveGateway", "parallelGateway")], "二重|取り残|待ち続け|条件"),
    (
        1,
        "a task that is not run",
        [(FLOW, r"<manualTask (.*?)</manualTask>", r"<scriptTask \1</scriptTask>")],
        "script",
    ),
    (
        2,
        "a contractor decides",
        [
            (FLOW, "<flowNodeRef>approve</flowNodeRef>", ""),
            (
                FLOW,
                '<lane id="lane_centre" name="センター(受託者)">',
                '<lane id="lane_centre" name="センター(受託者)"><flowNodeRef>approve</flowNodeRef>',
            ),
        ],
        "decides",
    ),
    (
        2,
        "a robot seals",
        [(FLOW, 'honrai:act="certifying"', 'honrai:act="certifying" honrai:robot="seal"')],
        "ロボット",
    ),
    (
        2,
        "deciding is delegated",
        [(FLOW, APPROVE, APPROVE.replace('"no"', '"yes" honrai:basis="x"'))],
        "委託できません",
    ),
    (2, "delegated without basis", [(FLOW, ' honrai:basis="業務委託契約 仕様書"', "")], "根拠"),
    (
        2,
        "the city orders two contractor steps",
        [
            (FLOW, 'sourceRef="receive_check" targetRef="link_facts"', 'sourceRef="receive_check" targetRef="g_fix"'),
            (FLOW, 'sourceRef="link_facts" targetRef="g_fix"', 'sourceRef="link_facts" targetRef="propose"'),
        ],
        "偽装請負",
    ),
    (
        2,
        "the manual numbers the contractor's steps",
        [("manual.md", "**返すもの** 入力済み", "1. 開封する。\n\n**返すもの** 入力済み")],
        "番号付き",
    ),
    (2, "nobody decides", [(FLOW, ' honrai:decides="proposal"', "")], "決定する作業"),
    (2, "a notification is refused", [("procedure.yaml", "nature: 申請", "nature: 届出")], "という結果はありません"),
    (
        2,
        "an application is sent back",
        [("letters/hosei.typ", "// title: こども医療費助成 補正のお願い", "// title: 返戻通知")],
        "返戻",
    ),
    (2, "a refusal without 教示", [("letters/kyakka.typ", "  #appeal()\n", "")], "教示"),
    (2, "教示 on a favourable letter", [("letters/nintei.typ", "  - 医療機関", "  #appeal()\n  - 医療機関")], "教示"),
    (3, "checks its own step", [(FLOW, SECOND, SECOND.replace("receive_check", "second_check"))], "自分自身"),
    (3, "checks nothing", [(FLOW, ' honrai:checks="receive_check"', "")], "checks"),
    (
        3,
        "a way around the checked step",
        [
            (FLOW, 'sourceRef="start" targetRef="receive_check"', 'sourceRef="start" targetRef="g_second"'),
            (FLOW, 'sourceRef="g_second" targetRef="propose"', 'sourceRef="g_second" targetRef="second_check"'),
        ],
        "通らずに",
    ),
    (3, "same firm where firms must differ", [(FLOW, SECOND, SECOND + ' honrai:apart="organisation"')], "同じ組織"),
    (3, "the decider drafted it", [(FLOW, ' honrai:check="second" honrai:checks="draft"', "")], "分かれていません"),
    (
        4,
        "a gap",
        [(TABLE, '"市外"</text></inputEntry>', '"確認できない"</text></inputEntry>')],
        "当てはまる行がありません",
    ),
    (
        4,
        "an overlap",
        [
            (
                TABLE,
                '<inputEntry><text>"中学生"</text></inputEntry>',
                '<inputEntry><text>"中学生", "高校生相当"</text></inputEntry>',
            )
        ],
        "同時に当てはまり",
    ),
    (4, "an unknown outcome", [(TABLE, '<outputEntry><text>"再交付"', '<outputEntry><text>"再発行"')], "再発行"),
    (4, "no reason column", [(TABLE, '<annotation name="理由"/>', '<annotation name="注"/>')], "理由"),
    (
        5,
        "a misspelt field in a check",
        [(FORM, "when: consent.signed = false", "when: consent.sined = false")],
        "consent.sined",
    ),
    (
        5,
        "a check that is not FEEL",
        [(FORM, "when: consent.signed = false", "when: consent.signed = = false")],
        "式として",
    ),
    (
        5,
        "a fact the tables do not know",
        [
            ("facts.yaml", "welfare.receiving", "welfare.active"),
            ("precedents/nenrei.yaml", "welfare.receiving", "welfare.active"),
            ("precedents/yoken.yaml", "welfare.receiving", "welfare.active"),
        ],
        "welfare.receiving",
    ),
    (
        5,
        "another type in the table",
        [
            (
                TABLE,
                '<itemComponent name="receiving"><typeRef>boolean',
                '<itemComponent name="receiving"><typeRef>string',
            )
        ],
        "型",
    ),
    (
        5,
        "other options in the table",
        [(FORM, "options: [新規, 変更, 再交付, 喪失]", "options: [新規, 変更, 再交付, 喪失, 取下げ]")],
        "選択肢",
    ),
    (
        5,
        "a letter with an unknown field",
        [("letters/nintei.typ", 'value("child.name")', 'value("child.nane")')],
        "child.nane",
    ),
    (
        5,
        "a letter with an unknown result",
        [("letters/nintei.typ", 'result("対象の最終日")', 'result("最終日")')],
        "最終日",
    ),
    (5, "a condition on nothing", [(FLOW, "case.deficiencies &gt; 0", "case.faults &gt; 0")], "case.faults"),
    (5, "no basis date", [(TABLE, r'(<decision id="proposal"[^>]*?) honrai:basis="[^"]*"', r"\1")], "基準日"),
    (5, "a proposal before the form", [(FLOW, ' honrai:form="all"', "")], "受け付ける前"),
    (
        5,
        "a fact nobody reads",
        [
            (
                "facts.yaml",
                "facts:\n",
                "facts:\n  - {id: spare.fact, label: 余り, type: yes_no, source: 台帳, unknown: staff}\n",
            )
        ],
        "spare.fact",
    ),
    (
        5,
        "a parameter nobody reads",
        [
            ("letters/nintei.typ", 'param("copay.inpatient")', '"0円"'),
            ("letters/jukyusha-sho.typ", 'param("copay.inpatient")', '"0円"'),
        ],
        "copay.inpatient",
    ),
    (5, "a layout nobody knows", [("entries.yaml", "layout: child-medical-entry", "layout: no-such")], "no-such"),
    (5, "a field the layout lacks", [("entries.yaml", "insurer_no: insurer", "insurer_mo: insurer")], "insurer_mo"),
    (5, "a required field left empty", [("entries.yaml", "      since: result.資格の始まる日\n", "")], "資格開始日"),
    (5, "an entry with an unknown name", [("entries.yaml", "child.born", "child.bron")], "child.bron"),
    (5, "an entry with an unknown result", [("entries.yaml", "result.資格の始まる日", "result.始まる日")], "始まる日"),
    (5, "a number of no series", [("entries.yaml", "number: child-medical", "number: child")], "番号の種類"),
    (5, "an entry of an open outcome", [("entries.yaml", "outcomes: [認定]", "outcomes: [認定, 補正]")], "補正"),
    (6, "an outcome nobody is told of", [("entries.yaml", "outcomes: [喪失]", "outcomes: []")], "喪失"),
    (6, "entries without a step", [(FLOW, ' honrai:robot="core-entry"', "")], "登録する作業"),
    (6, "a task without manual", [("manual.md", "## 起案 {#draft}", "## 起案")], "手引きの節"),
    (6, "a section for no task", [("manual.md", "## 疑義があるとき", "## 疑義 {#doubt}")], "流れにありません"),
    (6, "no act", [(FLOW, ' honrai:act="certifying"', "")], "行為の種類"),
    (6, "no standard time", [(FLOW, ' honrai:minutes="2"', "")], "標準時間"),
    (6, "an order without quality", [(FLOW, r' honrai:quality="誤送付0件"', "")], "品質"),
    (
        6,
        "an outcome without letter",
        [
            ("procedure.yaml", "letters: [soshitsu], ", ""),
            ("precedents/yoken.yaml", "letters: [soshitsu]", "letters: []"),
        ],
        "出す文書",
    ),
    (
        6,
        "a letter nobody uses",
        [
            ("procedure.yaml", "letters: [soshitsu], ", ""),
            ("precedents/yoken.yaml", "letters: [soshitsu]", "letters: []"),
        ],
        "使っていません",
    ),
    (6, "a survey step for no task", [("survey.yaml", "task: draft", "task: drafting")], "drafting"),
    (
        7,
        "another outcome",
        [
            (
                "precedents/yoken.yaml",
                "{outcome: 却下, reasons: [お子さまの住民",
                "{outcome: 認定, reasons: [お子さまの住民",
            )
        ],
        "Y-01",
    ),
    (7, "another reason", [("precedents/yoken.yaml", r"reasons: \[生活保護[^\]]*\]", "reasons: [別の理由]")], "理由が"),
    (7, "another deficiency", [("precedents/yoken.yaml", "deficiencies: [D-104]", "deficiencies: [D-105]")], "D-104"),
    (7, "another amount", [("parameters.yaml", "value: 700,", "value: 800,")], "外来の自己負担上限"),
    (
        7,
        "another way",
        [("precedents/nenrei.yaml", "draft, approve, issue, dispatch, core_entry", "draft, approve")],
        "経路",
    ),
]


@pytest.mark.parametrize(("number", "name", "edits", "said"), BROKEN, ids=[f"{row[0]} {row[1]}" for row in BROKEN])
def test_a_broken_pack_fails_its_point_and_says_why(number, name, edits, said):
    found = problems(broken(*edits), number)
    assert any(re.search(said, one) for one in found), found


def test_a_gap_is_shown_as_an_example_row():
    found = problems(broken((TABLE, '"市外"</text></inputEntry>', '"確認できない"</text></inputEntry>')), 4)
    assert any("市外" in one for one in found)


def test_a_counter_example_is_a_path_that_can_be_drawn():
    changed = broken(
        (FLOW, r'<sequenceFlow id="f_fixed_receive_check"[^>]*/>', ""), (FLOW, "exclusiveGateway", "parallelGateway")
    )
    flaw = proof_of(changed).flaws[0]
    nodes = {name for name in flaw.path if name in nodes_of(model_of(changed.flow))}
    assert "start" in nodes
    assert flaw.elements


def test_a_finding_carries_its_example_row():
    changed = broken((TABLE, '"市外"</text></inputEntry>', '"確認できない"</text></inputEntry>'))
    day, finding = findings(changed)[0]
    assert day == date(2023, 12, 1)
    assert any(str(value).endswith("市外」") for value in finding.example)


def test_tables_are_checked_on_every_stretch_between_changes_of_the_law():
    assert days_to_check(pack("hitorioya-iryo"))[-1] >= date(2024, 11, 1)
    changed = broken(("parameters.yaml", r"(value: 700, [^\n]*\n)", r"\1    - {from: 2028-04-01, value: 900}\n"))
    assert date(2028, 4, 1) in days_to_check(changed)


def draft_with_younger_limit() -> Pack:
    return broken(("parameters.yaml", "- {from: 2023-12-01, value: 18}", "- {from: 2023-12-01, value: 17}"))


def test_changed_precedents_must_be_accepted_one_by_one_with_a_reason():
    before, draft = pack("kodomo-iryo"), draft_with_younger_limit()
    changed = {change.case for change in check_gate(draft, ASKED, before=before).changes}
    assert {"N-02", "N-04"} <= changed
    assert "N-01" not in changed
    report = check_gate(draft, ASKED, before=before, accepted={"N-02": "条例の改正による"})
    accepted = {problem.element for problem in report.points[6].problems if problem.file == "precedents"}
    assert "N-02" not in accepted
    assert "N-04" in accepted
    assert not report.passes


def closed() -> list[ClosedCase]:
    return [
        ClosedCase(one.id, one.values, one.facts, one.attachments, one.received, one.channel, one.expect.outcome)
        for one in pack("kodomo-iryo").precedents
    ]


def test_replay_shows_changed_decisions_deadlines_and_effort():
    before, draft = pack("kodomo-iryo"), draft_with_younger_limit()
    draft = replace(draft, identity=replace(draft.identity, standard_period=StandardPeriod(10, "business")))
    shown = check_gate(draft, ASKED, before=before, corpus=closed(), calendar=BusinessCalendar()).replay
    assert shown is not None
    assert shown.cases == len(closed())
    assert {change.case for change in shown.changed} == {"N-02", "N-04"}
    assert len(shown.deadlines) == shown.cases
    assert shown.minutes == Decimal(0)


def test_the_replay_of_the_same_pack_changes_nothing():
    before = pack("kodomo-iryo")
    report = check_gate(before, ASKED, before=before, corpus=closed())
    assert report.passes
    assert report.replay is not None
    assert (report.replay.changed, report.replay.deadlines, report.replay.minutes) == ((), (), 0)


def test_effort_follows_the_standard_minutes():
    before = pack("kodomo-iryo")
    draft = broken((FLOW, ' honrai:minutes="2"', ' honrai:minutes="5"'))
    shown = check_gate(draft, ASKED, before=before, corpus=closed()[:1]).replay
    assert shown is not None
    assert shown.minutes == Decimal(3)


def test_the_standard_period_counts_business_or_calendar_days():
    calendar = BusinessCalendar()
    assert due_day(StandardPeriod(14, "business"), date(2026, 4, 20), calendar) == date(2026, 5, 14)
    assert due_day(StandardPeriod(60, "calendar"), date(2026, 4, 20), calendar) == date(2026, 6, 19)


@pytest.mark.parametrize(
    ("consultation", "said"),
    [
        (Consultation((), frozenset()), "誰にも"),
        (Consultation(("中央区", "東区"), frozenset({"中央区"})), "東区"),
        (Consultation(("中央区",), frozenset({"中央区"}), (Comment("中央区", "期限が短い"),)), "期限が短い"),
    ],
)
def test_consultation_must_be_answered_and_disposed(consultation, said):
    assert any(said in str(problem) for problem in check_consultation(consultation))


def test_a_disposed_consultation_passes():
    assert (
        list(check_consultation(replace(ASKED, comments=(Comment("中央区", "期限が短い", "不採用: 条例のとおり"),))))
        == []
    )


def test_a_model_an_engine_cannot_read_is_a_problem_not_a_crash():
    one = files()
    one[FLOW] = b"<definitions"
    one[TABLE] = b"<!DOCTYPE x><definitions/>"
    found = check_pack(read_pack(one).unwrap())
    assert all(not found[number - 1].holds for number in (1, 2, 3, 4, 5, 6, 7))
