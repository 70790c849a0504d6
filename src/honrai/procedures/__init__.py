"""Procedures: one definition per procedure (a pack), its versions, and the gate that publishes them.

`rules` reads and checks packs and is pure; cases, screens, letters and manuals all follow from what it returns.
"""
