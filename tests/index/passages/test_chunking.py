"""Sentences and passages: offsets right, nothing quotable lost, nothing beyond the window."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.embedding.encoder import Encoder
from index.passages.chunking import Chunking, passages_of, retrieval_text
from index.records import Block, Document, Passage
from index.sources.canonical import canonical_text
from index.sources.loader import TextError
from tests.index.texts import SUFFIXES, document_of

_CHUNKING = Chunking()
_PIECES = st.sampled_from(
    [
        *(
            "The skin is dry. ",
            "The skin is dry. ",
            "Why? ",
            "See Fig. 3, e.g. this",
            "Dr. A. B. Smith",
        ),
        *(
            "no mark at all",
            "“Quoted. ",
            "(in brackets. ",
            "3.5 percent",
            "a@b.co",
            "https://x.y/z",
        ),
        *(
            "😀",
            "👩‍⚕️",
            "👍🏽",
            "e\u0301\u0323",
            "字没有空格。",
            "كلمة",
            "नमस्ते।",
            "ﷺ",
            "İ",
            "\u200b",
            "\ufeff",
        ),
        *(
            "\n",
            "\n\n",
            "\n\n\n",
            "\r\n",
            "\r\n\r\n",
            "\r",
            " ",
            "  ",
            "\t",
            "\u00a0",
            "\u2028",
            "\u3000",
        ),
        *(
            "\n# Heading\n",
            "\n## The skin is dry.\n",
            "\nSetext\n---\n",
            "\nA label:\n\n",
            "\n---\n",
        ),
        *(
            "\n- item ",
            "\n  - nested ",
            "\n1. first ",
            "\n> quote ",
            "\n    code",
            "\n```\n",
            "\n~~~ sh\n",
        ),
        *(
            "\n| a | b |\n|---|---|\n| c | d |\n",
            "\n<!-- hidden. -->\n",
            "<b>x</b>",
            "\n[l]: /u\n",
            "**b**",
        ),
        *(
            "A\u2028.” ",
            "B\u00a0. ",
            "x" * 300,
            "word " * 60,
            "\x0b",
            "\x0c",
            "\x85",
            "#",
            "*",
            "|",
            "`",
        ),
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=12), max_size=40).map("".join)
_HEADERS = st.sampled_from(["", "---\nid: secret-id\ntitle: SECRETTITLE\n---\n"])
_MARKS = st.sampled_from(["", "\ufeff"])


def _passages(document: Document, encoder: Encoder) -> list[Passage]:
    return list(passages_of(document, 0, 0, encoder.count, _CHUNKING))


def _check(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    text = document.text
    for block in document.blocks:
        assert 0 <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
    for block, following in pairwise(document.blocks):
        assert block.end <= following.start
    assert [passage.id for passage in passages] == list(range(len(passages)))
    quoted = ["" for _ in document.blocks]
    reached = 0
    for passage in passages:
        assert reached <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end]
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for sentence in passage.sentences:
            quote = text[sentence.start : sentence.end]
            block = document.blocks[sentence.block]
            assert reached <= sentence.start < sentence.end <= passage.end
            assert block.start <= sentence.start
            assert sentence.end <= block.end
            assert quote == quote.strip() == passage.quote(sentence) != ""
            assert (sentence.kind, passage.section) == (block.kind, block.section)
            assert passage.headings == block.headings
            quoted[sentence.block] += quote
            reached = sentence.end
        retrieved = retrieval_text(passage, encoder.count, _CHUNKING)
        assert encoder.count(retrieved) + 2 <= encoder.spec.window
    for block, quotes in zip(document.blocks, quoted, strict=True):
        assert "".join(quotes.split()) == "".join(text[block.start : block.end].split())


@given(_MARKS, _HEADERS, _TEXTS, st.sampled_from(SUFFIXES))
@settings(max_examples=400, deadline=None)
@example("", "", "A\u2028.” B\u3000.](", ".txt")
@example("", "", "```\n" + "x" * 3000 + "\n```", ".md")
@example("", "", "- a\n" * 300, ".md")
def test_every_quotable_code_point_is_in_exactly_one_sentence(
    encoder: Encoder, mark: str, header: str, body: str, suffix: str
) -> None:
    """Whatever a document holds: spans inside, trimmed, apart, in order, complete, not too long."""
    try:
        text = canonical_text((mark + header + body).encode())
        document = document_of(text, suffix)
    except TextError:
        return
    passages = _passages(document, encoder)
    _check(document, passages, encoder)
    quotes = [passage.quote(sentence) for passage in passages for sentence in passage.sentences]
    assert not any("SECRETTITLE" in quote or "secret-id" in quote for quote in quotes)


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 50_000,
        "word " * 10_000,
        "字" * 50_000,
        "👩‍⚕️" * 12_500,
        "a" + "\u0301" * 50_000,
        "a. “" * 12_500,
        "Sentence one. " * 3_500,
        "a" + " " * 50_000 + "b. c",
        "```\n" + "word " * 10_000 + "\n```",
        "\n".join(["short"] * 10_000),
    ],
    ids=["word", "words", "cjk", "emoji", "marks", "quotes", "prose", "space", "code", "lines"],
)
def test_a_line_of_fifty_thousand_characters(encoder: Encoder, text: str, suffix: str) -> None:
    """An endless line is divided like any other text, between words if it has any."""
    document = document_of(text, suffix)
    passages = _passages(document, encoder)
    _check(document, passages, encoder)
    for passage in passages:
        assert not passage.text.startswith(("\u200d", "\ufe0f"))
        if "word" in text or "Sentence" in text:
            assert set(re.findall(r"\w+", passage.text)) <= {"word", "Sentence", "one"}


def test_an_oversize_sentence_is_cut_between_words_only(encoder: Encoder) -> None:
    """A sentence that no passage could hold is divided, and joined again says the same."""
    sentence = "antidisestablishmentarianism, floccinaucinihilipilification " * 60 + "end."
    document = document_of(sentence, ".txt")
    passages = _passages(document, encoder)
    _check(document, passages, encoder)
    assert len(passages) > 3
    assert " ".join(passage.text for passage in passages) == sentence


def test_sentences_across_the_segmenter_s_window_stay_whole(encoder: Encoder) -> None:
    """A long paragraph is segmented piece by piece with the result of doing it at once."""
    sentences = [
        f"The patient number {number} of Dr. Smith came at 9.30 a.m." for number in range(900)
    ]
    document = document_of(" ".join(sentences), ".txt")
    passages = _passages(document, encoder)
    found = [passage.quote(sentence) for passage in passages for sentence in passage.sentences]
    assert found == sentences


def _whole(text: str) -> str:
    return f"Text of its own. {text} More of it."


@pytest.mark.parametrize("space", ["\u00a0", "\u2028", "\u3000", "\u1680", "\x85"])
def test_wide_white_space_before_a_full_stop(encoder: Encoder, space: str) -> None:
    """White space of several bytes, which the segmenter cannot count over, is no danger."""
    document = document_of(_whole(f"A{space}.” B{space}. C{space}D."), ".txt")
    _check(document, _passages(document, encoder), encoder)


def test_a_passage_is_whole_sentences_of_one_section(encoder: Encoder) -> None:
    """Short sentences are packed together, a heading or the target size begins a new passage."""
    text = "# A\n\n" + "The skin is dry today. " * 60 + "\n\n## B\n\nOne. Two.\n\n- Three.\n"
    document = document_of(text, ".md")
    passages = _passages(document, encoder)
    _check(document, passages, encoder)
    assert [passage.headings for passage in passages] == [*[("A",)] * 3, ("A", "B")]
    assert all(encoder.count(passage.text) <= _CHUNKING.target for passage in passages)
    assert [passages[-1].quote(sentence) for sentence in passages[-1].sentences] == [
        *("One.", "Two.", "Three.")
    ]
    assert [sentence.block for sentence in passages[-1].sentences] == [1, 1, 2]
    assert [sentence.kind for sentence in passages[-1].sentences] == [
        *("paragraph", "paragraph", "item")
    ]


def test_labelled_paragraphs_keep_their_blocks(encoder: Encoder) -> None:
    """Paragraphs under one label are told apart, so that a list can be answered item by item."""
    text = "T\n\nBenefits:\n\nCalm: It calms. It rests.\n\nGlow: It glows.\n\nTone: It tones."
    document = document_of(text, ".txt")
    (passage,) = _passages(document, encoder)
    blocks = {sentence.block for sentence in passage.sentences}
    assert passage.headings == ("T", "Benefits")
    assert blocks == {0, 1, 2}


@pytest.mark.parametrize(
    "between",
    ["<!-- The price\nis wrong. -->", "<div>\n10 euros\n</div>", "[ref]: https://x.example 'T'"],
)
def test_no_passage_spans_what_may_not_be_quoted(encoder: Encoder, between: str) -> None:
    """A comment, HTML or a link's definition is neither quoted, nor embedded, nor shown."""
    document = document_of(f"Before it.\n\n{between}\n\nAfter it.\n", ".md")
    assert [passage.text for passage in _passages(document, encoder)] == ["Before it.", "After it."]


@pytest.mark.parametrize(
    "between", ["***", "1. One.\n2. Two.", "```sh\nrun\n```", "> > ~~~ sh\n> > run", "| a |\n|---|"]
)
def test_marks_between_blocks_divide_nothing(encoder: Encoder, between: str) -> None:
    """Bullets, numbers, fences and rules stand between blocks of the same passage."""
    document = document_of(f"Before it.\n\n{between}\n\nAfter it.\n", ".md")
    assert len(_passages(document, encoder)) == 1


def test_a_cut_whose_piece_would_cost_more_is_not_moved_back() -> None:
    """Where half a word costs more tokens than the word, a cut stays where it was seen to fit."""

    def count(text: str) -> int:
        return 1000 if len(text) == 30 else len(text)

    document = document_of("a" * 31 + "\u0301\u0301" + "a" * 300, ".txt")
    chunking = Chunking(limit=34, target=30, special=2, headings=2)
    passages = list(passages_of(document, 0, 0, count, chunking))
    assert "".join(passage.text for passage in passages) == document.text
    assert len(passages[0].text) == 32
    assert all(count(passage.text) <= 32 for passage in passages)


def test_a_blank_block_gives_no_passage() -> None:
    """A loader that marks nothing but space as a block makes nothing quotable of it."""
    block = Block(0, 3, "paragraph", 0, ())
    document = Document("id", "title", "a.md", None, "", 0, " \n ", (block,))
    assert list(passages_of(document, 0, 0, len, _CHUNKING)) == []
