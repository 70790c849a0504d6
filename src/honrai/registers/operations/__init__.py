"""What happens to registers: extracts come in, numbers go out."""
