"""What a terminal is given: results to stdout, everything else to stderr.

Owns the safety of terminal output: text of documents reaches a terminal only through ``visible``.
Light to import, since every command needs it and ``--help`` waits for it.
"""

import codecs
import json
import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Any, TextIO

import typer

# Joiners shape Persian, Indic scripts and emoji, and cannot mislead.
_JOINERS = "\u200c\u200d"
# All but what is plainly harmless, and common: looking a character up is slow.
_SUSPECT = re.compile(r"[^\n\t -~\xa1-\u036f]")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
WIDTH = 80


def visible(text: str) -> str:
    r"""Return text that a terminal shows and does not obey.

    Control characters (but line feed and tab), escape sequences, bidirectional overrides and
    characters that show nothing become escapes such as ``\x1b`` and ``\u202e``.
    """
    return _SUSPECT.sub(lambda found: _shown(found.group()), text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def json_text(value: Any) -> str:
    """Return JSON for people and programs: any character that a terminal would obey is escaped."""
    # RFC 8259 has JSON in UTF-8; where standard output is not, escapes are safe in anything.
    text = json.dumps(value, ensure_ascii=_encoding(sys.stdout) != "utf-8", indent=2)
    return _SUSPECT.sub(lambda found: _escaped(found.group()), text)


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    # A character beyond the first plane is two escapes (RFC 8259, section 7).
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def emit(text: str) -> None:
    """Write a result to stdout. A reader that has closed the pipe has what it wanted."""
    _write(text, sys.stdout)


def say(text: str) -> None:
    """Write one line about the work to stderr."""
    _write(visible(" ".join(text.splitlines())), sys.stderr)


def _write(text: str, stream: TextIO) -> None:
    # A terminal's encoding may lack a character, and undecodable arguments none of them has.
    writable = text.encode(_encoding(stream), "backslashreplace").decode(_encoding(stream))
    try:
        typer.echo(writable, file=stream)
    except BrokenPipeError:
        # What is still in the buffer must go somewhere when the interpreter ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _encoding(stream: TextIO) -> str:
    return codecs.lookup(stream.encoding or "utf-8").name


def lines(marks: Sequence[tuple[str, str]]) -> str:
    """Return aligned lines of a mark and what it is about."""
    width = max((len(mark) for mark, _ in marks), default=0)
    return "\n".join(f"{mark:<{width}}  {visible(about)}" for mark, about in marks)


def folded(text: str, lead: str = "") -> str:
    """Return text after ``lead``, on as many lines of 80 columns as it takes; words stay whole."""
    return textwrap.fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
        break_long_words=False,
    )
