"""A case that was disposed of is no longer about anybody."""

from honrai.parties.models import Match


def forget_case(case: int) -> None:
    """Delete which resident a case was about."""
    Match.objects.filter(case=case).delete()
