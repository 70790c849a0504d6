"""Stub."""

BUILTIN_NAMES = ("date and time", "years and months duration")
