"""Tests of the reviews."""
