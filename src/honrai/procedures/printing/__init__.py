"""Paper and pages made from a pack: the form as PDF, the manual as HTML and PDF."""
