"""Scored evidence -> quotes, each with the place where it stands."""
