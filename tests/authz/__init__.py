"""Who may do what: every address, every role."""
