"""Read claim files and work out what the city pays (no Django, no clock, no database).

Words: a *receipt* (レセプト) is one patient's month at one institution as a claim file carries it; a *claim* is the same
asked of the city by any route; a *step* is one line of an explanation. Start at `uke.read_uke` for files,
`claim.claim_of` to make a claim of a receipt, and `adjudicate.adjudicate` for amounts.
"""
