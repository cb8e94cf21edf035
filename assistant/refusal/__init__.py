"""Whether there is enough evidence to answer at all: the model, its fit, the owner's own."""
