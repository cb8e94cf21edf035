"""Follow-up questions: what they leave unsaid, and how it is put back."""
