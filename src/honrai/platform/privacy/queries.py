"""Reading periods, holds and disposal, for screens."""

from django.db.models import Count, QuerySet

from honrai.platform.privacy.models import DisposalItem, DisposalList, LegalHold, RetentionRule


def retention_rules() -> QuerySet[RetentionRule]:
    """Return every line of the city on keeping, past, present and to come."""
    return RetentionRule.objects.all()


def holds() -> QuerySet[LegalHold]:
    """Return every hold, lifted ones too."""
    return LegalHold.objects.all()


def disposal_lists() -> QuerySet[DisposalList]:
    """Return every list of disposal with the number of things on it (`size`)."""
    return DisposalList.objects.annotate(size=Count("items"))


def disposal_items(listed: int) -> QuerySet[DisposalItem]:
    """Return the things on a list."""
    return DisposalItem.objects.filter(list=listed)
