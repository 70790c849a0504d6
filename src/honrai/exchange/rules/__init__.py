"""Reading and writing files by layouts, comparing, proving: values only, no clock, no database."""
