"""Immutable generations in a folder: opened, verified, published, listed, taken back."""
