"""The one log of everything: what happened, who saw what, what must be told to whom, and the seal that proves it.

An event is written in the transaction of the act it tells of. The same row is the audit record, the line in the timeline
and the outbox: `site/wiring.py` names what follows an event, now (same transaction) or later (one job per subscriber).
"""
