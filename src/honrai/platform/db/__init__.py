"""PostgreSQL: the embedded server, the three roles, connection URLs."""
