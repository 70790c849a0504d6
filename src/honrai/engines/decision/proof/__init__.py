"""Proves decision tables: no gap, no contradiction, no dead rule, over the declared domains."""
