"""BPMN: read, prove sound, step, migrate, draw."""
