"""A quote as readers see it: its words without markup.

Owns the one function that makes a display, from the quote alone, so that anyone can check it. Links
read as their text and pictures as their description; emphasis, code marks, comments and tags are
gone; entities are characters; struck-out text is left out; white space is folded. Knows nothing of
where the quote stands: offsets and hashes are checked with the quote, never with this.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

_MARKDOWN = frozenset({".md", ".markdown"})
# What only the whole document can tell of a line, since a quote may begin in the middle of it.
_NEEDS_CONTEXT = ["code", "lheading", "html_block", "reference"]
_DEEPEST = 100  # quotations and lists in each other; the index reads none that nest deeper
_OVERSTRUCK = re.compile(r"(.)\x08(?=\1)|_\x08", re.DOTALL)
# Escapes that colour a terminal, and control characters that are no white space.
_CONTROLS = re.compile(r"\x1b\[[\d;]*m|[\x00-\x08\x0e-\x1b\x7f]")
# A tag that ends a word. Between the letters of one, a comment or a tag such as <b> parts nothing.
_PARTS = ("<br", "<p", "</p", "<li", "</li", "<td", "</td", "<th", "</th", "<div", "</div", "<hr")


def displayed(quote: str, path: str) -> str:
    """Return what a reader is shown of a quote from the file at ``path``.

    Paragraphs, items and rows stand on lines of their own. Nothing is left of a quote that is
    markup alone.
    """
    if Path(path).suffix.lower() not in _MARKDOWN:
        return folded(quote)
    page = _Page()
    for token in _parser().parse(quote):
        page.take(token)
    return "\n".join(line for line in map(folded, page.lines) if line)


def folded(text: str) -> str:
    """Return a text with each run of white space as one space, and without control characters.

    What was struck over to print it bold or underlined is shown once.
    """
    return " ".join(_CONTROLS.sub("", _OVERSTRUCK.sub("", text)).split())


@dataclass(slots=True)
class _Page:
    """The lines that blocks of tokens make, in reading order."""

    lines: list[str] = field(default_factory=list)
    marker: str = ""  # of the item that is about to begin
    joint: str = ""  # what joins the next words to the last line; none begins a new one
    last: int = -1  # line of the quote behind the last words

    def take(self, token: Token) -> None:
        """Add what one token shows."""
        first, end = token.map or (-1, -1)
        match token.type:
            case "list_item_open":
                # A bullet says no more than a line of its own does, but where a quote begins with
                # one it is no bullet.
                bullet = f"{token.markup} " if first == 0 else ""
                self.marker = f"{token.info}{token.markup} " if token.info else bullet
            case "blockquote_open" if first == self.last:
                self.joint = " "  # a line's mark of a quotation that began before the quote
            case "th_close" | "td_close":
                self.joint = " | "
            case "tr_close":
                self.joint = ""
            case "fence":
                self.lines += token.content.splitlines()
            case "inline":
                self._add("".join(_shown(token.children or ())))
                self.last = end

    def _add(self, text: str) -> None:
        if self.joint:
            self.lines[-1] += self.joint + text
        else:
            self.lines.append(self.marker + text)
        self.marker = self.joint = ""


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what inline tokens show."""
    struck = 0
    for token in tokens:
        struck += token.nesting if token.tag == "s" else 0
        if struck:
            continue
        if token.type == "html_inline":
            yield " " if token.content.lower().startswith(_PARTS) else ""
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type == "image":
            yield from _shown(token.children or ())
        else:
            yield token.content


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).disable(_NEEDS_CONTEXT)
    parser.inline.ruler.before("link", "full_reference", _full_reference)
    parser.inline.ruler2.after("emphasis", "cut_emphasis", _cut_emphasis)
    return parser


def _full_reference(state: StateInline, silent: bool) -> bool:
    """Read ``[text][label]`` as its text: what defines the label stands elsewhere."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos)
    closing = state.src.find("]", end + 2, state.posMax)
    if end < 0 or not state.src.startswith("[", end + 1) or closing <= end + 2:
        return False
    if not silent:
        most = state.posMax
        state.pos, state.posMax = state.pos + 1, end
        state.md.inline.tokenize(state)
        state.posMax = most
    state.pos = closing + 1
    return True


def _cut_emphasis(state: StateInline) -> None:
    """Take out marks of emphasis that begins or ends outside the quote."""
    inner = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in [state.delimiters, *inner]:
        for each in delimiters:
            token = state.tokens[each.token]
            if token.type == "text" and _is_cut(each):
                token.content = ""


def _is_cut(each: Delimiter) -> bool:
    """Say whether a mark without its partner opens or closes something, and is no other sign.

    A single underscore is kept: names begin with one.
    """
    one_sided = each.open != each.close
    return one_sided and (each.marker == ord("*") or (each.marker == ord("_") and each.length > 1))
