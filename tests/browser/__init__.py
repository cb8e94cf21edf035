"""The widget and its pages in a real browser."""
