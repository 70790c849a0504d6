"""The made-up city the demo runs on; no real person, address number or account is in it."""
