"""What people ask of exchange (`loading`, `outgoing`), and the work jobs do for it (`working`, `proving`)."""
