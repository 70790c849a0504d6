"""Screens that join chapters: home, work list, task, case."""
