"""Sets of cases as boxes: per column a bit mask of *atoms*, the pieces no cell of the column cuts further.

A rule is a box, a gap is a box no rule touches. Everything is exact: volumes are counts of atom combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

Box = tuple[int, ...]


class Undecided(Exception):
    """The question would need more steps than allowed."""


class Steps:
    """Counts down the work a question may cost, so that a hostile table ends in `Undecided`, not in a hang."""

    def __init__(self, most: int) -> None:
        self.left = most

    def spend(self, steps: int) -> None:
        """Use up some steps.

        Raises:
            Undecided: none are left.
        """
        self.left -= steps
        if self.left < 0:
            raise Undecided


def volume(box: Box) -> int:
    """Return how many atom combinations a box holds."""
    size = 1
    for mask in box:
        size *= mask.bit_count()
    return size


def meet(one: Box, other: Box) -> Box | None:
    """Return the common part of two boxes, None where there is none."""
    both = []
    for mine, theirs in zip(one, other, strict=True):
        mask = mine & theirs
        if not mask:
            return None
        both.append(mask)
    return tuple(both)


def covers(outer: Box, inner: Box) -> bool:
    """Tell whether all of `inner` lies in `outer`."""
    return all(not theirs & ~mine for mine, theirs in zip(outer, inner, strict=True))


def subtract(region: Box, hole: Box) -> Iterator[Box]:
    """Yield disjoint boxes that together are `region` without `hole`; `hole` lies inside `region`."""
    kept = list(region)
    for column, mask in enumerate(hole):
        rest = kept[column] & ~mask
        if rest:
            yield (*kept[:column], rest, *kept[column + 1 :])
            kept[column] = mask


def has_gap(region: Box, boxes: Sequence[Box], steps: Steps) -> bool:
    """Tell whether some case of `region` lies in none of `boxes`.

    Disjoint boxes are decided by adding up volumes. Where boxes overlap, the largest one is cut out of the region and
    the pieces are asked in turn.

    Raises:
        Undecided: the pieces became too many.
    """
    waiting = [(region, boxes)]
    while waiting:
        region, boxes = waiting.pop()
        steps.spend(len(boxes) + 1)
        inside = [part for part in (meet(region, box) for box in boxes) if part is not None]
        whole = volume(region)
        sizes = [volume(part) for part in inside]
        if sum(sizes) < whole:
            return True
        largest = max(range(len(inside)), key=sizes.__getitem__)
        if sizes[largest] == whole or _disjoint(inside, steps):
            continue
        hole = inside.pop(largest)
        inside = [part for part in inside if not covers(hole, part)]
        waiting.extend((piece, inside) for piece in subtract(region, hole))
    return False


def _disjoint(boxes: list[Box], steps: Steps) -> bool:
    steps.spend(len(boxes))
    return all(meet(one, other) is None for one, other in combinations(boxes, 2))


def smallest_gap(region: Box, boxes: Sequence[Box], steps: Steps) -> Box | None:
    """Return the first uncovered case in column order, lowest atoms first, as a box of single atoms.

    Raises:
        Undecided: see `has_gap`.
    """
    if not has_gap(region, boxes, steps):
        return None
    found = list(region)
    for column in range(len(region)):
        bits = _bits(found[column])
        while len(bits) > 1:
            half = len(bits) // 2
            low = sum(1 << bit for bit in bits[:half])
            part = (*found[:column], low, *found[column + 1 :])
            touching = [box for box in boxes if meet(part, box) is not None]
            bits = bits[:half] if has_gap(part, touching, steps) else bits[half:]
        found[column] = 1 << bits[0]
        boxes = [box for box in boxes if box[column] & found[column]]
    return tuple(found)


def smallest(box: Box) -> Box:
    """Return the lowest case of a box."""
    return tuple(mask & -mask for mask in box)


def grow(case: Box, region: Box, boxes: Sequence[Box]) -> Box:
    """Return a box around an uncovered `case`, widened column by column while no box touches it."""
    grown = list(case)
    for column, mask in enumerate(region):
        trial = (*grown[:column], mask, *grown[column + 1 :])
        blocked = 0
        for box in boxes:
            part = meet(trial, box)
            if part is not None:
                blocked |= part[column]
        grown[column] = mask & ~blocked
    return tuple(grown)


def gaps(region: Box, boxes: Sequence[Box], steps: Steps, most: int) -> list[tuple[Box, Box]]:
    """Return up to `most` gaps as (smallest case, widened box); each is outside the ones before.

    Raises:
        Undecided: see `has_gap`.
    """
    found: list[tuple[Box, Box]] = []
    known = list(boxes)
    while len(found) < most:
        case = smallest_gap(region, known, steps)
        if case is None:
            break
        around = grow(case, region, known)
        found.append((case, around))
        known.append(around)
    return found


def overlaps(boxes: Sequence[Box | None]) -> Iterator[tuple[int, int, Box]]:
    """Yield each pair of overlapping boxes by index, with their common part."""
    for (i, one), (j, other) in combinations(enumerate(boxes), 2):
        if one is None or other is None:
            continue
        both = meet(one, other)
        if both is not None:
            yield i, j, both


def _bits(mask: int) -> list[int]:
    bits = []
    while mask:
        low = mask & -mask
        bits.append(low.bit_length() - 1)
        mask ^= low
    return bits
