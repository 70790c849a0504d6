"""Screens of contact."""
