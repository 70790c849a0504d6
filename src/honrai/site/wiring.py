"""What follows what: the one readable table from events to operations.

Rows marked "now" run in the transaction of the event; rows marked "later" run as one job per event and subscriber, once each,
in order within a case.
"""

from honrai.platform.events.api import Follow

FOLLOWS: tuple[Follow, ...] = ()
