"""Gaps and overlaps of boxes against counting every case."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from honrai.engines.decision.proof import boxes as b

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[b.Box, list[b.Box]]:
    sizes = draw(SIZES)
    region = tuple((1 << size) - 1 for size in sizes)
    box = st.tuples(*(st.integers(1, mask) for mask in region))
    return region, draw(st.lists(box, max_size=7))


def _cases(region: b.Box) -> list[b.Box]:
    columns = [[1 << bit for bit in range(mask.bit_length()) if mask >> bit & 1] for mask in region]
    return list(product(*columns))


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_the_smallest_gap_is_the_first_uncovered_case(world: tuple[b.Box, list[b.Box]]) -> None:
    region, boxes = world
    open_cases = [case for case in _cases(region) if not any(b.covers(box, case) for box in boxes)]
    assert b.Cover(region, boxes, b.Steps(10**6)).first_gap() == (open_cases[0] if open_cases else None)


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_the_gaps_found_together_are_all_of_them(world: tuple[b.Box, list[b.Box]]) -> None:
    region, boxes = world
    found = b.gaps(region, boxes, b.Steps(10**6), most=1000)
    for case in _cases(region):
        covered = any(b.covers(box, case) for box in boxes)
        assert covered != any(b.covers(around, case) for _, around in found)


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_overlaps_are_the_cases_in_two_boxes(world: tuple[b.Box, list[b.Box]]) -> None:
    region, boxes = world
    pairs = {(i, j): both for i, j, both in b.overlaps(boxes)}
    for case in _cases(region):
        hit = [i for i, box in enumerate(boxes) if b.covers(box, case)]
        for i in range(len(boxes)):
            for j in range(i + 1, len(boxes)):
                assert (i in hit and j in hit) == ((i, j) in pairs and b.covers(pairs[i, j], case))


def test_a_hostile_table_ends_undecided() -> None:
    columns = 16
    region = (3,) * columns
    boxes = [tuple(1 if i in (k, (k * 7 + 3) % columns) else 3 for i in range(columns)) for k in range(columns)]
    boxes += [tuple(2 if i in (k, (k * 5 + 1) % columns) else 3 for i in range(columns)) for k in range(columns)]
    try:
        b.Cover(region, boxes, b.Steps(50)).has_gap()
    except b.Undecided:
        return
    raise AssertionError("decided within 50 steps")
