"""The door to claims."""

from honrai.claims.operations.closing import close_month, decide_hold, sums_of
from honrai.claims.operations.receiving import receive, stop

__all__ = ["close_month", "decide_hold", "receive", "stop", "sums_of"]
