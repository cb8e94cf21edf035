"""What comes with the product and what it stands on: pins, hashes, licences, provenance."""
