"""Editing a draft in the browser: form, parameters, manual, letters, precedents, diagrams and tables; preview and undo.

Every change is saved as a revision of one file, good or not: whether the draft may become a version is the gate's question.
"""
