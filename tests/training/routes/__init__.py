"""Questions that belong to a person: written for measuring, half of them for fitting."""
