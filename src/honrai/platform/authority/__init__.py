"""Who may do what: the act a step is in law, the actor of the day, 専決 levels, and one rule behind every check.

`check_can_x` raises `Denied` with a reason a person can read; `can_x` asks the same rule and returns a bool. No other
place in the house decides by the kind of organisation somebody belongs to.
"""
