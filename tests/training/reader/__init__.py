"""How the reader is made: a small model that reads a question and a passage together.

It says whether the passage answers the question (one logit) and how well each sentence of it does
(the mean of the logits of the sentence's tokens). It starts from the packaged int8 cross-encoder:
``dequantise`` takes its weights out, ``examples`` gathers what is learnt from, ``train`` tunes the
upper half of the layers, ``export`` writes ONNX with per-channel int8 weights. ``split`` says what
is never learnt from. ``python -m tests.training.reader`` runs it all.
"""
