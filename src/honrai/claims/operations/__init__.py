"""What is done with claims: taken in, read, judged, decided, closed."""
