"""Files that come back."""
