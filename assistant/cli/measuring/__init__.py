"""Commands that ask many questions: what is answered, and what a change would change."""
