"""Claims: medical claims read, verified and adjudicated to the yen, for こども, ひとり親 and 重度心身障がい者医療費助成.

`rules` is pure: it reads claim files without losing a byte and explains every amount line by line.
"""
