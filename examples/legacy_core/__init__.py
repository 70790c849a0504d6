"""A made-up core system (業務システム) as cities have them: old, clumsy, and the only place where the truth is kept.

It knows nothing of Honrai: its own process, its own SQLite file, Shift_JIS pages, screens with numbers for names, a batch
import and a nightly extract in fixed width. `python -m examples.legacy_core` starts it; robots and people work on it.
"""
