"""The resolver and how conversations are put to it: the real files."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.pairs import PairTokenizer
from assistant.models.pinned import READER, RERANKER, RESOLVER, Pinned
from assistant.models.reader import Reader
from assistant.models.resolver import Resolver, laid_out, words_read
from assistant.schemas import Turn
from index.errors import ModelError

NEEDLES = [
    Turn(role="user", content="What does a visit to the studio include?"),
    Turn(role="assistant", content="Sterile needles are opened in front of you. Tea is served."),
]


@pytest.fixture(scope="module")
def resolver() -> Iterator[Resolver]:
    """Open the shipped resolver."""
    reader = Reader(READER.file().parent, threads=1)
    yield Resolver(RESOLVER.file(), reader)
    reader.close()


@pytest.fixture(scope="module")
def tokenizer() -> PairTokenizer:
    """Open the tokenizer alone."""
    return PairTokenizer(READER.file().parent / "tokenizer.json")


def _logits(resolver: Resolver, question: str, messages: list[Turn]) -> dict[str, float]:
    return {
        messages[word.place].content[word.start : word.end]: word.logit
        for word in resolver.unsaid(question, messages)
    }


@pytest.mark.parametrize(
    ("question", "meant", "not_meant"),
    [("Are they thrown away afterwards?", "needles", "Tea"),
     ("What kind is it, green or black?", "Tea", "needles")],
)  # fmt: skip
def test_the_words_that_are_meant_are_told_from_others(
    resolver: Resolver, question: str, meant: str, not_meant: str
) -> None:
    """The same conversation, two questions: each leans on something else."""
    logits = _logits(resolver, question, NEEDLES)
    assert logits[meant] > logits[not_meant]


def test_every_word_of_a_short_conversation_is_read_once(resolver: Resolver) -> None:
    """In its place, both speakers', and no marker of who speaks among them."""
    words = resolver.unsaid("Why?", NEEDLES)
    found = [NEEDLES[word.place].content[word.start : word.end] for word in words]
    assert found == [word for turn in NEEDLES for word in re.findall(r"\w+", turn.content)]


def test_of_a_long_conversation_the_latest_is_read(resolver: Resolver) -> None:
    """What does not fit the window is the oldest."""
    long = [Turn(role="user", content=f"number {n} " + "and so on " * 40) for n in range(20)]
    places = {word.place for word in resolver.unsaid("Why?", long)}
    assert places == set(range(min(places), 20))
    assert 0 < min(places) < 19


def test_the_same_question_gives_the_same_logits(resolver: Resolver) -> None:
    """Nothing of an earlier call is left behind."""
    first = resolver.unsaid("Are they clean?", NEEDLES)
    resolver.unsaid("Why?", NEEDLES[:1])
    assert resolver.unsaid("Are they clean?", NEEDLES) == first


_TURNS = st.lists(
    st.builds(Turn, role=st.sampled_from(["user", "assistant"]), content=st.text(max_size=40)),
    min_size=1,
    max_size=5,
)


@given(_TURNS, st.text(max_size=20))
def test_each_word_is_made_of_its_own_tokens(
    tokenizer: PairTokenizer, messages: list[Turn], question: str
) -> None:
    """Where a word stands in its message is where its tokens stand in what is read."""
    text, begins = laid_out(messages)
    pair = tokenizer.pair(question, text)
    for place, start, end, tokens in words_read(messages, begins, pair.offsets):
        word = messages[place].content[start:end]
        assert text[begins[place] + start : begins[place] + end] == word
        for first, last in pair.offsets[tokens]:
            assert begins[place] + start < last
            assert first < begins[place] + end


@pytest.mark.parametrize("pinned", [RESOLVER, READER, RERANKER])
def test_a_damaged_model_is_named(pinned: Pinned) -> None:
    """By its hash, with what mends it."""
    with pytest.raises(ModelError, match=rf"{Path(pinned.place).name}.*{re.escape(pinned.mend)}"):
        replace(pinned, sha256="0" * 64).file()


def test_what_is_no_reader_is_named() -> None:
    """The resolver reads on from what a reader gives; the cross-encoder does not give it."""
    with pytest.raises(ModelError, match="is no reader: it does not give answers, states, tokens"):
        Reader(RERANKER.file().parent, threads=1)
