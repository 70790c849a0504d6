"""Files in and out of the core systems: layouts as data, preview before anything changes, proof that an entry landed.

Where next: `rules.layout` for what a layout is, `operations.loading` for a load from upload to undo, `operations.outgoing`
for entries that go out and the proof of landing, `ports` for where loads are delivered.
"""
