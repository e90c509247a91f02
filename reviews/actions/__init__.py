"""The verbs, a file for each who acts. Every way in goes through them."""
