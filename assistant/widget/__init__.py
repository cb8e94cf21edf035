"""The chat widget, the page it stands on, and the page that shows a source."""
