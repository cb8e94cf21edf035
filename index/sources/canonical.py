"""Bytes of a plain-text file -> canonical text.

Owns the one definition of canonical text for .txt and .md: what the file decodes to, byte order
mark dropped, CRLF and lone CR made LF, nothing else changed. Knows nothing of headings or folders.
"""

import codecs
import re

# Characters that plain text never holds; their presence means a binary file under a text name.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark this one begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class TextError(ValueError):
    """A text cannot be read; the message says why and how to mend it."""


def canonical_text(data: bytes) -> str:
    """Decode UTF-8 (or UTF-16/32 that says so by its byte order mark) to canonical text.

    Raises ``TextError`` for invalid encodings and for control characters that no text has.
    """
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError(
            f"not valid {encoding.upper()} at byte {len(mark) + error.start}; save the file as "
            "UTF-8"
        ) from error
    control = _CONTROL.search(text)
    if control:
        raise TextError(
            f"looks like a binary file (control character U+{ord(control.group()):04X} at "
            f"character {control.start()}); remove it, or give it the suffix of its real format"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
