"""A document's blocks -> the passages that are searched, and how a quote of them is read."""
