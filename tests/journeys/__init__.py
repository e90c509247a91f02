"""Stories in a real browser, through the real worker, from the first click to the published list."""
