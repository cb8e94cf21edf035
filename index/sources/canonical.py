"""Bytes of a plain-text file -> canonical text.

Owns the one definition of canonical text for .txt and .md: what the file decodes to, byte order
mark dropped, CRLF and lone CR made LF, nothing else changed; and how the encoding of an old file is
told. Knows nothing of headings or folders.
"""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from index.sources.loader import TextError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark this one begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How files begin that are no text, whatever their name says.
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, as Word and OpenDocument files are"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint file"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
# Control characters that texts hold: besides white space the backspace of overstruck manual pages,
# escapes of terminal colours, and DOS's mark at the end of a file.
_CONTROL = re.compile(r"[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01  # share of a text's characters; a stray one makes no binary file
# What these decode to is told apart by the letters; Latin alphabets are told apart below.
_ALPHABETS = (
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
)
_LATIN = ("cp1252", "cp1250")
_HIGH = re.compile(rb"[\x80-\xff]+")
_INSIDE = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")
# Letters, accents, hyphens and apostrophes.
_IN_WORDS = frozenset({"Lu", "Ll", "Mn", "Mc", "Pd", "Pf"})


def canonical_text(data: bytes) -> str:
    """Decode a file to canonical text.

    Raises ``TextError`` for what is no text, or in an encoding that cannot be told.
    """
    text, _ = decoded(data)
    return with_line_feeds(text)


def with_line_feeds(text: str) -> str:
    """Return a text with LF for every CRLF and lone CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(data: bytes) -> tuple[str, str]:
    """Return what a file decodes to, and its encoding.

    UTF-8, or what a byte order mark says, or else what the letters say: the same for the same bytes
    and version of charset-normalizer. Raises ``TextError``.
    """
    for start, kind in _FORMATS:
        if data.startswith(start):
            raise TextError(f"is {kind} under the name of a text; give it its own suffix")
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        found = None if mark else _encoding(data)
        if found is None:
            raise TextError(
                f"not valid {encoding.upper()} at byte {len(mark) + error.start}, and no other "
                "encoding fits; save the file as UTF-8"
            ) from error
        text, encoding = data.decode(found), found
    _check_controls(text)
    return text, encoding


def _check_controls(text: str) -> None:
    controls = _CONTROL.findall(text)
    if "\x00" in controls or len(controls) > _MOST_CONTROLS * len(text):
        raise TextError(
            f"looks like a binary file (control character U+{ord(controls[0]):04X} at character "
            f"{text.index(controls[0])}); remove it, or give it the suffix of its real format"
        )


def _encoding(data: bytes) -> str | None:
    """Name the encoding of bytes that are not UTF-8.

    Latin alphabets put single letters beyond ASCII between those within; in others whole words are
    beyond it. The latter charset-normalizer tells apart. Of the former Windows-1252 is by far the
    most common, and taken unless it puts signs into words.
    """
    runs = _HIGH.findall(data)
    if 2 * sum(len(run) == 1 for run in runs) <= len(runs):
        best = from_bytes(data, cp_isolation=list(_ALPHABETS)).best()
        return best.encoding if best else None
    fitting = [name for name in _LATIN if _decodes(data, name)]
    return min(fitting, key=lambda name: _signs_in_words(data.decode(name)), default=None)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _signs_in_words(text: str) -> int:
    inside = _INSIDE.findall(text)
    return sum(unicodedata.category(character) not in _IN_WORDS for character in inside)
