"""Screens of paper."""
