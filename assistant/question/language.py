"""Questions that cannot be answered from any source: without a word, or in a language not read.

Owns when a question is one, looking at it as it was typed. What is measured of a text to tell its
language is the index's (``index.language``), so that documents and questions are told alike.
"""

from index.generations.opening import Generation
from index.language import unread_language
from index.words import STOPWORDS, stem, words


def is_wordless(question: str) -> bool:
    """Say whether a question has neither a letter nor a digit."""
    return not any(each.isalnum() for each in question)


def unread_question(generation: Generation, question: str) -> str | None:
    """Return the language of a question (ISO 639) if the models do not read it, else ``None``.

    A question whose words all stand in passages that they read is in the language of these.
    """
    named = (word for word in words(question) if word not in STOPWORDS)
    if all(generation.lexicon.frequency(stem(word)) for word in named):
        return None
    return unread_language(question, generation.encoder.unknown)


def unread_sources(generation: Generation) -> bool:
    """Say whether the sources hold nothing that the models read."""
    return not generation.manifest.counts.passages
