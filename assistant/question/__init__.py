"""What is asked: a question made to stand alone, or told from what is no question."""
