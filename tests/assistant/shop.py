"""A shop with three documents and a golden file, for what compares one generation with the next."""

import json
from pathlib import Path

from assistant.evaluation.suggesting import suggest_for
from assistant.quoting.quotable import withhold_for
from assistant.settings import Settings
from index.build import rebuild
from index.build_report import BuildReport

OPENS = "The shop opens at nine and closes at six."
SUNDAYS = "On Sundays it is closed."
SHOP = f"---\nid: shop\n---\n# The shop\n\n{OPENS} {SUNDAYS}\n"
BRAKES = "---\nid: brakes\n---\n# Brakes\n\nWe replace brake pads and cables within a day.\n"
OLD = "Old bicycles are taken back for nothing.\n"
ASKED = [
    {
        "id": "opens",
        "question": "When does the shop open?",
        "answerable": True,
        "spans": [{"document_id": "shop", "start": SHOP.index(OPENS), "end": SHOP.index(SUNDAYS)}],
    },
    {"id": "brakes", "question": "Do you replace brake cables?", "answerable": True},
    {"id": "far", "question": "What is the capital of Australia?", "answerable": False},
]


class Shop:
    """A source folder, an index, a golden file, and a place for temporary folders."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self.source, self.index = folder / "docs", folder / "index"
        self.temporary, self.golden = folder / "temporary", folder / "golden.jsonl"
        for each in (self.source, self.index, self.temporary):
            each.mkdir()
        (self.index / "encoders").symlink_to(kept / "encoders")
        for name, text in {"shop.md": SHOP, "brakes.md": BRAKES, "old.txt": OLD}.items():
            self.write(name, text)
        self.golden.write_text("\n".join(json.dumps(line) for line in ASKED))
        self.settings = Settings(source=self.source, index=self.index, golden=self.golden)

    def write(self, name: str, text: str) -> None:
        """Write a document."""
        (self.source / name).write_text(text, "utf-8")

    def rebuild(self) -> str:
        """Rebuild the index and return the ``index_id``."""
        return self.report().index_id

    def report(self) -> BuildReport:
        """Rebuild the index, as its owner does."""
        return rebuild(
            *(self.source, self.index),
            model=self.settings.model,
            withhold=withhold_for(self.settings),
            suggest=suggest_for(self.settings),
        )

    def edit(self) -> None:
        """Add a document, change one, move one, remove one."""
        self.write("new.txt", "Helmets are sold on the first floor.\n")
        self.write("shop.md", SHOP.replace("nine", "ten"))
        (self.source / "brakes.md").rename(self.source / "moved.md")
        (self.source / "old.txt").unlink()

    def seen(self) -> dict[str, tuple[int, int, bytes]]:
        """Return inode, time of the last change and bytes of everything in the index."""
        return {
            str(path): (
                *(path.lstat().st_ino, path.lstat().st_mtime_ns),
                path.read_bytes() if path.is_file() else b"",
            )
            for path in [self.index, *self.index.rglob("*")]
        }

    def is_tidy(self) -> bool:
        """Tell whether no temporary folder was left behind."""
        return not list(self.temporary.iterdir())
