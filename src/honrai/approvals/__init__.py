"""Approvals: what was proposed is drafted, goes round, is decided by the 職位 the city's rules name, and gets its number.

Other chapters come in by `api`. Nothing may be issued before `check_decided` says that the document was approved.
"""
