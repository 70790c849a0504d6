"""Sets of cases as boxes: per column a bit mask of *atoms*, the pieces no cell of the column cuts further.

A rule is a box, a gap is a case no rule covers. Everything is exact: volumes are counts of atom combinations.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cached_property

Box = tuple[int, ...]
TRIES = 300
SMALL = 12


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


def smallest(box: Box) -> Box:
    """Return the lowest case of a box."""
    return tuple(mask & -mask for mask in box)


class Cover:
    """Asks whether boxes cover a region, column by column, remembering which sets of boxes cover what is left.

    After the first columns of a case are chosen, only the set of boxes that are still open and the number of columns chosen
    matter. Such a state is decided without looking further when one box takes all that is left, when the volumes are too
    small, or when the boxes overlap at most two at a time, so that adding up volumes tells the size of their union.
    """

    def __init__(self, region: Box, boxes: Sequence[Box], steps: Steps) -> None:
        self.region, self.steps = region, steps
        self.boxes = [part for part in (meet(region, box) for box in boxes) if part is not None]
        steps.spend(len(boxes) + 1)
        self.width = len(region)
        self.whole = _suffix_volumes(region)
        self._covered: set[tuple[int, int]] = set()

    @cached_property
    def _volumes(self) -> list[list[int]]:
        """By number of columns chosen, then by box: the volume of what is left of the box."""
        by_box = [_suffix_volumes(box) for box in self.boxes]
        return [[each[column] for each in by_box] for column in range(self.width + 1)]

    @cached_property
    def _full(self) -> list[int]:
        """By number of columns chosen: the set of boxes that take all that is left."""
        full = [0] * (self.width + 1)
        for number, box in enumerate(self.boxes):
            column = self.width
            full[column] |= 1 << number
            while column and box[column - 1] == self.region[column - 1]:
                column -= 1
                full[column] |= 1 << number
        return full

    @cached_property
    def _open(self) -> list[list[tuple[int, int]]]:
        """By column: its atoms, lowest first, each with the set of boxes that hold it; equal sets only once."""
        found = []
        for column, mask in enumerate(self.region):
            holding = _holding([box[column] for box in self.boxes])
            holding += [0] * (mask.bit_length() - len(holding))
            sets: dict[int, int] = {}
            for atom, holders in enumerate(holding):
                if mask >> atom & 1:
                    sets.setdefault(holders, 1 << atom)
            found.append([(atom, holders) for holders, atom in sets.items()])
            self.steps.spend(len(holding))
        return found

    @cached_property
    def _touching(self) -> list[int]:
        """By box: the set of other boxes it overlaps."""
        touching = neighbours(self.boxes, self.width)
        self.steps.spend(len(self.boxes) * (self.width + 1))
        return touching

    def has_gap(self) -> bool:
        """Tell whether some case of the region lies in no box.

        Raises:
            Undecided: the states became too many.
        """
        return self.any_gap() is not None or self.first_gap() is not None

    def any_gap(self) -> Box | None:
        """Return an uncovered case met by trying some at random (always the same ones), None where none was met."""
        if not all(self._open):
            return None
        dice = random.Random(0)  # noqa: S311  # no secret: any case that is found is a proof
        everything = (1 << len(self.boxes)) - 1
        for _ in range(TRIES):
            state, atoms = everything, []
            for column in self._open:
                atom, holding = column[int(dice.random() * len(column))]
                atoms.append(atom)
                state &= holding
            self.steps.spend(self.width // 4)
            if not state:
                return tuple(atoms)
        return None

    def first_gap(self) -> Box | None:
        """Return the first uncovered case in column order, lowest atoms first, as a box of single atoms.

        Raises:
            Undecided: the states became too many.
        """
        everything = (1 << len(self.boxes)) - 1
        if self._decided(0, everything):
            return None
        chosen: list[int] = []
        waiting = [iter(self._open[0]) if self.width else iter(())]
        states = [everything]
        while len(chosen) < self.width:
            step = next(waiting[-1], None)
            column = len(chosen)
            if step is None:
                # Every atom of this column is covered: so is the state, and the atom that led here.
                self._covered.add((column, states.pop()))
                waiting.pop()
                if not waiting:
                    return None
                chosen.pop()
                continue
            atom, holding = step
            state = states[-1] & holding
            if self._decided(column + 1, state):
                continue
            chosen.append(atom)
            states.append(state)
            waiting.append(iter(self._open[column + 1]) if column + 1 < self.width else iter(()))
        return tuple(chosen)

    def _decided(self, column: int, state: int) -> bool:
        """Tell whether the boxes of a state surely cover what is left; False where one must look further."""
        if state & self._full[column] or (column, state) in self._covered:
            return True
        self.steps.spend(2 + state.bit_count() // 4)
        members = _bits(state)
        volumes = self._volumes[column]
        total = sum(volumes[number] for number in members)
        if total < self.whole[column]:
            return False
        return self._exact(column, state, members, total) == self.whole[column]

    def _exact(self, column: int, state: int, members: list[int], total: int) -> int:
        """Return the size of the union of a state's boxes where no three of them overlap; else -1."""
        touching = self._touching
        for one in members:
            near = touching[one] & state
            if not near:
                continue
            for other in _bits(near >> one + 1 << one + 1):
                if touching[other] & near:
                    return self._union(column, members) if len(members) <= SMALL else -1
                total -= self._common(column, one, other)
                self.steps.spend(1)
        return total

    def _union(self, column: int, members: list[int]) -> int:
        return _union([self.boxes[number][column:] for number in members], self.steps)

    def _common(self, column: int, one: int, other: int) -> int:
        size = 1
        for mine, theirs in zip(self.boxes[one][column:], self.boxes[other][column:], strict=True):
            size *= (mine & theirs).bit_count()
        return size


class Holders:
    """By column and atom: the set of boxes that hold it. Made once to ask of many boxes whether others leave them room."""

    def __init__(self, boxes: Sequence[Box | None], width: int) -> None:
        self._dice = random.Random(0)  # noqa: S311  # no secret: any case that is found is a proof
        self.columns: list[list[int]] = []
        for column in range(width):
            self.columns.append(_holding([0 if box is None else box[column] for box in boxes]))

    def leaves_room(self, box: Box, others: int) -> bool:
        """Tell whether some case of `box`, tried at random, lies in none of the boxes of the set `others`."""
        spans = [(mask, (mask & -mask).bit_length() - 1, mask.bit_length()) for mask in box]
        for _ in range(TRIES):
            state = others
            for holding, (mask, low, high) in zip(self.columns, spans, strict=True):
                atom = low + int(self._dice.random() * (high - low))
                while not mask >> atom & 1:
                    atom = low + int(self._dice.random() * (high - low))
                state &= holding[atom]
                if not state:
                    return True
        return False


def _flips(masks: list[int]) -> dict[int, int]:
    """Return at which atoms which of the masks begin or end, as sets of their numbers."""
    flips: dict[int, int] = {}
    for number, mask in enumerate(masks):
        edges = mask ^ mask << 1
        while edges:
            low = edges & -edges
            edges ^= low
            place = low.bit_length() - 1
            flips[place] = flips.get(place, 0) | 1 << number
    return flips


def _union(boxes: list[Box], steps: Steps) -> int:
    """Return the size of the union of a few boxes: each adds what later ones do not share with it."""
    size = 0
    for place, box in enumerate(boxes):
        steps.spend(len(boxes) - place)
        shared = [part for part in (meet(box, other) for other in boxes[place + 1 :]) if part is not None]
        if box not in shared:
            size += _suffix_volumes(box)[0] - (_union(shared, steps) if shared else 0)
    return size


def _suffix_volumes(box: Box) -> list[int]:
    volumes = [1]
    for mask in reversed(box):
        volumes.append(volumes[-1] * mask.bit_count())
    return volumes[::-1]


def grow(case: Box, region: Box, boxes: Sequence[Box]) -> Box:
    """Return a box around an uncovered `case`, widened column by column while no box touches it."""
    for column in range(len(region)):
        case = (*case[:column], grow_column(case, column, region, boxes), *case[column + 1 :])
    return case


def gaps(region: Box, boxes: Sequence[Box], steps: Steps, most: int) -> list[tuple[Box, Box]]:
    """Return up to `most` gaps as (smallest case, widened box); each is outside the ones before.

    Raises:
        Undecided: before the first gap was found; later the search for more just ends.
    """
    found: list[tuple[Box, Box]] = []
    known = list(boxes)
    while len(found) < most:
        try:
            case = _first_gap(region, known, steps)
        except Undecided:
            if not found:
                raise
            break
        if case is None:
            break
        around = grow(case, region, known)
        found.append((case, around))
        known.append(around)
    return found


def _first_gap(region: Box, boxes: Sequence[Box], steps: Steps) -> Box | None:
    """Return the first gap; where finding the very first costs too much, one that no single column makes smaller.

    Raises:
        Undecided: neither was found within the steps.
    """
    cover = Cover(region, boxes, Steps(steps.left // 2))
    try:
        case = cover.first_gap()
    except Undecided:
        cover.steps = steps
        case = cover.any_gap()
        if case is None:
            raise
        for column in range(len(region)):
            around = grow_column(case, column, region, boxes)
            case = (*case[:column], around & -around, *case[column + 1 :])
    steps.spend(steps.left // 2 - cover.steps.left if cover.steps is not steps else 0)
    return case


def grow_column(case: Box, column: int, region: Box, boxes: Sequence[Box]) -> int:
    """Return all atoms of one column with which a box stays free of `boxes`."""
    trial, blocked = (*case[:column], region[column], *case[column + 1 :]), 0
    for box in boxes:
        part = meet(trial, box)
        if part is not None:
            blocked |= part[column]
    return region[column] & ~blocked


def overlaps(boxes: Sequence[Box | None]) -> Iterator[tuple[int, int, Box]]:
    """Yield each pair of overlapping boxes by index, with their common part."""
    real = [(number, box) for number, box in enumerate(boxes) if box is not None]
    near = neighbours([box for _, box in real], len(real[0][1]) if real else 0)
    for place, (number, box) in enumerate(real):
        for other in _bits(near[place] >> place + 1 << place + 1):
            both = meet(box, real[other][1])
            if both is not None:
                yield number, real[other][0], both


def neighbours(boxes: Sequence[Box], width: int) -> list[int]:
    """Return for each box the set of other boxes it overlaps."""
    everything = (1 << len(boxes)) - 1
    near = [everything & ~(1 << number) for number in range(len(boxes))]
    for column in range(width):
        masks = [box[column] for box in boxes]
        levels = _levels(_holding(masks))
        for number, mask in enumerate(masks):
            near[number] &= _meeting(mask, levels)
    return near


def _holding(masks: list[int]) -> list[int]:
    """Return by atom the set of masks that hold it."""
    flips, holding, atoms = _flips(masks), 0, []
    for atom in range(max((mask.bit_length() for mask in masks), default=0)):
        holding ^= flips.get(atom, 0)
        atoms.append(holding)
    return atoms


def _levels(atoms: list[int]) -> list[list[int]]:
    """Return the unions of 1, 2, 4, ... neighbouring atoms' sets, so that any run is the union of two of them."""
    levels, size = [atoms], 1
    while 2 * size <= len(atoms):
        last = levels[-1]
        levels.append([one | other for one, other in zip(last, last[size:], strict=False)])
        size *= 2
    return levels


def _meeting(mask: int, levels: list[list[int]]) -> int:
    """Return the set of masks that share an atom with `mask`, run by run."""
    found = start = 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        start += skip
        length = (~mask & mask + 1).bit_length() - 1
        level = length.bit_length() - 1
        found |= levels[level][start] | levels[level][start + length - (1 << level)]
        mask >>= length
        start += length
    return found


def _bits(mask: int) -> list[int]:
    bits = []
    while mask:
        low = mask & -mask
        bits.append(low.bit_length() - 1)
        mask ^= low
    return bits
