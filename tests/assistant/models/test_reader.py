"""The reader and how pairs are put to it: the real files, and passages made here."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.models.opening import open_models
from assistant.models.pairs import PairTokenizer, in_context
from assistant.models.pinned import READER
from assistant.models.reader import UNREAD, Reader
from assistant.settings import Settings
from index.errors import ModelError
from index.records import Passage, Sentence


def passage(*sentences: str, headings: tuple[str, ...] = (), start: int = 0) -> Passage:
    """Return a passage that begins somewhere in its document."""
    text = " ".join(sentences)
    spans, at = [], start
    for sentence in sentences:
        spans.append(Sentence(at, at + len(sentence), 0, "paragraph"))
        at += len(sentence) + 1
    return Passage(0, 0, 0, start, start + len(text), text, headings, tuple(spans))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Open the shipped reader."""
    opened = Reader(READER.file().parent, threads=2)
    yield opened
    opened.close()


def test_the_sentence_that_answers_is_told_from_its_neighbours(reader: Reader) -> None:
    """Each is read where it stands; the passage that holds none answers less."""
    question = "Until when is the bakery open on Sundays?"
    answering = passage(
        "The bakery was founded by two sisters.",
        "On Sundays it closes at noon.",
        "Its bread is made with rye.",
        headings=("The bakery",),
        start=1_000,
    )
    silent = passage(
        "The bakery was founded by two sisters.",
        "Its bread is made with rye.",
        headings=("The bakery",),
    )
    read, other = reader.read(question, [answering, silent])
    assert len(read.sentences) == 3
    assert int(np.argmax(read.sentences)) == 1
    assert read.answers > other.answers
    assert max(read.sentences) > max(other.sentences)


def test_a_reading_does_not_depend_on_what_else_is_read(reader: Reader) -> None:
    """Passages are read one by one, so the same bytes come out whatever comes along."""
    one, two = passage("Pores are openings in the skin."), passage("Rain fell. " * 30)
    alone = reader.read("What are pores?", [one])
    assert reader.read("What are pores?", [two, one, two])[1] == alone[0]


def test_where_a_passage_stands_changes_nothing(reader: Reader) -> None:
    """Offsets are the document's; the reader sees the passage alone."""
    sentences = ("Pores are openings.", "They let oil out. 🙂")
    near, far = passage(*sentences, start=0), passage(*sentences, start=70_000)
    assert reader.read("What are pores?", [near]) == reader.read("What are pores?", [far])


def test_a_sentence_beyond_the_window_is_not_evidence(reader: Reader) -> None:
    """It is marked as unread, and never guessed at."""
    long = passage("word " * 600 + "end.", "The answer is here.")
    (read,) = reader.read("What is the answer?", [long])
    assert read.sentences[1] == UNREAD < read.sentences[0]


def test_a_long_question_is_cut_and_not_the_passage() -> None:
    """A question beyond 128 tokens says the rest in other words; the text stays whole."""
    tokenizer = PairTokenizer(READER.file().parent / "tokenizer.json")
    pair = tokenizer.pair("why " * 500, "Skin.")
    assert pair.start == 1 + 128 + 1
    assert pair.offsets == ((0, 4), (4, 5))
    assert pair.feeds["input_ids"].shape == (1, 1 + 128 + 1 + 2 + 1)
    assert pair.feeds["token_type_ids"].sum() == 3


def test_a_pair_never_exceeds_the_window() -> None:
    """The longest question with the longest text is 512 tokens."""
    tokenizer = PairTokenizer(READER.file().parent / "tokenizer.json")
    assert tokenizer.pair("why " * 500, "skin " * 2_000).feeds["input_ids"].shape == (1, 512)


def test_models_read_a_passage_with_its_headings() -> None:
    """What a section is called is part of what it says."""
    headed = passage("It is open.", headings=("Shop", "Hours"))
    assert in_context(headed) == "Shop > Hours\nIt is open."
    assert in_context(passage("It is open.")) == "It is open."


@pytest.mark.parametrize("content", [None, "not a tokenizer", "\udcff"])
def test_a_tokenizer_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    """Missing, not JSON, or not UTF-8: one error with the file's name."""
    file = tmp_path / "tokenizer.json"
    if content is not None:
        file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        PairTokenizer(file)


def test_a_reader_of_the_owners_is_taken_as_it_is(tmp_path: Path) -> None:
    """A folder in the settings replaces the shipped one, and is opened or refused by name."""
    assert READER.folder(str(tmp_path)) == tmp_path
    with pytest.raises(ModelError, match=str(tmp_path)):
        open_models(Settings(reader=str(tmp_path)))
