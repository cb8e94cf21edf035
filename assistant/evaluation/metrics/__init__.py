"""Figures from verdicts: retrieval, answers, abstention, each with its interval."""
