"""Languages that the models do not read: what is refused, and what is refused in vain.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.languages [--locales FOLDER]

English is every question of the benchmarks, the golden questions and those to the small sites; each
that is told to be in another language is printed, as if no source used its words. Other languages
are the translated messages of programs (gettext catalogues, four words or more, placeholders left
out), which Debian keeps in ``/usr/share/locale``. Last come passages of the small sites.
"""

import argparse
import gettext
import os
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assistant.evaluation.metrics.intervals import proportion_text
from index.language import Unknown, read_and_unread, unread_language
from index.passages.chunking import Chunking, all_passages
from index.sources.folder import read_folder
from index.unread import unread_documents
from tests.bench.corpora import GOLDEN, VISITORS, generation_of, rows, sites

_PROGRAMS = (
    "gtk30 glib20 coreutils apt wget tar sed grep bash findutils shadow systemd dpkg".split()
)
_MOST = 300  # messages of a language
_PLACEHOLDER = re.compile(r"[%\\\\<>{}|@$=/~\n]|--|http")
_UNSPACED = ("zh", "ja", "th", "km", "my")  # written without spaces between words
_QUESTION = ("text", "question", "rewrite")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locales", type=Path, default=Path("/usr/share/locale"))
    arguments = parser.parse_args()
    with closing(generation_of("seeds")) as generation:
        unknown = generation.encoder.unknown
        _english(unknown)
        _others(unknown, arguments.locales)
        _passages(unknown, generation.encoder.count)


def _english(unknown: Unknown) -> None:
    told = [(text, unread_language(text, unknown)) for text in _english_questions()]
    for text, language in told:
        if language:
            print(f"  {language}  {text[:90]}")
    mistaken = proportion_text([language is not None for _, language in told])
    print(f"English questions told to be in another language: {mistaken}")


def _english_questions() -> list[str]:
    root = os.environ.get("FOOTNOTE_BENCH") or sys.exit("set FOOTNOTE_BENCH")
    files = [GOLDEN, *VISITORS.glob("*/questions.jsonl"), *Path(root).rglob("*quer*.jsonl")]
    files += [*Path(root).rglob("rewrites.jsonl")]
    found = (row.get(name) for path in sorted(files) for row in rows(path) for name in _QUESTION)
    return sorted({text for text in found if text})


def _others(unknown: Unknown, locales: Path) -> None:
    shares = {}
    for language, messages in _messages(locales).items():
        chosen = random.Random(7).sample(messages, min(_MOST, len(messages)))
        refused = sum(unread_language(text, unknown) is not None for text in chosen)
        shares[language] = refused / len(chosen)
    print(f"told of messages in {len(shares)} languages:")
    print("  " + "  ".join(f"{name} {share:.2f}" for name, share in sorted(shares.items())))
    print(f"  mean {sum(shares.values()) / len(shares):.3f}")


def _messages(locales: Path) -> dict[str, list[str]]:
    """Return the messages of each language that has at least forty."""
    found = defaultdict(set)
    for path in locales.glob("*/LC_MESSAGES/*.mo"):
        language = path.parts[-3]
        if path.stem in _PROGRAMS and not language.startswith("en"):
            found[language].update(_translated(path, spaced=not language.startswith(_UNSPACED)))
    return {name: sorted(texts) for name, texts in found.items() if len(texts) >= 40}


def _translated(path: Path, *, spaced: bool) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
    except (UnicodeDecodeError, IndexError):  # their header does not say what it should
        return
    # There is no public way to list a catalogue's messages.
    for key, text in catalogue._catalog.items():  # type: ignore[attr-defined]
        plain = text.replace("_", "") if isinstance(text, str) else ""
        long_enough = len(plain.split()) >= 4 if spaced else len(plain) >= 10
        if key and text != key and long_enough and not _PLACEHOLDER.search(plain):
            yield plain


def _passages(unknown: Unknown, count: object) -> None:
    total, left_out = 0, []
    for folder in sites():
        documents = read_folder(folder).documents if any(folder.glob("*.md")) else ()
        if documents:
            passages = all_passages(documents, count, Chunking(limit=256))
            _, unread = read_and_unread(passages, unknown)
            total += len(passages)
            left_out += [
                f"{folder.name}/{each.path}" for each in unread_documents(unread, documents)
            ]
    print(f"passages of small sites left out: {len(left_out)} of {total} {left_out}")


if __name__ == "__main__":
    main()
