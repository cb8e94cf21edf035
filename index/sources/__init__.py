"""Folder -> Documents with canonical text and exact offsets."""
