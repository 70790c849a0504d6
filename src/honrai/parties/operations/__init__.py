"""Taking extracts in (`taking`), searching and reading people (`looking`), matching cases (`matching`)."""
