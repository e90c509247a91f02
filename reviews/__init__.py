"""Reviews: from the gate to the published list."""
