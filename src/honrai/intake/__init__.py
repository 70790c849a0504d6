"""Applications from every channel: taken in whole, numbered once, never lost and never doubled."""
