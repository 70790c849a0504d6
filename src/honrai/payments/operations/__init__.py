"""What people and other chapters do with payments."""
