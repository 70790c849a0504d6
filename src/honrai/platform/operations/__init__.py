"""Running the house: logs, health, metrics, reference numbers for errors."""
