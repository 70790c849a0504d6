"""What a life event calls for, and the one form that serves all of it; pure functions."""
