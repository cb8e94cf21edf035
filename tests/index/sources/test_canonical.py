"""Canonical text and front matter: what a file decodes to, and what its header says."""

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.canonical import canonical_text, decoded
from index.sources.front_matter import FrontMatter, read_front_matter
from index.sources.loader import TextError

_PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"])
    | st.sampled_from("\r\n\t\f\v\x1b\x85\b")
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
        (codecs.BOM_UTF8 + b"ab\xc3", "not valid UTF-8 at byte 5"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8", "not valid UTF-16-LE at byte 4"),
        (b"text\x00more", "control character U+0000 at character 4"),
        ("a\u00e9\x07".encode(), "U+0007 at character 2"),
        (b"\x7fELF", "is a program under the name of a text"),
        (b"%PDF-1.4 and so on", "is a PDF under the name of a text; give it its own suffix"),
        (b"PK\x03\x04", "is a ZIP archive"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(data: bytes, says: str) -> None:
    """What a file is that is no text, or where it stops being one, and what to do."""
    with pytest.raises(TextError, match=re.escape(says)):
        canonical_text(data)


@pytest.mark.parametrize(
    "text",
    [
        "The ferry sails at 8.\n\x1a",
        "The tram\b leaves at nine.",
        "N\bNA\bAM\bME\bE _\bf_\bi_\bl_\be\n",
        "Page one.\n\fPage two.\n",
        "\x1b[31mred\x1b[0m",
        "A long text with one stray bell." * 9 + "\x07",
    ],
)
def test_stray_control_characters_make_no_binary_file(text: str) -> None:
    """Marks of old systems, printers and terminals stand in texts, and stay where they stand."""
    assert canonical_text(text.encode()) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café ouvre à huit heures. L’entrée coûte 5 €.", "cp1252"),
        ("Größe und Maß: das Geschäft öffnet um acht.", "cp1252"),
        ("It’s £5 – “half” for children, 20°C in summer.", "cp1252"),
        ("¿Dónde está el baño? Los niños pagan la mitad.", "cp1252"),
        ("Naïve", "cp1252"),
        ("Sklep jest otwarty od ósmej, także w święta. Łódź i żółw są w środku.", "cp1250"),
        ("Магазин открыт с восьми часов.", "cp1251"),
        ("Магазин открыт с восьми часов.", "koi8_r"),
        ("Το κατάστημα ανοίγει στις οκτώ.", "cp1253"),
        ("הספרייה נפתחת בשעה שמונה. ילדים משלמים חצי.", "cp1255"),
        ("تفتح المكتبة الساعة الثامنة صباحا.", "cp1256"),
        ("図書館は午前九時に開きます。", "shift_jis"),
        ("図書館は午前九時に開きます。", "euc_jp"),
        ("图书馆周一至周五上午九点开门。", "gb18030"),
        ("圖書館週一至週五上午九點開門。", "big5"),
        ("도서관은 오전 아홉 시에 문을 엽니다.", "euc_kr"),
    ],
)
def test_an_old_encoding_is_told_by_its_letters(text: str, encoding: str) -> None:
    """Files from before UTF-8 are read; what they were read as is said."""
    assert decoded(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text.",
        "---",
        "----\na: b\n---\n",
        " ---\na: b\n---\n",
        "---\n\nText below a rule.\n",
        "+++\nProse.\n+++\n",
    ],
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
        *("a.b-c_1", "Two lines", "http://x.example/?a=b#c", ("Why?", "How")),
        end=text.index("Body."),
    )


@pytest.mark.parametrize("text", ["---\n---\nBody", "---\n# a comment\n...\nBody"])
def test_an_empty_header_is_one(text: str) -> None:
    """A header without a value says nothing, and is still no part of the body."""
    assert read_front_matter(text) == FrontMatter(end=text.index("Body"))


@pytest.mark.parametrize("value", ["", "~", "''", "[]", "  "])
def test_an_empty_value_says_nothing_but_a_tilde_is_a_word(value: str) -> None:
    """No value is converted: what YAML calls null is what was written."""
    assert read_front_matter(f"---\ntitle: {value}\n---\n").title == ("~" if value == "~" else None)


@pytest.mark.parametrize("value", ["yes", "1e3", "0o17", "2024-01-01", "null", "1_000", ".inf"])
def test_values_stay_the_strings_that_were_written(value: str) -> None:
    """A title that looks like a number or a date to YAML is still that title."""
    assert read_front_matter(f"---\ntitle: {value}\n---\n").title == value


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("title: Choosing tools: a manifesto", "Choosing tools: a manifesto"),
        ("title: It's here: now\ntags: [x]\ntags: [y]", "It's here: now"),
        ("title: A\ntitle: B", "B"),
        ("title: [A, B]", "A"),
        ("title: 'A\n  b'", "A b"),
        ('title: "a\\0b"', "a b"),
        ("title: @home", "@home"),
        ("title: 100% wool", "100% wool"),
        ("title: {{ page.title }}", None),
        ('title: "{{ site.name }} tools"', None),
        ("title: {a: b}", None),
        ("x: {{ y }}\ntitle: A", "A"),
        ("x: &x [*x, *x]\ntitle: A", "A"),
        ("x: !!python/object/apply:os.system [id]\ntitle: A", "A"),
        ("x: " + "[" * 5000 + "\ntitle: A", "A"),
        ("x: " + "b" * 100_000 + "\ntitle: A", "A"),
        ("body: |\n  a: b: c\n d\ntitle: A", "A"),
        ("Title: A", None),
    ],
)
def test_what_site_generators_accept_is_accepted(header: str, title: str | None) -> None:
    """Colons, keys given twice, templates, lists, any size: the header ends where it ends."""
    matter = read_front_matter(f"---\n{header}\n---\nBody")
    assert matter.title == title
    assert matter.end == len(f"---\n{header}\n---\n")


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ("guides/start", "guides-start"),
        ("-a!b-", "a-b"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 200, "a" * 128),
        ("ä", None),
        ("42", "42"),
    ],
)
def test_an_id_keeps_what_an_address_can_hold(value: str, id_: str | None) -> None:
    """Other characters become hyphens."""
    assert read_front_matter(f"---\nid: {value}\n---\n").id == id_


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://clinic.example/a?b=c#d", "https://clinic.example/a?b=c#d"),
        ("/docs/a/", "/docs/a/"),
        ("a/b", "a/b"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("'http://'", None),
        ("'http://[::1'", None),
        ("https://a b", None),
    ],
)
def test_an_address_is_one_on_the_web_or_on_the_site(value: str, url: str | None) -> None:
    """What is neither leads nowhere, and stops nothing."""
    assert read_front_matter(f"---\nurl: {value}\n---\n").url == url


@pytest.mark.parametrize(
    "prose",
    [
        "Just words.",
        "- a\n- b",
        "Note: bring a coat.",
        "Note: bring a coat: it is cold.\n\nThe tower is open on Sundays.",
        "A [link](b) and: more",
    ],
)
def test_prose_between_two_rules_stays_prose(prose: str) -> None:
    """No text is lost because it stands between two lines of hyphens."""
    assert read_front_matter(f"---\n{prose}\n---\nBody") == FrontMatter()


def test_toml_is_read_between_plus_signs() -> None:
    """As Hugo has it."""
    text = '+++\ntitle = "Tower: rules"\nid = "t/1"\ndate = 2024-01-01\n[x]\ny = [1]\n+++\nBody'
    matter = read_front_matter(text)
    assert (matter.title, matter.id, text[matter.end :]) == ("Tower: rules", "t-1", "Body")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\nid: x\nText.", "is never closed; all of it was read as text"),
        ("---\ntitle: A\nx: [\n  - 'open\n---\nBody", "only its plain lines were read"),
        ("+++\na = [\n+++\nBody", "is no TOML; nothing in it was read"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, says: str) -> None:
    """The document is read all the same."""
    trouble = read_front_matter(text).trouble
    assert trouble is not None
    assert says in trouble


@given(st.text(st.sampled_from("ab:-[]{}&*!?|>'\"%@`#,=\n \\x0"), max_size=60))
def test_any_header_is_read(header: str) -> None:
    """No header stops anything; it never ends in the middle of a line."""
    for fence in ("---", "+++"):
        text = f"{fence}\n{header}\n{fence}\nBody"
        matter = read_front_matter(text)
        assert matter.end == 0 or text[matter.end - 1] == "\n"
