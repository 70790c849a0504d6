"""The roof: settings, addresses, the wiring of events to operations, and the command line."""
