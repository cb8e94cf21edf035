"""What stands before a passage when it is embedded: the headings above it, as far as they fit."""

from index.embedding.encoder import Encoder
from index.passages.chunking import Chunking, passages_of, retrieval_text
from index.records import Passage
from tests.index.texts import document_of

_CHUNKING = Chunking()


def _passages(text: str, encoder: Encoder) -> list[Passage]:
    return list(passages_of(document_of(text, ".md"), 0, 0, encoder.count, _CHUNKING))


def test_the_heading_path_loses_its_outermost_parts_first(encoder: Encoder) -> None:
    """The path is embedded as far as it fits; the innermost heading says most."""
    text = f"# {'x1 ' * 60}\n\n## Middle\n\n### Inner\n\nText.\n"
    (passage,) = _passages(text, encoder)
    assert passage.headings == (("x1 " * 60).strip(), "Middle", "Inner")
    assert retrieval_text(passage, encoder.count, _CHUNKING) == "Middle > Inner\nText."


def test_a_heading_that_is_too_long_by_itself_is_cut(encoder: Encoder) -> None:
    """One long heading still tells retrieval how it begins, and leaves room for the passage."""
    text = f"# {'字' * 190}\n\n" + "Word. " * 400
    passages = _passages(text, encoder)
    kept = retrieval_text(passages[0], encoder.count, _CHUNKING).split("\n")[0]
    assert kept == "字" * _CHUNKING.headings
    for passage in passages:
        assert encoder.encode(retrieval_text(passage, encoder.count, _CHUNKING)).any()


def test_without_a_heading_the_passage_is_embedded_alone(encoder: Encoder) -> None:
    """Nothing stands before the text of a passage without headings."""
    (passage,) = _passages("Text.", encoder)
    assert retrieval_text(passage, encoder.count, _CHUNKING) == "Text."
