"""Sign-in accounts: one person one account, in however many cities that person works."""
