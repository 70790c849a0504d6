"""Everything that changes a case. Each operation: check permission, decide by rules, write, record, announce."""
