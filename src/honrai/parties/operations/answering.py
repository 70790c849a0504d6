"""Which resident each of many cases is about, in one query."""

from collections.abc import Collection

from honrai.parties.models import Match


def numbers_of_cases(cases: Collection[int]) -> dict[int, str]:
    """Return case -> 宛名番号 of those cases whose subject was found in the extracts."""
    return dict(Match.objects.filter(case__in=list(cases)).values_list("case", "number"))
