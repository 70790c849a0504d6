"""The resources, one module each. Every endpoint asks the operations the screens ask."""
