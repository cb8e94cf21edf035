"""The resolver: its examples, its network and its training."""
