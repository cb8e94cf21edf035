"""Every list of words and every pattern of one language, and nothing else."""
