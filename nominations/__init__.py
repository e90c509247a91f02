"""Nominations: from the printed form to the recommendation."""
