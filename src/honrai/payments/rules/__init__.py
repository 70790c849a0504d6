"""Rules of payments: values in, values out; no clock, no database."""
