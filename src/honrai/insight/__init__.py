"""What the event log tells: 日報, 月報 and 検収書 of a contract, its monthly self-audit, and what the centre saved."""
