"""Parameters: read from YAML, given for a day, every mistake named by file, parameter and day."""

from datetime import date
from decimal import Decimal

import pytest

from honrai.kernel.errors import Invalid
from honrai.kernel.parameter_file import load_parameters, read_parameters
from honrai.kernel.parameters import Confidence, InvalidParameters
from honrai.kernel.units import Unit

GOOD = """
copay.elementary:
  label: 外来の自己負担上限(小学生)
  unit: yen
  source: {act: 子ども医療費助成規則, article: "4", paragraph: 1}
  values:
    - {from: 2023-12-01, value: 700}
    - {from: 2027-04-01, value: 800, confidence: low, note: 議案のみ}
copay.rate:
  label: 割合
  unit: ratio
  source: 要綱
  values: [{from: 2020-01-01, to: 2026-04-01, value: 0.2}, {from: 2026-04-01, value: 0.30, source: 改正要綱}]
income_limits:
  label: 所得制限(扶養人数ごと)
  unit: yen
  source: 児童扶養手当法施行令
  values:
    - from: 2024-11-01
      value: [2_080_000, 2460000]
      to_confirm: true
"""


def test_the_context_of_a_day():
    p = read_parameters(GOOD, "parameters.yaml")
    assert p.at(date(2026, 3, 31)) == {
        "copay": {"elementary": 700, "rate": Decimal("0.2")},
        "income_limits": [2_080_000, 2_460_000],
    }
    assert p.at(date(2027, 4, 1))["copay"] == {"elementary": 800, "rate": Decimal("0.30")}
    assert p.at(date(2021, 1, 1)) == {"copay": {"rate": Decimal("0.2")}}
    assert p.at(date(2019, 1, 1)) == {}


def test_a_needed_value_that_is_missing_is_named():
    p = read_parameters(GOOD, "parameters.yaml")
    assert p.at(date(2026, 1, 1), needed=["income_limits"])
    with pytest.raises(Invalid, match=r"parameters\.yaml の income_limits には 2021-01-01") as raised:
        p.at(date(2021, 1, 1), needed=["copay.rate", "income_limits"])
    assert raised.value.code == "parameter-no-value"
    with pytest.raises(Invalid, match=r"copay\.rat"):
        p.at(date(2026, 1, 1), needed=["copay.rat"])


def test_source_unit_and_marks_stay_with_the_value():
    p = read_parameters(GOOD, "parameters.yaml")
    assert p["copay.elementary"].unit is Unit.YEN
    value = p["copay.elementary"].dated.at(date(2026, 1, 1))
    assert (value.source, value.confidence, value.to_confirm) == (
        "子ども医療費助成規則第4条第1項",
        Confidence.HIGH,
        False,
    )
    assert p["copay.rate"].dated.at(date(2026, 4, 1)).source == "改正要綱"
    marked = [(parameter.name, period.start) for parameter, period in p.list_to_confirm()]
    assert marked == [("copay.elementary", date(2027, 4, 1)), ("income_limits", date(2024, 11, 1))]


def test_nothing_changes_between_changes():
    p = read_parameters(GOOD, "parameters.yaml")
    assert p.changes == tuple(
        map(date.fromisoformat, ("2020-01-01", "2023-12-01", "2024-11-01", "2026-04-01", "2027-04-01"))
    )


def test_a_city_lays_its_own_over_the_base():
    base = read_parameters(GOOD, "base.yaml")
    own = read_parameters(
        "copay.rate: {label: 割合, unit: ratio, source: 条例, values: [{from: 2026-01-01, value: 1}]}", "own.yaml"
    )
    laid = base.overlay(own)
    assert laid.at(date(2026, 5, 1))["copay"] == {"elementary": 700, "rate": 1}
    assert laid["copay.rate"].label == "割合"
    assert len(list(laid)) == 3
    other_unit = read_parameters(
        "copay.rate: {label: 割合, unit: yen, source: 条例, values: [{from: 2026-01-01, value: 1}]}", "own.yaml"
    )
    with pytest.raises(InvalidParameters, match=r"own\.yaml の copay\.rate.*単位"):
        base.overlay(other_unit)
    nested = read_parameters(
        "income_limits.x: {label: x, unit: yen, source: s, values: [{from: 2026-01-01, value: 1}]}", "own.yaml"
    )
    with pytest.raises(InvalidParameters, match="income_limits"):
        base.overlay(nested)


def one(values: str, unit: str = "yen", rest: str = "label: 上限, source: 条例") -> str:
    return f"limit: {{{rest}, unit: {unit}, values: {values}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (one("[{from: 2026-04-01, value: 0.5}]"), "f.yaml の limit (2026-04-01 から): 値"),
        (one("[{from: 2026-04-01, value: true}]"), "単位 yen に合いません"),
        (one("[{from: 2026-04-01, value: '700'}]"), "単位 yen に合いません"),
        (one("[{from: 2026-04-01, value: []}]"), "単位 yen に合いません"),
        (one("[{from: 2026-04-01}]"), "単位 yen に合いません"),
        (one("[{from: 2026-04-01, value: 1}]", unit="gold"), "unit は"),
        (one("[{from: 2026-04-01, value: 1}, {from: 2026-04-01, value: 2}]"), "終わりが始まりより前"),
        (one("[{from: 2027-04-01, value: 1}, {from: 2026-04-01, value: 2}]"), "終わりが始まりより前"),
        (
            one("[{from: 2026-04-01, to: 2026-06-01, value: 1}, {from: 2026-07-01, value: 2}]"),
            "2026-06-01 から 2026-07-01",
        ),
        (one("[{from: 2026-04-01, to: 2026-08-01, value: 1}, {from: 2026-07-01, value: 2}]"), "2026-07-01 に重なって"),
        (one("[{from: 2026-04-01, to: soon, value: 1}]"), "to は"),
        (one("[{from: 令和8年, value: 1}]"), "from:"),
        (one("[{from: 2026-04-01T00:00:00, value: 1}]"), "from:"),
        (one("[1]"), "from:"),
        (one("[]"), "values に"),
        (one("[{from: 2026-04-01, value: 1, confidence: sure}]"), "confidence は"),
        (one("[{from: 2026-04-01, value: 1, to_confirm: maybe}]"), "to_confirm は"),
        (one("[{from: 2026-04-01, value: 1, vlaue: 2}]"), "vlaue"),
        (one("[{from: 2026-04-01, value: 1}]", rest="label: 上限"), "source に"),
        (one("[{from: 2026-04-01, value: 1}]", rest="label: '', source: 条例"), "label に"),
        (one("[{from: 2026-04-01, value: 1}]", rest="source: 条例"), "label に"),
        (one("[{from: 2026-04-01, value: 1}]", rest="label: 上限, source: {act: 条例, artcle: 3}"), "artcle"),
        (one("[{from: 2026-04-01, value: 1}]", rest="label: 上限, source: 条例, kind: x"), "kind"),
        ("a: 3", "label"),
        ("a b: {}", "名前は"),
        ("[1, 2]", "パラメータ名ごと"),
        ("a: [", "YAMLとして"),
        ("a: {unit: yen, unit: yen}", "2回"),
        (
            "a: {label: x, unit: yen, source: s, values: [{from: 2026-04-01, value: 1}]}\n"
            "a.b: {label: x, unit: yen, source: s, values: [{from: 2026-04-01, value: 1}]}",
            "「a.b」のまとまり",
        ),
    ],
)
def test_each_mistake_is_named(text, expected):
    with pytest.raises(InvalidParameters) as raised:
        read_parameters(text, "f.yaml")
    assert expected in raised.value.message
    assert all(problem.file == "f.yaml" for problem in raised.value.problems)


def test_all_mistakes_are_reported_at_once():
    text = one("[{from: 2026-04-01, value: x}, {from: 2027-04-01, value: y}]") + "\nother: 1"
    with pytest.raises(InvalidParameters) as raised:
        read_parameters(text, "f.yaml")
    assert [(p.parameter, p.on) for p in raised.value.problems] == [
        ("limit", date(2026, 4, 1)),
        ("limit", date(2027, 4, 1)),
        ("other", None),
    ]


def test_files_are_named_without_their_folder(tmp_path):
    path = tmp_path / "parameters.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_parameters(path).file == "parameters.yaml"


@pytest.mark.parametrize(
    ("unit", "value", "fits"),
    [
        (Unit.PERCENT, Decimal("2.8"), True),
        (Unit.PERCENT, 2.8, False),
        (Unit.DATE, date(2026, 4, 1), True),
        (Unit.DATE, "2026-04-01", False),
        (Unit.FLAG, True, True),
        (Unit.FLAG, 1, False),
        (Unit.TEXT, "はい", True),
        (Unit.YEN, {"ア": {"base": 252_600}}, True),
        (Unit.YEN, {"ア": {"base": "252600"}}, False),
        (Unit.DAYS, None, False),
    ],
)
def test_units_and_their_values(unit, value, fits):
    assert unit.fits(value) is fits


def test_units_have_words():
    assert Unit.YEN.label == "円"
    assert Unit.FLAG.label == ""
