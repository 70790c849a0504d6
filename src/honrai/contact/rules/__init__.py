"""Rules of contact: pure."""
