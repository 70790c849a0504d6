"""一覧決裁: what must be opened, what is taken out, and that thousands cost the same few statements."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from honrai.approvals import api, rules
from honrai.approvals.models import Document, Reading, Stack, State
from honrai.approvals.testing import NOW, START, drawn, office
from honrai.platform.authority.api import Conflict, Denied, Doer, Invalid, NotFound, Rank, robot_actor, system_actor
from honrai.platform.events import api as events
from honrai.platform.events.models import LogEntry

GROUP = "child-medical/1/認定"


@pytest.fixture
def at(city):
    return office(city)


@pytest.fixture
def people(at):
    return at.people


def _sampling(people, percent=10, at_least=1):
    setup = system_actor(people.city, START)
    api.set_sampling(actor=setup, now=NOW, percent=percent, at_least=at_least, since=START, source="決裁要領3")


def _stack(people, count, **more):
    documents = [drawn(people) for _ in range(count)]
    given = {
        "group": GROUP,
        "unit": people.unit,
        "rank": Rank.SECTION_HEAD,
        "actor": people.head,
        "now": NOW,
        "seed": 5,
    }
    return api.form_stack(**(given | more)), documents


def _open(people, documents):
    for document in documents:
        api.open_document(document=document, actor=people.head, now=NOW)


@pytest.mark.parametrize(
    ("count", "percent", "least", "size"),
    [(300, 5, 3, 15), (301, 5, 3, 16), (10, 5, 3, 3), (2, 5, 3, 2), (50, 100, 0, 50), (0, 5, 3, 0), (9, 0, 0, 0)],
)
def test_sample_size(count, percent, least, size):
    assert rules.sample_size(count, percent, least) == size


def test_a_sample_can_be_drawn_again_and_another_seed_draws_others():
    keys = range(1, 1001)
    assert rules.sample(keys, 7, 50) == rules.sample(reversed(keys), 7, 50)
    assert len(rules.sample(keys, 7, 50)) == 50
    assert rules.sample(keys, 7, 50) != rules.sample(keys, 8, 50)


def test_a_stack_asks_for_its_sample_flagged_ones_and_refusals(people):
    _sampling(people)
    flagged = drawn(people, flagged=True)
    refused = drawn(people, proposal={"outcome": "却下", "kind": "refuse"})
    stack, plain = _stack(people, 20)
    row = Stack.objects.get(pk=stack)
    sampled = set(Document.objects.filter(stack=stack, sampled=True).values_list("pk", flat=True))
    assert (row.size, row.sampled, row.seed) == (22, 2, 5)
    assert sampled == rules.sample(plain, 5, 2)
    formed = LogEntry.objects.get(name="approvals.stack_formed")
    assert (formed.data["seed"], set(formed.data["sampled"])) == (5, sampled)
    must = [flagged, refused, *sorted(sampled)]
    for number, document in enumerate(must):
        with pytest.raises(Conflict, match=f"あと{len(must) - number}件"):
            api.approve_stack(stack=stack, actor=people.head, now=NOW)
        _open(people, [document])
    assert api.approve_stack(stack=stack, actor=people.head, now=NOW) == api.StackResult(22, ())
    decided = Document.objects.filter(stack=stack, state=State.DECIDED, decided_by=people.head.person)
    assert decided.count() == 22
    assert api.decision_of(refused).outcome == "却下"
    assert api.decision_of(plain[0]).outcome == "認定"
    assert LogEntry.objects.filter(name="approvals.decided").count() == 22
    assert LogEntry.objects.filter(name="approvals.document_read").count() == 4
    assert LogEntry.objects.get(name="approvals.stack_approved").data == {"stack": stack, "approved": 22, "left": []}
    with pytest.raises(Conflict):
        api.approve_stack(stack=stack, actor=people.head, now=NOW)


def test_openings_of_somebody_else_do_not_count(at, people):
    _sampling(people)
    stack, _ = _stack(people, 3)
    sampled = Document.objects.get(stack=stack, sampled=True)
    api.open_document(document=sampled.pk, actor=people.second, now=NOW)
    with pytest.raises(Conflict, match="あと1件"):
        api.approve_stack(stack=stack, actor=people.head, now=NOW)
    api.open_document(document=sampled.pk, actor=people.head, now=NOW)
    api.open_document(document=sampled.pk, actor=people.head, now=NOW)
    assert Reading.objects.filter(document=sampled).count() == 2
    assert api.approve_stack(stack=stack, actor=people.head, now=NOW).approved == 3


def test_where_the_city_set_no_sample_all_must_be_opened(people):
    stack, documents = _stack(people, 3)
    _open(people, documents[:2])
    with pytest.raises(Conflict, match="あと1件"):
        api.approve_stack(stack=stack, actor=people.head, now=NOW)


def test_single_ones_are_pulled_out_and_decided_by_themselves(people):
    _sampling(people, percent=0, at_least=0)
    stack, documents = _stack(people, 5)
    with pytest.raises(Invalid):
        api.pull_out(document=documents[0], reason=" ", actor=people.head, now=NOW)
    for document in documents[:2]:
        api.pull_out(document=document, reason="確認したい", actor=people.head, now=NOW)
    with pytest.raises(Conflict, match="束に入っていません"):
        api.pull_out(document=documents[0], reason="x", actor=people.head, now=NOW)
    assert api.approve_stack(stack=stack, actor=people.head, now=NOW).approved == 3
    assert Document.objects.filter(pk__in=documents[:2], state=State.WAITING, stack=None).count() == 2
    with pytest.raises(Conflict):
        api.form_stack(group=GROUP, unit=people.unit, rank=Rank.SECTION_HEAD, actor=people.head, now=NOW)
    api.approve(document=documents[0], actor=people.head, now=NOW)
    api.send_back(document=documents[1], reason="添付なし", actor=people.head, now=NOW)
    assert LogEntry.objects.filter(name="approvals.pulled_out").count() == 2


def test_what_the_decider_may_not_decide_leaves_the_stack_and_is_reported(people):
    _sampling(people, percent=0, at_least=0)
    own = drawn(people, before=(Doer(people.head.person),))
    relative = drawn(people, parties=frozenset({"P9"}))
    stack, _ = _stack(people, 4)
    head = replace(people.head, recused=frozenset({"P9"}))
    result = api.approve_stack(stack=stack, actor=head, now=NOW)
    assert result.approved == 4
    assert {key for key, _ in result.left} == {own, relative}
    assert all(api.decision_of(key).state == State.WAITING for key in (own, relative))
    assert LogEntry.objects.get(name="approvals.stack_approved").data["left"] == sorted([own, relative])


def test_a_deputy_says_why_and_the_holder_sees_all(at, people):
    _sampling(people, percent=0, at_least=0)
    stack, documents = _stack(people, 3)
    with pytest.raises(Invalid, match="不在"):
        api.approve_stack(stack=stack, actor=at.acting, now=NOW)
    api.approve_stack(stack=stack, actor=at.acting, now=NOW, absence="出張")
    for document in documents:
        api.see_afterwards(document=document, actor=people.head, now=NOW)


@pytest.mark.parametrize("who", ["operator", "manager", "robot", "clerk", "personnel"])
def test_who_may_not_decide_a_stack(people, who):
    _sampling(people, percent=0, at_least=0)
    stack, documents = _stack(people, 3)
    actor = robot_actor(people.city, people.day) if who == "robot" else getattr(people, who)
    with pytest.raises(Denied):
        api.approve_stack(stack=stack, actor=actor, now=NOW)
    with pytest.raises(Denied):
        api.pull_out(document=documents[0], reason="x", actor=actor, now=NOW)
    if who != "clerk":
        with pytest.raises(Denied):
            api.open_document(document=documents[0], actor=actor, now=NOW)
        with pytest.raises(Denied):
            api.form_stack(group=GROUP, unit=people.unit, rank=Rank.SECTION_HEAD, actor=actor, now=NOW)
    assert Document.objects.filter(state=State.WAITING).count() == 3


def test_unknown_stacks_and_documents(people):
    with pytest.raises(NotFound):
        api.approve_stack(stack=999_999, actor=people.head, now=NOW)
    with pytest.raises(NotFound):
        api.open_document(document=999_999, actor=people.head, now=NOW)
    stack, documents = _stack(people, 1)
    api.send_back(document=documents[0], reason="x", actor=people.head, now=NOW)
    with pytest.raises(Conflict, match="待つ文書はありません"):
        api.approve_stack(stack=stack, actor=people.head, now=NOW)


def test_three_thousand_in_one_stack(people, monkeypatch):
    """Statements: one log entry per document, and a few dozen whatever the size; what follows the events is not counted."""
    monkeypatch.setattr(events, "_follows", {})
    _sampling(people, percent=1, at_least=3)
    first = Document.objects.get(pk=drawn(people))
    Document.objects.bulk_create(
        [
            Document(**{f.attname: getattr(first, f.attname) for f in Document._meta.fields if f.attname != "id"})
            for _ in range(2_999)
        ]
    )
    given = {"group": GROUP, "unit": people.unit, "rank": Rank.SECTION_HEAD, "actor": people.head, "now": NOW}
    with CaptureQueriesContext(connection) as forming:
        stack = api.form_stack(**given)
    assert len(forming) < 20
    _open(people, Document.objects.filter(stack=stack, sampled=True).values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as approving:
        assert api.approve_stack(stack=stack, actor=people.head, now=NOW).approved == 3_000
    statements = [query["sql"] for query in approving]
    entries = [sql for sql in statements if sql.startswith('INSERT INTO "events_logentry"')]
    assert len(entries) == 3_001
    assert len(statements) - len(entries) < 30


def test_only_the_city_setting_charge_sets_samples(people):
    given = {"now": NOW, "percent": 5, "at_least": 1, "since": START, "source": "要領"}
    for actor in (people.head, people.operator, people.manager):
        with pytest.raises(Denied):
            api.set_sampling(actor=actor, **given)
    api.set_sampling(actor=people.personnel, **given)
    for wrong in ({"percent": 101}, {"at_least": -1}, {"source": " "}, {}):
        with pytest.raises(Invalid):
            api.set_sampling(actor=people.personnel, **(given | wrong))


def _run_order(stack):
    entry = LogEntry.objects.filter(name="approvals.stack_ordered", subject_id=stack).latest("pk")
    key = "honrai.approvals.tasks.approve_ordered"
    return events.deliver(entry.pk, key, now=NOW)


def test_a_large_stack_is_checked_at_once_and_approved_by_a_job(at, people):
    _sampling(people)
    stack, documents = _stack(people, 4)
    with pytest.raises(Conflict, match="あと1件"):
        api.order_stack(stack=stack, actor=people.head, now=NOW)
    _open(people, documents)
    with pytest.raises(Denied):
        api.order_stack(stack=stack, actor=people.operator, now=NOW)
    api.order_stack(stack=stack, actor=people.head, now=NOW)
    assert Document.objects.filter(state=State.WAITING).count() == 4
    with pytest.raises(Conflict, match="処理中"):
        api.order_stack(stack=stack, actor=people.head, now=NOW)
    assert _run_order(stack)
    decided = Document.objects.filter(state=State.DECIDED, decided_by=people.head.person, decided_at=NOW)
    assert decided.count() == 4
    assert not _run_order(stack)
    assert LogEntry.objects.filter(name="approvals.decided").count() == 4


def test_a_deputys_order_keeps_its_reason(at, people):
    _sampling(people, percent=0, at_least=0)
    stack, _ = _stack(people, 2)
    api.order_stack(stack=stack, actor=at.acting, now=NOW, absence="出張")
    _run_order(stack)
    assert set(Document.objects.values_list("absence", "stands_for")) == {("出張", people.posts["head"])}


def test_an_order_that_can_no_longer_be_carried_out_says_why(people):
    _sampling(people, percent=0, at_least=0)
    stack, documents = _stack(people, 2)
    api.order_stack(stack=stack, actor=people.head, now=NOW)
    for document in documents:
        api.pull_out(document=document, reason="再確認", actor=people.head, now=NOW)
    _run_order(stack)
    row = Stack.objects.get(pk=stack)
    assert row.ordered_at is None
    assert "待つ文書はありません" in row.refused_for


def test_an_order_that_is_stopped_decides_nothing_and_can_be_given_again(at, people):
    _sampling(people, percent=0, at_least=0)
    stack, _ = _stack(people, 4)
    with pytest.raises(Conflict, match="登録中ではありません"):
        api.stop_order(stack=stack, actor=people.head, now=NOW)
    api.order_stack(stack=stack, actor=people.head, now=NOW)
    for actor in (people.operator, people.manager):
        with pytest.raises(Denied):
            api.stop_order(stack=stack, actor=actor, now=NOW)
    api.stop_order(stack=stack, actor=people.head, now=NOW)
    _run_order(stack)
    row = Stack.objects.get(pk=stack)
    assert (row.ordered_at, row.closed_at) == (None, None)
    assert "1件も決裁されていません" in row.refused_for
    assert Document.objects.filter(state=State.WAITING).count() == 4
    assert not LogEntry.objects.filter(name="approvals.decided").exists()
    assert LogEntry.objects.filter(name="approvals.stop_asked").count() == 1
    assert api.approve_stack(stack=stack, actor=people.head, now=NOW).approved == 4
