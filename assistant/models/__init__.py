"""Whatever runs a network, and what keeps such work short."""
