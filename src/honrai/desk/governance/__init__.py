"""Screens of the city's own rules: who decides, how documents go round, how long things are kept, what is disposed of.

Where next: `sheets` for how such a screen is drawn, `urls` for which there are.
"""
