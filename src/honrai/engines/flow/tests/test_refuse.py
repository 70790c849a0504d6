import pytest

from honrai.engines.flow.api import NotExecutable, executable, read, refusals
from honrai.engines.flow.tests.build import HEAD, border, catch, ending, event, sub, tasks, throw, xml

PLAIN = '<startEvent id="s"/>' + ending("z")
LOOP = "<multiInstanceLoopCharacteristics{}>{}</multiInstanceLoopCharacteristics>"


def node(tag, inner="", more="", name="n"):
    return f'<{tag} id="{name}"{more}>{inner}</{tag}>'


def through(tag, inner="", more=""):
    return PLAIN + node(tag, inner, more), "s>n; n>z"


def timer(inner, more=""):
    return node("intermediateCatchEvent", f"<timerEventDefinition{more}>{inner}</timerEventDefinition>")


REFUSED = {
    "abstract task": (*through("task"), "task 'n': is not run; give it a type"),
    "script task": (*through("scriptTask"), "scriptTask 'n': is not run; use a serviceTask"),
    "complex gateway": (*through("complexGateway"), "complexGateway 'n': is not run"),
    "transaction": (*through("transaction"), "transaction 'n': is not run"),
    "ad hoc": (*through("adHocSubProcess"), "adHocSubProcess 'n': is not run"),
    "choreography": (*through("choreographyTask"), "choreographyTask 'n': is not run"),
    "property": (PLAIN + node("property") + tasks("a"), "s>a; a>z", "property 'n': is not run; put it among the facts"),
    "io": (*through("userTask", "<ioSpecification/>"), "ioSpecification '': is not run; facts"),
    "owner": (*through("userTask", "<potentialOwner/>"), "potentialOwner '': is not run; use a lane"),
    "made-up element": (*through("userTask", "<surprise/>"), "surprise '': is not run; remove it"),
    "compensation": (*through("userTask", "", ' isForCompensation="true"'), 'isForCompensation="true" is not run'),
    "start quantity": (*through("userTask", "", ' startQuantity="2"'), 'startQuantity="2" is not run'),
    "instantiating": (*through("receiveTask", "", ' instantiate="true" messageRef="m1"'), 'instantiate="true"'),
    "two definitions": (*through("intermediateCatchEvent", event("m1") + event("s1")), "several event definitions"),
    "none catch": (*through("intermediateCatchEvent"), "a none event is not run as intermediateCatchEvent"),
    "compensate throw": (
        *through("intermediateThrowEvent", "<compensateEventDefinition/>"),
        "a compensate event is not run as intermediateThrowEvent",
    ),
    "error start": (f'<startEvent id="s">{event("e1")}</startEvent>' + tasks("a"), "s>a", "a error event is not run"),
    "message start inside": (
        PLAIN + sub("n", f'<startEvent id="is">{event("m1")}</startEvent>', ""),
        "s>n; n>z",
        "a message event is not run as sub-process start",
    ),
    "two starts inside": (
        PLAIN + sub("n", '<startEvent id="i"/><startEvent id="j"/>', ""),
        "s>n; n>z",
        "several start",
    ),
    "handler without start": (
        PLAIN + sub("n", tasks("a"), "", ' triggeredByEvent="true"'),
        "s>z",
        "needs the start event",
    ),
    "handler with flows": (
        PLAIN + sub("n", f'<startEvent id="i">{event("m1")}</startEvent>', "", ' triggeredByEvent="true"'),
        "s>n; n>z",
        "an event sub-process stands alone",
    ),
    "error not interrupting": (
        PLAIN + tasks("a") + border("b", "a", "e1", ' cancelActivity="false"'),
        "s>a; a>z; b>z",
        "an error always interrupts",
    ),
    "message without name": (*through("intermediateCatchEvent", event("m")), "names no message; set messageRef"),
    "boundary without host": (PLAIN + tasks("a") + border("b", "ghost", "m1"), "s>a; a>z; b>z", "attached to 'ghost'"),
    "end with flow": (PLAIN + tasks("a"), "s>z; z>a", "nothing may follow it"),
    "start with flow": (PLAIN + tasks("a"), "s>a; a>s", "nothing may lead to it"),
    "dangling arrow": (PLAIN + tasks("a"), "s>a; a>ghost", "targetRef 'ghost' is no node of 'p'"),
    "arrow into a sub-process": (PLAIN + sub("n", tasks("a"), ""), "s>n; n>z; s>a", "targetRef 'a' is no node of 'p'"),
    "foreign default": (*through("exclusiveGateway", "", ' default="s-n"'), "its default 's-n' does not leave it"),
    "no condition": (
        PLAIN + node("exclusiveGateway") + tasks("a"),
        "s>n; n>a: x = 1; n>z; a>z",
        "sequenceFlow 'n-z': has no condition and is not the default",
    ),
    "condition after parallel": (
        PLAIN + node("parallelGateway"),
        "s>n; n>z: x = 1",
        "a condition after a parallelGateway",
    ),
    "condition after event": (PLAIN + tasks("a"), "s>a: x = 1; a>z", "a condition after a startEvent"),
    "event gateway to task": (
        PLAIN + node("eventBasedGateway") + tasks("a"),
        "s>n; n>a; a>z",
        "cannot follow an event-based",
    ),
    "event gateway to nothing": (PLAIN + node("eventBasedGateway"), "s>n", "waits for nothing"),
    "link to nowhere": (PLAIN + throw("n", "link A"), "s>n", "must lead to exactly one"),
    "link with arrow": (
        PLAIN + throw("n", "link A") + catch("c", "link A"),
        "s>n; s>c; c>z",
        "remove its incoming flow",
    ),
    "call of nothing": (*through("callActivity"), "names no process to call"),
    "rule without decision": (*through("businessRuleTask"), "names no decision; set honrai:decides or honrai:proposes"),
    "send of nothing": (*through("sendTask"), "names no message"),
    "rounds without number": (*through("userTask", LOOP.format("", "")), "needs either a loopCardinality"),
    "rounds with behaviour": (
        *through("userTask", LOOP.format(' behavior="None"', "<loopCardinality>2</loopCardinality>")),
        'behavior="None" is not run',
    ),
    "item without list": (
        *through("userTask", LOOP.format(' h:item="x"', "<loopCardinality>2</loopCardinality>")),
        "honrai:item names the items",
    ),
    "endless loop": (*through("userTask", "<standardLoopCharacteristics/>"), "never ends"),
    "odd maximum": (*through("userTask", '<standardLoopCharacteristics loopMaximum="1.5"/>'), "loopMaximum '1.5'"),
    "timer without time": (PLAIN + timer(""), "s>n; n>z", "has no time"),
    "cycle in the middle": (PLAIN + timer("<timeCycle>R2/PT1H</timeCycle>"), "s>n; n>z", "a cycle in the middle"),
    "cycle as duration": (PLAIN + timer("<timeDuration>R2/PT1H</timeDuration>"), "s>n; n>z", "is no duration"),
    "date as duration": (PLAIN + timer("<timeDuration>2026-04-01</timeDuration>"), "s>n; n>z", "is no duration"),
    "hours as business days": (
        PLAIN + timer("<timeDuration>PT5H</timeDuration>", ' h:count="business"'),
        "s>n; n>z",
        "must be whole days",
    ),
    "cycle without pause": (
        PLAIN + tasks("a") + border("n", "a", "R/PT0S", ' cancelActivity="false"'),
        "s>a; a>z; n>z",
        "repeats without pause",
    ),
    "empty condition": (PLAIN + catch("n", "? "), "s>n; n>z", "has no condition"),
    "not FEEL": (PLAIN + node("inclusiveGateway"), "s>n; n>z: x ==== 1", "'x ==== 1' is not FEEL"),
    "circle without start": (tasks("a", "b"), "a>b; b>a", "nothing begins in 'p'"),
    "circle inside": (PLAIN + sub("n", tasks("a", "b"), "a>b; b>a"), "s>n; n>z", "nothing begins in 'n'"),
    "empty process": ("", "", "holds nothing to run"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_outside_the_subset_is_refused_by_name_and_line(name):
    nodes, flows, words = REFUSED[name]
    found = refusals(read(("\n\n" + xml(nodes, flows)).strip().encode(), "flow.bpmn"), "p")
    assert any(words in str(one) for one in found), [str(one) for one in found]
    assert all(one.line >= (0 if "without start" in name else 1) for one in found)


def test_every_reason_is_given_at_once_in_the_order_of_the_file():
    text = xml(
        PLAIN + "\n<scriptTask id='x'/>\n<userTask id='a' startQuantity='3'/>\n<task id='y'/>", "s>x; x>a; a>y; y>z"
    )
    with pytest.raises(NotExecutable) as caught:
        executable(read(text.encode(), "flow.bpmn"))
    assert [(one.element, one.id, one.line) for one in caught.value.refusals] == [
        ("scriptTask", "x", 2),
        ("userTask", "a", 3),
        ("task", "y", 4),
    ]
    assert str(caught.value).startswith("flow.bpmn: line 2: scriptTask 'x'")


def test_a_drawing_is_refused_until_it_is_marked_executable():
    text = xml(PLAIN + tasks("a"), "s>a; a>z").replace('isExecutable="true"', 'isExecutable="false"')
    assert "marked as a drawing" in str(refusals(read(text.encode()))[0])


def test_another_expression_language_is_refused():
    text = xml(PLAIN + '<exclusiveGateway id="g"/>', "s>g; g>z: x = 1")
    java = text.replace("<conditionExpression>", '<conditionExpression language="http://www.java.com/java">')
    assert "language 'http://www.java.com/java' is not run" in str(refusals(read(java.encode()))[0])
    xpath = text.replace('id="definitions"', 'id="definitions" expressionLanguage="http://www.w3.org/1999/XPath"')
    assert "XPath' is not run" in str(refusals(read(xpath.encode()))[0])


def test_the_process_must_be_named_when_there_are_several():
    two = HEAD + "".join(f'<process id="{p}"><userTask id="{p}1"/></process>' for p in "pq") + "</definitions>"
    assert "name the process to run" in str(refusals(read(two.encode()))[0])
    assert refusals(read(two.encode()), "q") == ()
    assert "there is no process 'r'" in str(refusals(read(two.encode()), "r")[0])


def test_drawings_and_extensions_are_no_reason_to_refuse():
    more = '<dataObject id="o"/><textAnnotation id="ta"><text>x</text></textAnnotation><group id="gr"/>'
    inner = '<extensionElements><other xmlns="urn:x"/></extensionElements><documentation>words</documentation>'
    assert refusals(read(xml(PLAIN + more + node("userTask", inner), "s>n; n>z").encode()), "p") == ()
