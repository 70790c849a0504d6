"""What a register is and what it answers (`data/*.yaml`), and how a number of a series is made."""
