"""Reading a scanned page: find it, cut its fields, read them, and say which may stand without a person.

No Django and no clock. `pages` opens files, `registering` finds the printed marks, `crops` cuts, `recognisers` read a crop,
`reading` puts the fields of a form together, `accepting` decides by rules that are data.
"""
