"""Pages, a file for each person: read the request, ask, call one action, answer."""
