"""The form on paper: where every box stands, in millimetres, so that what is printed can be read back.

`layout.paper_of` places everything; `printing` sets it with typst; the documents chapter reads scans by the same boxes.
"""
