"""Screens of the organisation: who is what, transfers, certificates, contractors' accounts, the contract channel."""
