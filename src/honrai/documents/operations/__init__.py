"""What is done with paper."""
