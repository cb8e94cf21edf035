"""What a request has to pass before it is answered: one file a check."""
