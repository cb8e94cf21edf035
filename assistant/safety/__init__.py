"""Text that gives orders or hides, and what must not be repeated."""
