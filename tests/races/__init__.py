"""Threads against each other on a real PostgreSQL."""
