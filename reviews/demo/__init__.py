"""The demo: two seasons of invented entries, made through the same actions that people use."""
