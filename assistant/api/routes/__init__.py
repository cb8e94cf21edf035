"""One file for each surface that the server offers."""
