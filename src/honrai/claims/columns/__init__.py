"""The claim rules on columns of data: the same amounts as `rules` on every row, a million rows in seconds.

`adjudicate.adjudicate_frame` is a pure function of a frame that holds whole households. That is the seam for more machines: an
engine that spreads DataFrames divides the frame by `household` and maps the function over the parts (`parts.in_parts`).
"""
