"""Contact: what leaves the house on paper — seals, print batches, stock with serials, receipt stamps, and what stops it."""
