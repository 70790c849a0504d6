"""Moving running cases from one version of a flow to another: a plan first, as a dry run, then case by case."""

from .apply import MigrationRefused, Moved, classes_of, migrate
from .plan import Plan, StateClass, Verdict, plan

__all__ = ["MigrationRefused", "Moved", "Plan", "StateClass", "Verdict", "classes_of", "migrate", "plan"]
