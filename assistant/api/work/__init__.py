"""How requests are worked off: the queue, the workers, the stream, what is in use, what is told."""
