"""Everything that changes the organisation. Each checks, decides, writes, records and announces in one transaction."""
