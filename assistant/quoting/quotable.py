"""What may be quoted of what the sources hold, as the owner chose.

Owns the three choices for suspicious text: to make no passage of it, to say so before the answer,
or to treat it like any other; that a generation that was built by another choice is refused; and
what an owner is told. Knows nothing of what makes text suspicious (``assistant.safety.orders``).
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assistant.safety.hidden import hidden_regions
from assistant.safety.orders import (
    ENCODED,
    HIDES,
    HOMOGLYPHS,
    INVISIBLE,
    alarms,
    reasons,
    shows_nothing,
    suspicious_texts,
)
from assistant.schemas import Citation
from assistant.settings import Settings, Suspicious
from index.errors import OtherChoice
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.passages.withholding import Withhold
from index.records import Passage
from prompts.voice import say

_SHOWN = 80  # code points of a suspicious text that an owner is shown


@dataclass(frozen=True, slots=True)
class Quotable:
    """The owner's choice, applied to one generation."""

    generation: Generation
    choice: Suspicious

    def stretch(self, passage: Passage) -> tuple[int, int]:
        """Return the longest run of a passage's sentences with nothing withheld between them."""
        text = self.generation.text(passage.document)
        runs = [[passage.sentences[0]]]
        for before, after in pairwise(passage.sentences):
            gap = slice(before.end - passage.start, after.start - passage.start)
            if passage.text[gap] == text[before.end : after.start]:
                runs[-1].append(after)
            else:
                runs.append([after])
        spans = [(run[0].start, run[-1].end) for run in runs]
        return max(spans, key=lambda span: span[1] - span[0])

    def lead_in(self, citations: Sequence[Citation], *, contradicted: bool) -> str:
        """Return what is said before the quotes."""
        marked = self.choice == "mark" and any(reasons(each.quote) for each in citations)
        said = {"suspicious": marked, "contradicted": contradicted}
        return " ".join(say(name) for name, is_so in said.items() if is_so)


class Suppressed:
    """Suspicious text, for a rebuild to make no passage of, so that no answer depends on it."""

    def hidden(self, text: str) -> Sequence[tuple[int, int]]:
        """Return what a text hides."""
        return [(region.start, region.end) for region in hidden_regions(text)]

    def shows_nothing(self, hidden: str) -> bool:
        """Say whether it is a comment that no reader misses."""
        return shows_nothing(hidden)

    def withheld(self, words: str) -> bool:
        """Say whether words are suspicious."""
        return bool(reasons(words))


def check_choice(generation: Generation, settings: Settings) -> None:
    """Raise ``OtherChoice`` for a generation that was built by another choice than is in force."""
    suppressed = settings.suspicious == "suppress"
    if generation.manifest.withholds != suppressed:
        held = "without" if generation.manifest.withholds else "with"
        raise OtherChoice(
            f"{settings.index} was built {held} the text that gives orders or hides itself, and "
            f"suspicious is '{settings.suspicious}' now; run 'footnote rebuild', or set suspicious "
            "to what it was"
        )


def withhold_for(settings: Settings) -> Withhold | None:
    """Return what a rebuild is to withhold."""
    return Suppressed() if settings.suspicious == "suppress" else None


def suspicious_documents(index: Path) -> tuple[tuple[str, str], ...]:
    """Return path and content of published documents with text that an owner is to look at.

    Of each document what is worst; the worst documents first. Raises ``FootnoteError``.
    """
    found: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    with closing(Generation(current_folder(index))) as generation:
        for row, spans in generation.withheld().items():
            text = generation.text(row)
            said = (text[start:end] for start, end in spans)
            found[row] = [(each, alarms(each)) for each in said]
        for number in range(generation.manifest.counts.passages):
            passage = generation.passage(number)
            found.setdefault(passage.document, []).extend(suspicious_texts(passage))
        paths = [info.path for info in generation.documents]
    worst = {
        row: sorted((each for each in texts if each[1]), key=lambda each: _gravity(each[1]))
        for row, texts in found.items()
    }
    rows = sorted((row for row in worst if worst[row]), key=lambda row: _gravity(worst[row][0][1]))
    return tuple((paths[row], _told(worst[row])) for row in rows)


def _gravity(why: Sequence[str]) -> tuple[bool, int]:
    """Put orders before what only hides, or only may be one; then what has most reasons."""
    orders = set(why) - {HIDES, ENCODED, INVISIBLE, HOMOGLYPHS}
    return not orders, -len(why)


def _told(found: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    text, why = found[0]
    shown = " ".join(text.split())
    shown = f"{shown[:_SHOWN]}…" if len(shown) > _SHOWN else shown
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f'it {" and ".join(why)}: "{shown}"{more}'
