"""Inputs: what comes back from outside as a file, JSON or spreadsheet, read into answers and judged cell by cell."""
