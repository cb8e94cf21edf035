"""What changed between two generations: documents, sentences, answers."""
