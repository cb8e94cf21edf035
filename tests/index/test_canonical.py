"""Canonical text and front matter: what a file decodes to, and what its header says."""

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.canonical import TextError, canonical_text
from index.sources.front_matter import FrontMatter, read_front_matter

_PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\r\n\t\f\v\x1b\x85")
)


@given(_PLAIN, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_only_the_mark_and_the_line_ends_change(text: str, encoding: str) -> None:
    """Canonical text is what the file decodes to, its mark dropped and its line ends made LF."""
    text = text.removeprefix("\ufeff")
    assert canonical_text(text.encode(encoding)) == re.sub("\r\n?", "\n", text)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_names_the_encoding(encoding: str) -> None:
    """Wide encodings are read in either byte order if the file says so."""
    assert canonical_text("\ufeffÄ\r\n😀".encode(encoding)) == "Ä\n😀"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"abc\xff", "not valid UTF-8 at byte 3; save the file as UTF-8"),
        (codecs.BOM_UTF8 + b"ab\xc3", "not valid UTF-8 at byte 5"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8", "not valid UTF-16-LE at byte 4"),
        (b"text\x00more", "control character U+0000 at character 4"),
        (b"\x7fELF", "control character U+007F at character 0"),
        (b"PK\x03\x04", "looks like a binary file"),
        ("a\u00e9\x07".encode(), "U+0007 at character 2"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(data: bytes, says: str) -> None:
    """An encoding error names the byte in the file, a control character its place and the mend."""
    with pytest.raises(TextError, match=re.escape(says)):
        canonical_text(data)


@pytest.mark.parametrize(
    "text",
    ["", "Text.", "---", "----\na: b\n---\n", " ---\na: b\n---\n", "---\n\nText below a rule.\n"],
)
def test_a_text_without_a_header_begins_at_its_beginning(text: str) -> None:
    """What does not open with a line of three dashes, or is plainly a rule, is all body."""
    assert read_front_matter(text) == FrontMatter()


def test_a_header_says_id_title_url_and_questions() -> None:
    """The four keys are read as written, other keys are passed over, the body begins below."""
    text = (
        "---\nid: a.b-c_1\ntitle: '  Two\n  lines '\nurl: http://x.example/?a=b#c\n"
        'questions: ["Why?", How]\ndate: 2024-01-01\nno: {deep: [1, {er: 2}]}\n---  \nBody.'
    )
    matter = read_front_matter(text)
    assert matter == FrontMatter(
        text.index("Body."), "a.b-c_1", "Two lines", "http://x.example/?a=b#c", ("Why?", "How")
    )


@pytest.mark.parametrize("text", ["---\n---\nBody", "---\n# a comment\n...\nBody"])
def test_an_empty_header_is_one(text: str) -> None:
    """A header without a value says nothing, and is still no part of the body."""
    assert read_front_matter(text) == FrontMatter(text.index("Body"))


@pytest.mark.parametrize("value", ["", "~", "''", "[]", "  "])
def test_an_empty_value_says_nothing_but_a_tilde_is_a_word(value: str) -> None:
    """No value is converted: what YAML calls null is what was written."""
    assert read_front_matter(f"---\ntitle: {value}\n---\n").title == ("~" if value == "~" else None)


@pytest.mark.parametrize("value", ["yes", "1e3", "0o17", "2024-01-01", "null", "1_000", ".inf"])
def test_values_stay_the_strings_that_were_written(value: str) -> None:
    """A title that looks like a number or a date to YAML is still that title."""
    assert read_front_matter(f"---\ntitle: {value}\n---\n").title == value


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("a: 1\nb", "never closed; add a '---' line"),
        ("just words\n---\n", "lines of 'key: value'"),
        ("- a\n- b\n---\n", "put an empty line before the '---'"),
        ("a: b: c\n---\n", "line 2: mapping values are not allowed here; put quotes"),
        ("a: b\nc: 'open\n---\n", "cannot be read at line"),
        ("a: [1, 2\n---\n", "cannot be read at line"),
        ("a: \ufffe\n---\n", "holds the character U+FFFE; remove it"),
        ("a: &x 1\n---\n", "anchors or aliases"),
        ("a: &x [*x, *x]\n---\n", "anchors or aliases"),
        ("a: *x\n---\n", "anchors or aliases"),
        ("a: !!python/object/apply:os.system [id]\n---\n", "YAML tags (!)"),
        ("a: !x 1\n---\n", "YAML tags (!)"),
        ("a: " + "[" * 5000 + "\n---\n", "nested too deeply"),
        ("? [a]\n: b\n---\n", "keys must be plain words"),
        ("a: b\n--- c\n---\n", "keys must be plain words"),
        ("id: a\nid: b\n---\n", "'id' twice; keep one"),
        ("id: a b\n---\n", "must be 1-128 letters"),
        ("id: -a\n---\n", "beginning with a letter or digit"),
        ("id: ../../etc/passwd\n---\n", "must be 1-128 letters"),
        ("id: " + "a" * 129 + "\n---\n", "must be 1-128 letters"),
        ("id: ä\n---\n", "must be 1-128 letters"),
        ("id: [a, b]\n---\n", "'id' must be a single value"),
        ("title: {a: b, c: d}\n---\n", "'title' must be a single value"),
        ('title: "a\\ud800b"\n---\n', "holds a control character"),
        ('title: "a\\0b"\n---\n', "holds a control character"),
        ('questions: ["\\e[31m"]\n---\n', "holds a control character"),
        ("url: clinic.example\n---\n", "http:// or https://"),
        ("url: javascript:alert(1)\n---\n", "http:// or https://"),
        ("url: data:text/html,x\n---\n", "http:// or https://"),
        ("url: 'http://'\n---\n", "http:// or https://"),
        ("url: 'http://:80/'\n---\n", "http:// or https://"),
        ("url: https://a b\n---\n", "must be one address"),
        ("url: 'http://[::1'\n---\n", "cannot be read: Invalid IPv6 URL"),
        ("a: " + "b" * 20_000 + "\n---\n", "longer than 16,384 characters; shorten it"),
        ("a: b\n" + "x" * 1_000_000, "never closed"),
    ],
)
def test_a_bad_header_is_refused_with_its_mend(header: str, says: str) -> None:
    """Broken, huge and hostile headers are refused in one short line that says what to do."""
    with pytest.raises(TextError) as caught:
        read_front_matter(f"---\n{header}")
    message = str(caught.value)
    assert says in message
    assert "\n" not in message
    assert len(message) < 300


@given(st.text(st.sampled_from("ab:-[]{}&*!?|>'\"%@`#,\n \\x0"), max_size=60))
def test_any_header_is_read_or_refused(header: str) -> None:
    """No header does anything but say something or raise the one error; it never ends in a line."""
    text = f"---\n{header}\n---\nBody"
    try:
        matter = read_front_matter(text)
    except TextError:
        return
    assert matter.end == 0 or text[matter.end - 1] == "\n"
    assert text[: matter.end].count("---") != 1
