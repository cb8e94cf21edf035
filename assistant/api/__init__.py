"""The HTTP surfaces of the assistant, one file each. The only package that knows FastAPI."""
