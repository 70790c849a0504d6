"""Template tags of the procedures chapter."""
