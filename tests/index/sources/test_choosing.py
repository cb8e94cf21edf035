"""Which files an owner chooses, and where their documents are published."""

import pytest

from index.sources.choosing import Choice, is_base_url


@pytest.mark.parametrize(
    ("globs", "path", "taken"),
    [
        ((), "a/b.md", True),
        (("*.md",), "a.md", True),
        (("*.md",), "a/b.md", False),
        (("**/*.md",), "a/b.md", True),
        (("a",), "a/b/c.md", True),
        (("a/",), "a/b.md", True),
        (("a",), "ab.md", False),
        (("{a,b}/*.md",), "b/c.md", True),
        (("[ab].md",), "b.md", True),
        (("x", "a/**"), "a/b/c.md", True),
    ],
)
def test_globs_choose_files(globs: tuple[str, ...], path: str, taken: bool) -> None:
    """A star stops at a slash, two do not, and a folder's name stands for all in it."""
    assert Choice(include=globs).takes(path) is taken
    if globs:
        assert Choice(exclude=globs).takes(path) is not taken


def test_what_is_excluded_is_not_read_although_it_is_included() -> None:
    """Leaving out wins."""
    choice = Choice(include=("guide",), exclude=("guide/drafts",))
    assert choice.takes("guide/a.md")
    assert not choice.takes("guide/drafts/a.md")


@pytest.mark.parametrize(
    ("base", "path", "url", "address"),
    [
        (None, "a.md", None, None),
        (None, "a.md", "/a/", None),
        (None, "a.md", "https://x.example/a", "https://x.example/a"),
        ("https://e.org", "guide/start.md", None, "https://e.org/guide/start/"),
        ("https://e.org/docs/", "guide/index.md", None, "https://e.org/docs/guide/"),
        ("https://e.org/docs", "README.md", None, "https://e.org/docs/"),
        ("https://e.org", "_index.md", None, "https://e.org/"),
        ("https://e.org", "a b/ü.md", None, "https://e.org/a%20b/%C3%BC/"),
        ("https://e.org/{path}.html", "a/b.md", None, "https://e.org/a/b.html"),
        ("https://e.org/view?f={file}", "a/b.md", None, "https://e.org/view?f=a/b.md"),
        ("https://e.org/docs/", "a.md", "/b/", "https://e.org/b/"),
        ("https://e.org/docs/", "a.md", "b/", "https://e.org/docs/b/"),
        ("https://e.org/{path}", "a.md", "/b/", "https://e.org/b/"),
    ],
)
def test_addresses_follow_from_paths(
    base: str | None, path: str, url: str | None, address: str | None
) -> None:
    """A page is where a site generator puts it, or where the owner says that pages are."""
    assert Choice(base_url=base).address(path, url) == address


@pytest.mark.parametrize(
    "address", ["", "e.org", "/docs", "ftp://e.org", "https://", "http://[", "https://a b"]
)
def test_only_a_web_address_is_a_base(address: str) -> None:
    """Anything else would lead nowhere."""
    assert not is_base_url(address)
