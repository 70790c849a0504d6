"""What keeps personal data where it may be and no longer than it may be: 個人番号 stay out, periods end, contracts give back.

Where next: `keeping` for how long things are kept and how chapters register them, `operations` for lists of disposal and holds,
`exports` for taking lists out of the house.
"""
