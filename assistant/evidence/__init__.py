"""A question that stands alone -> the passages and sentences that may answer it, scored."""
