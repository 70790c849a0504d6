"""Short ways to write DMN for tests."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

NS = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body: str, namespace: str = "urn:test", ns: str = NS) -> bytes:
    head = (
        f'<definitions xmlns="{ns}" xmlns:honrai="https://honrai.dev/dmn/1" id="d" name="test" namespace="{namespace}">'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</definitions>'.encode()


def input_data(name: str, type_ref: str = "number") -> str:
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{type_ref}"/></inputData>'


def literal(text: str, **attributes: str) -> str:
    extra = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<literalExpression{extra}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, inputs: str = "", needs: str = "", knows: str = "", type_ref: str = "") -> str:
    arrows = "".join(
        f'<informationRequirement><requiredInput href="#i_{each}"/></informationRequirement>' for each in inputs.split()
    )
    arrows += "".join(
        f'<informationRequirement><requiredDecision href="#{each}"/></informationRequirement>' for each in needs.split()
    )
    arrows += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{each}"/></knowledgeRequirement>' for each in knows.split()
    )
    kind = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{kind}/>{arrows}{logic}</decision>'


def table(inputs: list[str], outputs: list[str], rules: list[str], policy: str = "UNIQUE", **attributes: str) -> str:
    """Return a decision table.

    Args:
        inputs: "expression", "expression:type" or "expression:type:allowed values".
        outputs: "name", "name:type", "name:type:values" or "name:type:values:default".
        rules: "cell | cell | ... => cell | ... // note".
    """
    extra = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    rows = "".join(_rule(each) for each in rules)
    columns = "".join(_input(each) for each in inputs) + "".join(_output(each, len(outputs)) for each in outputs)
    note = '<annotation name="理由"/>' if any("//" in each for each in rules) else ""
    return f'<decisionTable hitPolicy="{policy}"{extra}>{columns}{note}{rows}</decisionTable>'


def _input(text: str) -> str:
    name, kind, values = [*text.split(":", 2), "", ""][:3]
    type_ref = f' typeRef="{kind}"' if kind else ""
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return f"<input><inputExpression{type_ref}><text>{escape(name)}</text></inputExpression>{allowed}</input>"


def _output(text: str, count: int) -> str:
    name, kind, values, default = [*text.split(":", 3), "", "", ""][:4]
    attributes = (f' name="{name}"' if count > 1 or name else "") + (f' typeRef="{kind}"' if kind else "")
    inner = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    inner += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f"<output{attributes}>{inner}</output>"


def _rule(text: str) -> str:
    body, _, note = text.partition("//")
    left, _, right = body.partition("=>")
    cells = [
        f"<inputEntry><text>{escape(each.strip())}</text></inputEntry>" for each in left.split("|") if left.strip()
    ]
    cells += [f"<outputEntry><text>{escape(each.strip())}</text></outputEntry>" for each in right.split("|")]
    cells += [f"<annotationEntry><text>{escape(note.strip())}</text></annotationEntry>"] if note else []
    return f"<rule>{''.join(cells)}</rule>"
