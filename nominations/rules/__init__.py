"""Arithmetic: values and a moment in, a verdict out; no web, no database, no clock."""
