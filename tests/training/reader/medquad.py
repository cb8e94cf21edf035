"""Examples from medquad: what is said of a disease, asked about one aspect at a time.

The corpus says of each text which aspect of which disease it is about. So a text about the aspect
that is asked for answers, and one about another aspect of the same disease is a ``near miss``: on
the subject, in the question's words, and silent on what was asked. Which sentence of an answer it
is, is not recorded.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.passages.chunking import Chunking, passages_of
from index.records import Block, Document, Passage
from index.words import words
from tests.bench.corpora import bench, rows
from tests.training.reader.examples import Example, from_passage, no_answer
from tests.training.reader.split import held_out

_DISEASES = 900
_ASPECTS = 3  # that a disease must have texts about, to have something to be mistaken for
_LONGEST_NAME = 50  # code points; longer ones are lists of synonyms that nobody would type
_ROUNDS = 2  # questions a disease
_UNTOLD = 0.4  # how often a disease is also asked for what no text of the corpus says
_HEADED = 0.5  # how often a text has the disease as its heading
_LENGTHS = (350, 600, 900)  # code points that a text is cut at: a passage may be short or long
_SENTENCES = 8  # of a text that are marked

# How the aspects are asked for: as the corpus has it, and as people type.
_QUESTIONS = {
    "causes": (
        "What causes {x}?",
        "why do people get {x}",
        "where does {x} come from?",
        "what brings on {x}?",
    ),
    "complications": ("What are the complications of {x}?", "what can go wrong with {x}"),
    "exams and tests": (
        "How to diagnose {x}?",
        "what tests show {x}",
        "how do doctors find out you have {x}?",
    ),
    "frequency": ("How many people are affected by {x}?", "how common is {x}", "is {x} rare?"),
    "genetic changes": (
        "What are the genetic changes related to {x}?",
        "which gene is behind {x}",
    ),
    "information": ("What is {x}?", "tell me about {x}", "what does {x} mean"),
    "inheritance": (
        "Is {x} inherited?",
        "can I pass {x} on to my children",
        "does {x} run in families?",
    ),
    "outlook": (
        "What is the outlook for {x}?",
        "how long do people live with {x}",
        "does {x} go away?",
    ),
    "prevention": (
        "How to prevent {x}?",
        "how can I avoid {x}",
        "can you stop {x} from happening?",
    ),
    "research": ("what research is being done for {x}?", "are there new trials for {x}?"),
    "stages": ("What are the stages of {x}?",),
    "susceptibility": ("Who is at risk for {x}?", "who gets {x}", "am I likely to get {x}?"),
    "symptoms": (
        "What are the symptoms of {x}?",
        "what does {x} feel like",
        "How do I know if I have {x}?",
        "signs of {x}",
        "what happens to you when you have {x}?",
    ),
    "treatment": (
        "What are the treatments for {x}?",
        "How is {x} treated?",
        "what helps with {x}",
        "how do I get rid of {x}?",
        "can anything be done about {x}",
        "Is there a cure for {x}?",
    ),
}
# Texts about these say a little of everything, so they are no near miss of any question.
_GENERAL = frozenset({"information", "considerations", "support groups"})
# Aspects whose texts often answer the question too: of these no near miss is made. What a disease
# is, any text about it says in passing.
_MAY_ANSWER = {
    "causes": {"genetic changes", "inheritance", "susceptibility"},
    "complications": {"symptoms", "outlook"},
    "exams and tests": {"symptoms"},
    "frequency": {"susceptibility"},
    "genetic changes": {"causes", "inheritance"},
    "information": set(_QUESTIONS),
    "inheritance": {"genetic changes", "causes"},
    "outlook": {"treatment", "complications"},
    "prevention": {"susceptibility", "treatment"},
    "research": {"treatment"},
    "susceptibility": {"causes", "frequency", "prevention"},
    "symptoms": {"complications", "exams and tests"},
    "treatment": {"outlook", "prevention", "research"},
}
_PAIN = ("pain", "hurt", "sore", "comfort", "numb", "anesth", "anaesth", "sting", "ache", "tender")
_HARM = (
    *("side", "risk", "adverse", "complicat", "harm", "danger", "safe", "toxic", "damag", "bleed"),
    *("infect", "pain", "problem", "caution", "warn"),
)
# What visitors ask of any treatment, and no text of the corpus says.
_NEVER_SAID = (
    "How much does treatment of {x} cost?",
    "who discovered {x}?",
    "how long does an appointment for {x} take?",
    "does insurance pay for {x}?",
    "is it ok to fly with {x}?",
    "where can I buy something for {x}?",
    "which doctor is best for {x}?",
    "how many times do I have to come in for {x}?",
)
# What they ask as well, and some text may say: with the beginnings of words of which none may stand
# in a text that is taken for silent. What a treatment is good for says nothing of these.
_SELDOM_SAID = {
    "does treatment of {x} hurt?": _PAIN,
    "is the treatment for {x} painful": _PAIN,
    "Is it uncomfortable to be treated for {x}?": _PAIN,
    "are there side effects when {x} is treated?": _HARM,
    "What are the risks of treating {x}?": _HARM,
    "is it safe to have {x} treated": _HARM,
    "can I have {x} treated while pregnant?": ("pregnan", "birth", "baby", "babies", "unborn"),
    "how long until {x} treatment works?": ("day", "week", "month", "year", "hour"),
    "how many sessions do I need for {x}?": ("session", "dose", "cycle", "visit", "week", "month"),
    "who came up with the treatment for {x}?": ("discover", "develop", "invent", "describ", "name"),
}

Texts = Mapping[str, Sequence[str]]  # what is said of a disease, by aspect


def medquad(rng: random.Random) -> Iterator[Example]:
    """Yield the examples of a random choice of diseases."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(bench("medquad") / "corpus.jsonl.gz"):
        said[row["title"]][row["qtype"]].append(row["text"])
    names = [n for n in said if len(said[n]) >= _ASPECTS and len(n) < _LONGEST_NAME]
    rng.shuffle(names)
    for name in names[:_DISEASES]:
        if not held_out("medquad", name):
            yield from of_disease(rng, name, said[name])


def of_disease(rng: random.Random, name: str, texts: Texts) -> Iterator[Example]:
    """Yield questions about aspects of one disease, each with a text and, if any, a near miss."""
    askable = [aspect for aspect in sorted(texts) if aspect in _QUESTIONS]
    for _ in range(_ROUNDS if askable else 0):
        aspect = rng.choice(askable)
        question = rng.choice(_QUESTIONS[aspect]).format(x=name)
        passage = _passage(rng, texts[aspect], _headings(rng, name))
        # Several sentences may answer, or the text only as a whole: nobody has marked them.
        unknown = (None,) * len(passage.sentences)
        origin = ("medquad", "answering", name)
        yield from_passage(origin, question, passage, unknown, answers=True)
        if misses := near_misses(aspect, texts):
            passage = _passage(rng, texts[rng.choice(misses)], _headings(rng, name))
            yield no_answer(("medquad", "near miss", name), question, passage)
    if rng.random() < _UNTOLD:
        question = rng.choice(_NEVER_SAID).format(x=name)
        passage = _passage(rng, texts[rng.choice(sorted(texts))], (name,))
        yield no_answer(("medquad", "near miss", name), question, passage)
    if rng.random() < _UNTOLD and "treatment" in texts:
        asked, said_by = rng.choice(list(_SELDOM_SAID.items()))
        passage = _passage(rng, texts["treatment"], (name,))
        if not any(word.startswith(said_by) for word in words(passage.text)):
            yield no_answer(("medquad", "near miss", name), asked.format(x=name), passage)


def near_misses(aspect: str, texts: Texts) -> list[str]:
    """Return the other aspects whose texts are on the subject and do not answer."""
    excluded = {aspect, *_GENERAL, *_MAY_ANSWER.get(aspect, ())}
    return [other for other in sorted(texts) if other not in excluded]


def _headings(rng: random.Random, name: str) -> tuple[str, ...]:
    """On a page of its own a disease is named above the text, elsewhere in it or not at all."""
    return (name,) if rng.random() < _HEADED else ()


def _passage(rng: random.Random, texts: Sequence[str], headings: tuple[str, ...]) -> Passage:
    whole = passage_of(rng.choice(texts)[: rng.choice(_LENGTHS)], headings)
    return replace(whole, sentences=whole.sentences[:_SENTENCES])


def passage_of(text: str, headings: tuple[str, ...]) -> Passage:
    """Return a text as one passage, its sentences where an index has them.

    The text is no longer than the longest of the lengths, and has a sentence.
    """
    blocks = (Block(0, len(text), "paragraph", 0, headings),)
    document = Document("", "", "", None, sha256="", size=0, text=text, blocks=blocks)
    # Counted in code points instead of tokens, with room for all of it.
    chunking = Chunking(limit=2 * _LENGTHS[-1], target=_LENGTHS[-1], special=0)
    (passage,) = passages_of(document, 0, 0, len, chunking)
    return passage
