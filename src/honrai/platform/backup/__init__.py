"""Backup and restore: database, files and audit heads in one encrypted archive, verified before anything is touched."""
