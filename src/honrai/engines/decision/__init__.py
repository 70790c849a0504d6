"""DMN: read, check, decide one, decide a column, explain, print."""
