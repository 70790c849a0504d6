"""Residents, households and ledgers as the core systems told them last night: read-only copies, found by indexed keys.

Where next: `operations.taking` for how extracts arrive, `queries` for the search, `permissions` for who sees what
(支援措置 closes relations), `facts` for the answers casework asks.
"""
