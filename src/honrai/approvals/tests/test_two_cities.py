"""Nothing of one city is seen, decided, printed or counted in the other."""

import pytest
from conftest import CITY_A, CITY_B

from honrai.approvals import api, desks
from honrai.approvals.models import Document
from honrai.approvals.testing import NOW, drawn, office
from honrai.platform.authority.api import NotFound, Rank
from honrai.platform.cities.tenancy import in_city

pytestmark = pytest.mark.django_db


def test_two_cities():
    with in_city(CITY_A):
        here = office(CITY_A, tag="a-").people
        document = drawn(here)
        drawn(here)
        stack = api.form_stack(
            group="child-medical/1/認定", unit=here.unit, rank=Rank.SECTION_HEAD, actor=here.head, now=NOW
        )
        assert api.next_document_number(here.unit, here.day) == "R8こ支第1号"
    with in_city(CITY_B):
        there = office(CITY_B, tag="b-").people
        assert Document.objects.count() == 0
        assert desks.counts(there.head) == desks.Counts(0, 0, 0, 0, 0)
        for attempt in (
            lambda: api.check_decided(document),
            lambda: api.approve(document=document, actor=there.head, now=NOW),
            lambda: api.approve_stack(stack=stack, actor=there.head, now=NOW),
            lambda: api.open_document(document=document, actor=there.head, now=NOW),
            lambda: api.print_documents(documents=[document], actor=there.clerk, now=NOW),
        ):
            with pytest.raises(NotFound):
                attempt()
        line = f"起案番号,文書番号,決裁日\n{api.paper_code(document)},1,R8.4.15\n".encode()
        assert api.import_decisions(content=line, actor=there.second, now=NOW).taken == 0
        assert api.next_document_number(there.unit, there.day) == "R8こ支第1号"
    with in_city(CITY_A):
        assert api.decision_of(document).state == "waiting"
