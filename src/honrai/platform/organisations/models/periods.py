"""Constraints that every dated table shares."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models


def no_overlap(name: str, *same: str, condition: models.Q | None = None, period: str = "period") -> ExclusionConstraint:
    """Return the constraint that no two rows with the same city and `same` fields overlap in time."""
    expressions: list[tuple[Any, str]] = [("city", RangeOperators.EQUAL)]
    expressions += [(field, RangeOperators.EQUAL) for field in same]
    return ExclusionConstraint(
        name=name, expressions=[*expressions, (period, RangeOperators.OVERLAPS)], condition=condition
    )


def has_a_start(name: str, period: str = "period") -> models.CheckConstraint:
    """Return the constraint that a period is not empty and has a first day."""
    return models.CheckConstraint(
        name=name, condition=models.Q(**{f"{period}__isempty": False, f"{period}__startswith__isnull": False})
    )
