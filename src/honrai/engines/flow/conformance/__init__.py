"""Suites written by others, run through the engine: Betsy (execution) and MIWG (interchange), and a random one."""
