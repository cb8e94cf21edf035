"""A generation at rest: vectors, words and documents."""
