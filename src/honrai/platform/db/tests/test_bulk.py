"""What goes in by COPY is what comes out, whatever it is."""

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honrai.platform.db.bulk import copy_text, make_temporary

_texts = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=8))
_odd = st.sampled_from(["\\", "\\N", "a\tb", "a\nb", "\r", "\\.", "", None, "x\x1fy"])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(_texts | _odd, st.integers(-(2**40), 2**40) | st.none(), st.booleans() | st.none()), max_size=8)
)
def test_every_value_comes_back_as_it_went_in(city, rows):
    make_temporary("bulk_probe", [("t", "text"), ("n", "bigint"), ("b", "boolean")])
    copy_text("bulk_probe", ("t", "n", "b"), rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t, n, b FROM bulk_probe ORDER BY ctid")
        assert cursor.fetchall() == rows
