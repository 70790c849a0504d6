"""Requirements, knowledge models, services, imports, types, parameters and limits."""

from decimal import Decimal

import pytest

from honrai.engines.decision.case import evaluate
from honrai.engines.decision.errors import DecisionError
from honrai.engines.decision.prepare import prepare
from honrai.engines.decision.program import Program
from honrai.engines.decision.read import read
from honrai.engines.decision.tests.build import decision, definitions, input_data, literal


def program(body: str) -> Program:
    made = prepare(read(definitions(body)))
    assert made.problems == ()
    return made


def bkm(name: str, parameters: str, text: str, knows: str = "") -> str:
    formal = "".join(f'<formalParameter name="{each}"/>' for each in parameters.split())
    arrow = f'<knowledgeRequirement><requiredKnowledge href="#{knows}"/></knowledgeRequirement>' if knows else ""
    logic = f"<encapsulatedLogic>{formal}{literal(text)}</encapsulatedLogic>"
    return f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>{logic}{arrow}</businessKnowledgeModel>'


def test_a_long_chain_of_decisions_needs_no_deep_stack() -> None:
    body = decision("d0", literal("0")) + "".join(
        decision(f"d{i}", literal(f"d{i - 1} + 1"), needs=f"d{i - 1}") for i in range(1, 2000)
    )
    assert evaluate(program(body), "d1999", {}).value == 1999


def test_a_decision_sees_only_what_it_requires() -> None:
    made = program(decision("a", literal("1")) + decision("b", literal("a")))
    outcome = evaluate(made, "b", {})
    assert outcome.value is None
    assert outcome.notices


def test_parameters_are_p_and_a_given_decision_replaces_its_logic() -> None:
    made = program(decision("a", literal("p.限度額 * 2")) + decision("b", literal("a + 1"), needs="a"))
    assert evaluate(made, "b", {}, parameters={"限度額": 50}).value == 101
    assert evaluate(made, "b", {"a": 5}).value == 6


def test_knowledge_models_call_each_other_and_themselves_within_limits() -> None:
    made = program(
        bkm("twice", "x", "x * 2")
        + bkm("four", "x", "twice(twice(x))", knows="twice")
        + bkm("endless", "x", "endless(x + 1)")
        + bkm("addup", "n", "if n <= 0 then 0 else n + addup(n - 1)")
        + decision("a", literal("four(x: 10)"), knows="four")
        + decision("b", literal("endless(1)"), knows="endless")
        + decision("c", literal("addup(20)"), knows="addup")
    )
    assert evaluate(made, "a", {}).value == 40
    assert evaluate(made, "c", {}).value == 210
    assert evaluate(made, "four", {"x": 3}).value == 12
    with pytest.raises(DecisionError):
        evaluate(made, "b", {})


def test_a_loop_without_end_stops_at_the_budget() -> None:
    made = program(decision("a", literal("for i in 1..1000, j in 1..1000, k in 1..1000 return i")))
    with pytest.raises(DecisionError):
        evaluate(made, "a", {})


def test_types_hold_bring_in_or_refuse() -> None:
    items = (
        '<itemDefinition name="grade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="grades" isCollection="true"><typeRef>grade</typeRef>'
        "<typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>"
        '<itemDefinition name="tree"><itemComponent name="value"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="children" isCollection="true"><typeRef>tree</typeRef></itemComponent></itemDefinition>'
    )
    one, many, tree = (input_data(name, kind) for name, kind in (("g", "grade"), ("gs", "grades"), ("t", "tree")))
    body = "".join(decision(f"d{name}", literal(name), name) for name in ("g", "gs", "t"))
    made = program(items + one + many + tree + body)
    assert evaluate(made, "dg", {"g": "A"}).value == "A"
    assert evaluate(made, "dg", {"g": ["A"]}).value == "A"
    assert evaluate(made, "dg", {"g": "C"}).value is None
    assert evaluate(made, "dgs", {"gs": "B"}).value == ["B"]
    assert evaluate(made, "dgs", {"gs": ["A", "C"]}).value is None
    assert evaluate(made, "dgs", {"gs": ["A", "B", "A"]}).value is None
    leaf = {"value": Decimal(1), "children": []}
    assert evaluate(made, "dt", {"t": {"value": 2, "children": [leaf]}}).value == {"value": 2, "children": [leaf]}
    assert evaluate(made, "dt", {"t": {"value": 2, "children": [{"value": 1}]}}).value is None


def test_an_unknown_type_is_a_problem() -> None:
    made = prepare(read(definitions(decision("a", literal("1"), type_ref="nothing"))))
    assert "nothing" in made.problems[0].what


def test_imports_are_joined_by_name_and_missing_ones_are_refused() -> None:
    library = definitions(bkm("twice", "x", "x * 2") + decision("rate", literal("3")), namespace="urn:lib")
    arrow = '<{0}Requirement><required{1} href="urn:lib#{2}"/></{0}Requirement>'
    arrows = arrow.format("information", "Decision", "rate") + arrow.format("knowledge", "Knowledge", "twice")
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    body = f'<import name="共通" namespace="urn:lib" importType="{kind}"/>'
    body += f'<decision id="a" name="a"><variable name="a"/>{arrows}{literal("共通.twice(共通.rate)")}</decision>'
    main = read(definitions(body))
    assert evaluate(prepare(main, [read(library)]), "a", {}).value == 6
    with pytest.raises(DecisionError, match="urn:lib"):
        prepare(main)


def test_boxed_expressions() -> None:
    entry = '<contextEntry><variable name="{}"/>{}</contextEntry>'
    numbers = f"<list>{literal('1')}{literal('2')}{literal('3')}</list>"
    made = program(
        decision(
            "context", f"<context>{entry.format('a', literal('2'))}{entry.format('b', literal('a * 3'))}</context>"
        )
        + decision("list", numbers)
        + decision("filter", f"<filter><in>{numbers}</in><match>{literal('item > 1')}</match></filter>")
        + decision(
            "for", f'<for iteratorVariable="i"><in>{numbers}</in><return>{literal("i + count(partial)")}</return></for>'
        )
        + decision(
            "some", f'<some iteratorVariable="i"><in>{numbers}</in><satisfies>{literal("i > 2")}</satisfies></some>'
        )
        + decision(
            "every", f'<every iteratorVariable="i"><in>{numbers}</in><satisfies>{literal("i > 2")}</satisfies></every>'
        )
        + decision(
            "relation",
            f'<relation><column name="x"/><column name="y"/><row>{literal("1")}{literal("2")}</row></relation>',
        )
    )
    expected = {
        "context": {"a": 2, "b": 6},
        "list": [1, 2, 3],
        "filter": [2, 3],
        "for": [1, 3, 5],
        "some": True,
        "every": False,
        "relation": [{"x": 1, "y": 2}],
    }
    for name, value in expected.items():
        assert evaluate(made, name, {}).value == value, name


def test_java_functions_run_only_when_allowed() -> None:
    text = 'function(n) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}'
    made = program(decision("a", literal(f"({text})(0)")))
    assert evaluate(made, "a", {}).value is None


KIND = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def imported(namespace: str, name: str = "") -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="{KIND}"/>'


def test_imports_without_a_name_count_as_the_models_own_through_any_number_of_models() -> None:
    item = '<itemDefinition name="word"><typeRef>string</typeRef></itemDefinition>'
    deep = read(
        definitions(imported("urn:b") + item + input_data("w", "word") + decision("c", literal('"deep"')), "urn:c")
    )
    middle = read(definitions(imported("urn:c") + imported("urn:a") + decision("b", literal('"near"')), "urn:b"))
    body = (
        imported("urn:b") + imported("urn:a") + decision("d", literal("b + c + w"), "w", needs="b c", type_ref="word")
    )
    main = read(definitions(body, "urn:a"))
    made = prepare(main, [deep, middle])
    assert made.problems == ()
    assert evaluate(made, "d", {"w": "!"}).value == "neardeep!"
    assert evaluate(made, "d", {"w": 1}).value is None
    missing = read(definitions(imported("urn:b") + decision("d", literal("x"), needs="x"), "urn:a"))
    with pytest.raises(DecisionError, match="#x"):
        prepare(missing, [deep, middle])


def test_types_that_only_name_each_other_are_refused() -> None:
    item = '<itemDefinition name="{}"><typeRef>{}</typeRef></itemDefinition>'
    with pytest.raises(DecisionError, match="a → b → a"):
        read(definitions(item.format("a", "b") + item.format("b", "a")))


def test_the_declared_result_of_functions_and_services_is_brought_about() -> None:
    kinds = (
        '<itemDefinition name="numbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
        '<itemDefinition name="gives numbers"><functionItem outputTypeRef="numbers"/></itemDefinition>'
    )
    knowledge = bkm("f", "", "1").replace('<variable name="f"/>', '<variable name="f" typeRef="gives numbers"/>')
    variable = '<variable name="s" typeRef="gives numbers"/>'
    service = f'<decisionService id="s" name="s">{variable}<outputDecision href="#d"/></decisionService>'
    made = program(kinds + knowledge + decision("d", literal("2")) + service)
    assert evaluate(made, "f", {}).value == [1]
    assert evaluate(made, "s", {}).value == [2]
