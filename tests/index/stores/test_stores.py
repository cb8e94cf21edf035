"""Vectors, lexicon and passages against the plainest possible version of each."""

import json
import math
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.records import Block, Document, DocumentInfo, Passage, Redacted, Sentence
from index.stores.documents import Passages, passages_bytes
from index.stores.lexicon import LEXICON_FILES, Lexicon, lexicon_files
from index.stores.vectors import Vectors, vectors_bytes
from index.words import STOPWORDS, stem, terms, words

_WORDS = st.sampled_from(
    [
        "pore",
        "pores",
        "Skin",
        "skin's",
        "dry",
        "the",
        "is",
        "oil",
        "oily",
        "ﬁne",
        "ΣΟΦΟΣ",
        "日本",
        "3",
        ".",
    ]
)
_CORPUS = st.lists(st.lists(_WORDS, max_size=8).map(" ".join), min_size=1, max_size=12)


def _bm25(texts: list[str], query: str) -> list[tuple[float, int]]:
    """Score by Lucene's variant (Kamphuis et al. 2020), as the paper writes it."""
    bags = [Counter(terms(text) or [""]) for text in texts]
    average = sum(bag.total() for bag in bags) / len(bags)
    scored = []
    for row, bag in enumerate(bags):
        score = 0.0
        for term in terms(query):
            frequency = sum(term in other for other in bags)
            weight = math.log(1 + (len(bags) - frequency + 0.5) / (frequency + 0.5))
            length = 1.2 * (1 - 0.75 + 0.75 * bag.total() / average)
            if bag[term]:
                score += weight * bag[term] / (bag[term] + length)
        if score:
            scored.append((score, row))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1]))


@given(_CORPUS, st.lists(_WORDS, max_size=6).map(" ".join), st.integers(1, 15))
@settings(max_examples=150, deadline=None)
@example(["the is", "."], "the", 3)
@example(["pore", "pore", "pore"], "pores pore", 2)
def test_the_lexicon_finds_what_bm25_by_hand_finds(
    texts: list[str], query: str, depth: int
) -> None:
    """Scores are those of the formula, passages without a term are not found, ties go by id."""
    lexicon = Lexicon(lexicon_files(texts))
    expected = _bm25(texts, query)
    every = lexicon.search(query, len(texts))
    assert sorted(hit.passage for hit in every) == sorted(row for _, row in expected)
    scores = {row: score for score, row in expected}
    assert all(abs(hit.score - scores[hit.passage]) < 1e-4 for hit in every)
    assert every == sorted(every, key=lambda hit: (-hit.score, hit.passage))
    assert lexicon.search(query, depth) == every[:depth]
    for term in terms(query):
        assert lexicon.frequency(term) == sum(term in terms(text) for text in texts)


def test_the_lexicon_s_files_are_those_that_the_manifest_names() -> None:
    """Nothing is written that is not hashed, and an unknown stem occurs nowhere."""
    files = lexicon_files(["Pores and skin."])
    assert sorted(files) == sorted(LEXICON_FILES)
    assert Lexicon(files).frequency("elephant") == 0


def test_the_lexicon_s_files_are_those_of_bm25s(tmp_path: Path) -> None:
    """The library itself saves the same numbers and loads our files, and scores as we do."""
    texts = ["Pores and skin.", "Dry skin.", "", "Oil on skin, skin and skin."]
    files = lexicon_files(texts)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    loaded = bm25s.BM25.load(tmp_path, show_progress=False)
    loaded.save(tmp_path / "saved", show_progress=False)
    for name in LEXICON_FILES:
        saved = (tmp_path / "saved" / name).read_bytes()
        if name == "vocab.index.json":
            assert json.loads(saved) == json.loads(files[name])
        else:
            assert saved == files[name]
    scores = loaded.get_scores_from_ids([loaded.vocab_dict[stem("skin")]])
    hits = Lexicon(files).search("skin", 10)
    assert {hit.passage: hit.score for hit in hits} == {
        row: float(score) for row, score in enumerate(scores) if score > 0
    }


def test_words_and_terms() -> None:
    """Words are folded and lose their apostrophe endings; terms are stems of words with a topic."""
    assert words("The skin’s ﬁne LINES don't Straße") == [
        *("the", "skin", "fine", "lines", "don", "strasse")
    ]
    assert terms("What are the causes of enlarged pores?") == [stem("causes"), "enlarg", "pore"]
    assert {"what", "the", "of"} <= STOPWORDS


def test_the_lexicon_answers_several_threads_alike() -> None:
    """Searches side by side find what each finds alone."""
    texts = [f"pore number {number} oil {'dry ' * (number % 7)}" for number in range(300)]
    lexicon = Lexicon(lexicon_files(texts))
    queries = [f"dryness of pores {number}" for number in range(60)]
    alone = [lexicon.search(query, 20) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: lexicon.search(query, 20), queries)) == alone


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.integers(-1, 45), st.integers(0, 9))
@settings(max_examples=150, deadline=None)
@example([0, 1, 1, 1, 1], 2, 0)
def test_vectors_find_what_inner_products_by_hand_find(
    kinds: list[int], depth: int, seed: int
) -> None:
    """The nearest come first; of equals, which repeated passages are, the lowest ids are found."""
    random = np.random.default_rng(seed)
    few = random.normal(size=(5, 16)).astype(np.float32)
    few /= np.linalg.norm(few, axis=1, keepdims=True)
    query = random.normal(size=16).astype(np.float32)
    vectors = Vectors(vectors_bytes([few[kind] for kind in kinds], 16))
    hits = vectors.search(query, depth)
    by_kind = few @ query
    expected = sorted(range(len(kinds)), key=lambda row: (-by_kind[kinds[row]], row))
    assert [hit.passage for hit in hits] == expected[: max(depth, 0)]
    for hit in hits:
        assert hit.score == pytest.approx(by_kind[kinds[hit.passage]], abs=1e-5)
    assert len(vectors) == len(kinds)
    assert vectors.all().tobytes() == few[kinds].tobytes()


_DOCUMENTS = [
    Document(
        f"id-{row}", f"Title {row}", f"{row}.md", None, "0" * 64, 5, f"Text {row} 😀.", (), ("Q?",)
    )
    for row in range(3)
]
_PASSAGES = [
    Passage(
        number,
        number % 3,
        number // 2,
        0,
        6,
        f"Text {number}",
        ("H", str(number % 3)),
        (Sentence(0, 6, 0, "item"),),
    )
    for number in sorted(range(6), key=lambda number: number % 3)
]


_READINGS = [
    Redacted(document, spans)
    for document, spans in zip(_DOCUMENTS, [((2, 4), (5, 6)), (), ((0, 3),)], strict=True)
]


@contextmanager
def _opened() -> Iterator[Passages]:
    digests = [str(passage.id) for passage in _PASSAGES]
    data = passages_bytes(_READINGS, _PASSAGES, digests)
    passages = Passages(data)
    yield passages
    passages.close()


def test_passages_come_back_as_they_were_written() -> None:
    """Every document, text, passage, section, path and digest is read back equal."""
    with _opened() as store:
        assert store.documents() == tuple(
            DocumentInfo(d.id, d.title, d.path, d.url, d.sha256, d.size, d.questions)
            for d in _DOCUMENTS
        )
        assert [store.text(row) for row in range(3)] == [d.text for d in _DOCUMENTS]
        assert [store.passage(passage.id) for passage in _PASSAGES] == _PASSAGES
        assert store.section(1, 2) == (next(p for p in _PASSAGES if p.id == 4),)
        assert store.section(9, 9) == ()
        assert store.headings() == [
            (passage.document, passage.headings)
            for passage in sorted(_PASSAGES, key=lambda p: p.id)
        ]
        assert store.digests() == [str(number) for number in range(6)]
        assert store.withheld() == {0: [(2, 4), (5, 6)], 2: [(0, 3)]}


@pytest.mark.parametrize("row", [-1, 3, 2**63 - 1])
def test_what_is_not_there_is_a_lookup_error(row: int) -> None:
    """A row that does not exist is told apart from one that is empty."""
    with _opened() as store:
        with pytest.raises(LookupError, match="no document in row"):
            store.text(row)
        with pytest.raises(LookupError, match="no passage"):
            store.passage(row + 10 if row < 9 else row)


def test_threads_never_get_each_other_s_rows() -> None:
    """One open store serves several threads, each its own rows."""
    wrong: list[int] = []
    with _opened() as store:

        def read(row: int) -> None:
            for _ in range(300):
                whole = store.text(row) == _DOCUMENTS[row].text and store.passage(row).id == row
                wrong.extend([] if whole else [row])

        threads = [threading.Thread(target=read, args=(row,)) for row in (0, 1, 2) * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_the_same_block_is_the_same_value() -> None:
    """Records are values: equal by content and never changed."""
    block = Block(0, 1, "row", 0, ())
    assert block == Block(0, 1, "row", 0, ())
    with pytest.raises(AttributeError):
        block.start = 1  # type: ignore[misc]  # that it cannot be set is the point
