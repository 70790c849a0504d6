"""What changes packs: publishing versions, drafts and their files."""
