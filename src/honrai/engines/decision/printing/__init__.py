"""Decision tables on paper and screen, in Japanese."""
