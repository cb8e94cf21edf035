"""Tests of the package ``index``: each docstring states the promise that the test keeps."""
