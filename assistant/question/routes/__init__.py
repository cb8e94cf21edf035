"""Questions that the owner wants a person to answer."""
