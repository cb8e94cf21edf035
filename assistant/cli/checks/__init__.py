"""Commands that look an installation over, and change nothing."""
