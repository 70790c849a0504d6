"""Files people send and the house makes: encrypted at rest, typed by content, scanned, served only through permission checks."""
