"""Renewals decided from values: the plan of a pack, the class of a recipient, the states of a run, comparing two runs."""
