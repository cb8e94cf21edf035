"""Text -> unit vectors: the encoder, its export, and where both are kept."""
