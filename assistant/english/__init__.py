"""Every list of words and every pattern of one language, and nothing else.

============  ============================================================  =====================
module        what it tells                                                 entries
============  ============================================================  =====================
numerals      numbers, days and months in words                             51 words
amounts       how much of what, times and dates; whether two can both be    53 units, 46 nouns
polarity      what a sentence denies, and sides of opposites                29 opposites
statements    what a sentence is about, and what turns it                   120 words, 4 patterns
expected      questions that call for a number, a date or a name            5 patterns
facets        questions about pain, cost, harm and the like                 11 facets
questions     questions for a list, for several things, for what one does   4 patterns
vocabulary    words that ask or judge, and name no subject                  142 words
follow_ups    how a follow-up opens, points back and is a fragment          5 patterns
small_talk    messages that ask nothing                                     4 patterns
persons       messages about people rather than a subject                   55 words, 1 pattern
============  ============================================================  =====================

What each changes is measured on real sites by ``python -m tests.bench.answers.english``. Two lists
stand elsewhere: words of grammar in ``index.words``, since passages are indexed without them, and
what orders look like in ``assistant.safety.orders``.
"""
