"""Screens of contracts, their reports and self-audits, and of the measured effect."""
