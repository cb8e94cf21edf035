"""Folder of text in, verified generation out. Imports nothing else of ours."""
