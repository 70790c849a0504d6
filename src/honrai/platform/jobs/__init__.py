"""Work that need not hold up a page: jobs on the same database, enqueued with the data they belong to, run at least once."""
