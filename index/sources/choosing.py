"""What an owner chooses of a source folder: which files are read, and where they are published.

Owns the meaning of ``include``, ``exclude`` and ``base_url``. Pure: paths in, answers out. Paths
are relative to the folder, with ``/``.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urljoin, urlsplit

from wcmatch.glob import BRACE, DOTGLOB, GLOBSTAR, globmatch

# Files that stand for their folder, as site generators have it.
_INDEXES = frozenset({"index", "_index", "readme"})
_PLACES = ("{path}", "{file}")


@dataclass(frozen=True, slots=True)
class Choice:
    """Globs of the files to read (none: all) and of those to leave out, and the site's address.

    ``*`` stands for anything but a slash, ``**`` for any number of folders; the name of a folder
    for all that is in it. Of ``base_url`` see ``address``.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    base_url: str | None = None

    def takes(self, path: str) -> bool:
        """Say whether a file is to be read."""
        wanted = not self.include or _matches(path, self.include)
        return wanted and not _matches(path, self.exclude)

    def address(self, path: str, url: str | None) -> str | None:
        """Return where a document is published: what it says itself, or what ``base_url`` makes.

        A site generator publishes ``guide/start.md`` as ``guide/start/`` and ``guide/index.md`` as
        ``guide/``. Another site says where its pages are by ``{path}``, the file's path without its
        suffix, or by ``{file}``, with it: ``https://example.org/{path}.html``.
        """
        if url is not None and urlsplit(url).scheme:
            return url
        if self.base_url is None:
            return None
        base = self.base_url
        if url is not None:  # a path on the site
            return urljoin(base.partition("{")[0], url)
        bare = str(PurePosixPath(path).with_suffix(""))
        if any(place in base for place in _PLACES):
            return base.replace("{path}", quote(bare)).replace("{file}", quote(path))
        folder, _, name = bare.rpartition("/")
        page = folder if name.lower() in _INDEXES else bare
        return urljoin(base.rstrip("/") + "/", f"{quote(page)}/" if page else "")


EVERYTHING = Choice()


def is_base_url(address: str) -> bool:
    """Say whether an address is one on the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in address


def _matches(path: str, globs: tuple[str, ...]) -> bool:
    each = [form for glob in globs for form in (glob.rstrip("/"), f"{glob.rstrip('/')}/**")]
    return bool(each) and globmatch(path, each, flags=BRACE | DOTGLOB | GLOBSTAR)
