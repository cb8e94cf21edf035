"""The table of settings in ``assistant/cli/README.md``, made from the settings themselves.

python -m tests.settings_table
"""

import re

from assistant.settings import Settings
from tests.places import ROOT

README = ROOT / "assistant" / "cli" / "README.md"
_HEAD = "| setting | default | what |\n|---|---|---|\n"
_TABLE = re.compile(re.escape(_HEAD) + r"(?:\|.*\|\n)*")


def table() -> str:
    """Return the table: a row for each setting, with its default and what it does."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = str(default).replace("'", '"') if isinstance(default, list) else str(default)
        rows.append(f"| `{name}` | `{shown}` | {field.description} |\n")
    return _HEAD + "".join(rows)


def with_table(text: str) -> str:
    """Return a README whose table is the one of today."""
    return _TABLE.sub(lambda _: table(), text)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
