"""Who lives together: draws the members of a made-up household by kind, with ages and relations (続柄)."""

from __future__ import annotations

import random
from dataclasses import dataclass

from honrai.site.demo.shape import Draw, shape

HEAD = "世帯主"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a household.

    Attributes:
        relation: 続柄 to the head, 世帯主 for the head.
        sex: "男" or "女".
        age: in whole years.
        own_name: True when the family name is not the head's.
    """

    relation: str
    sex: str
    age: int
    own_name: bool = False


class HouseholdMaker:
    """Draws households; one maker per city, fed by the city's random source."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._kinds = shape()["households"]
        self._kind = Draw.by_share(rng, {kind: entry["share"] for kind, entry in self._kinds.items()})

    def next(self, most: int) -> tuple[str, list[Member]]:
        """Draw one household of at most `most` members (>= 1): its kind and its members, the head first."""
        while True:
            kind = self._kind.next()
            members = self._members(kind)
            if len(members) <= most:
                return kind, members

    def _age(self, kind: str) -> int:
        low, high = self._kinds[kind]["head"]
        rng = self._rng
        if kind in ("single_old", "couple_old", "parent_grown_child"):
            return int(rng.triangular(low, high + 1, low + (high - low) * 0.36))
        return int(low + (high + 1 - low) * (rng.random() + rng.random()) / 2)

    def _members(self, kind: str) -> list[Member]:
        age = self._age(kind)
        if kind.startswith("single"):
            woman = 0.62 if kind == "single_old" else 0.42
            return [Member(HEAD, "女" if self._rng.random() < woman else "男", age)]
        if kind.startswith("couple"):
            return self._couple(age)
        if kind.startswith("family"):
            return self._couple(age) + self._children(kind, age)
        if kind == "others_together":
            return self._together(age)
        if kind == "three_generations":
            return self._couple(age) + self._children(kind, age) + self._grandparents(age)
        return self._one_parent(kind, age)

    def _couple(self, age: int) -> list[Member]:
        rng = self._rng
        other = max(19, age + round(rng.gauss(-1.5, 3.5)))
        if rng.random() < 0.95:
            return [Member(HEAD, "男", age), Member("妻", "女", other)]
        return [Member(HEAD, "女", age), Member("夫", "男", max(19, age + round(rng.gauss(1.5, 3.5))))]

    def _children(self, kind: str, parent: int) -> list[Member]:
        entry, rng = self._kinds[kind], self._rng
        low, high = entry["child_gap"]
        least, most = entry["children"]
        count = min(most, least + int(rng.random() ** 1.6 * (most - least + 1)))
        children: list[Member] = []
        gap = rng.randint(low, high)
        for _ in range(count):
            age = parent - gap
            if age < 0:
                break
            children.append(Member("子", "男" if rng.random() < 0.512 else "女", age))
            gap += rng.choice((1, 2, 2, 3, 3, 4))
        return children or [Member("子", rng.choice("男女"), max(0, min(parent - low, 3)))]

    def _one_parent(self, kind: str, age: int) -> list[Member]:
        mother = kind == "mother_children" or (kind == "parent_grown_child" and self._rng.random() < 0.8)
        parent = Member(HEAD, "女" if mother else "男", age)
        children = self._children(kind, age)
        if kind == "parent_grown_child" and age > 74 and self._rng.random() < 0.5:
            child = children[0]
            return [Member(HEAD, child.sex, child.age), Member("母" if mother else "父", parent.sex, age)]
        return [parent, *children]

    def _grandparents(self, age: int) -> list[Member]:
        rng = self._rng
        older = age + rng.randint(22, 34)
        both = [Member("母", "女", older)]
        if rng.random() < 0.45:
            both.insert(0, Member("父", "男", older + rng.randint(-1, 5)))
        return both

    def _together(self, age: int) -> list[Member]:
        rng = self._rng
        relation = rng.choice(("妹", "弟", "妻（未届）", "同居人", "同居人"))
        sex = {"妹": "女", "弟": "男", "妻（未届）": "女"}.get(relation) or rng.choice("男女")
        head = Member(HEAD, "男" if "妻" in relation else rng.choice("男女"), age)
        other = max(18, age - rng.randint(1, 6))
        return [head, Member(relation, sex, other, own_name=relation not in ("妹", "弟"))]
