"""Values every room shares: yen, dates, identifiers, names, addresses, law (no Django, no clock, no I/O)."""
