"""Measurements beside peers; each file runs alone too. Figures kept in docs/reference/benchmarks.md."""
