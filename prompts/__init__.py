"""The words the assistant speaks in its own voice."""
