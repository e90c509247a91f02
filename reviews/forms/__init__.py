"""Forms of the body and the expert: what a page may send, read into values; messages say what to do."""
