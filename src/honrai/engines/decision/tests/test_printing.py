"""Tables in words, as HTML that a screen reader can follow and typst that compiles."""

import pytest
import typst
from lxml import html

from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.printing.html import print_html
from honrai.engines.decision.printing.typst import print_typst
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, input_data, literal, table

RULES = [
    '< p.年齢上限 | - | true => "全額" | p.上限 // 第3条',
    '[18..65) | "生活保護", "非課税" | - => "一部" | p.上限 / 2 // 第4条 <注>',
    'not(< 65) | - | - => "なし" | 0',
]


def program() -> Program:
    facts = input_data("年齢") + input_data("区分", "string") + input_data("住民", "boolean")
    outputs = ["助成:string", "n:number::0"]
    source = '<knowledgeSource id="k" name="条例第3条"/>'
    logic = table(["年齢:number", "区分:string", "住民:boolean"], outputs, RULES, "FIRST")
    made = decision("助成", logic, "年齢 区分 住民").replace(
        "<decisionTable", '<authorityRequirement><requiredAuthority href="#k"/></authorityRequirement><decisionTable', 1
    )
    return prepare(read(definitions(facts + made + source + decision("単", literal("1")))))


def rows(text: str) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in html.fromstring(text).iter("tr")]


def test_html_in_words_with_the_values_of_the_day() -> None:
    text = print_html(program(), "助成", parameters={"年齢上限": 18, "上限": 2000})
    found = rows(text)
    assert found[0] == ["行", "条件", "結果", "備考"]
    assert found[1] == ["年齢", "区分", "住民", "助成", "n", "理由"]
    assert found[2] == ["1", "18未満", "―問わない", "はい", "全額", "2,000", "第3条"]
    assert found[3] == ["2", "18以上65未満", "生活保護 または 非課税", "―問わない", "一部", "1,000", "第4条 <注>"]
    assert found[4] == ["3", "65未満 以外", "―問わない", "―問わない", "なし", "0", ""]
    assert found[5] == ["他", "どの行にも当てはまらないとき", "", "0", ""]
    assert "最初に当てはまる行" in text
    assert "条例第3条" in text
    assert "<dt>年齢上限</dt><dd>18</dd><dt>上限</dt><dd>2,000</dd>" in text


def test_html_has_a_caption_and_scoped_headers() -> None:
    tree = html.fromstring(print_html(program(), "助成"))
    (made,) = tree.iter("table")
    assert made.find("caption") is not None
    assert all(cell.get("scope") for cell in made.iter("th"))
    assert "p.年齢上限" in made.text_content()


def test_typst_compiles() -> None:
    text = print_typst(program(), "助成", parameters={"年齢上限": 18, "上限": 2000})
    assert '"18以上65未満"' in text
    assert typst.compile(text.encode()).startswith(b"%PDF")


def test_a_decision_without_a_table_is_refused() -> None:
    with pytest.raises(DecisionError, match="表がありません"):
        print_html(program(), "単")
