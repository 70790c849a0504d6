"""Letters, notices and certificates as PDF: typst, with the fonts of the house and no other."""
