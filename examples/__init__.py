"""What surrounds a centre, made up for trying things out."""
