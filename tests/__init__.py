"""Tests that look at the whole house, and the commands `make` runs."""
