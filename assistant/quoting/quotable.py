"""What may be quoted of what the sources hold, as the owner chose.

Owns the three choices for suspicious text: to make no passage of it and never to quote it, to say
so before the answer, or to treat it like any other; and what an owner is told of it. What a
generation holds that was built by another choice is judged by this one. Knows nothing of what makes
text suspicious (``suspicion``).
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path

from assistant.evidence.reading import Evidence
from assistant.evidence.retrieval import retrieve
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.citing import Span
from assistant.safety.hidden import hidden_regions
from assistant.safety.orders import (
    ENCODED,
    HIDES,
    HOMOGLYPHS,
    INVISIBLE,
    alarms,
    is_hidden,
    reasons,
    shows_nothing,
    suspicious,
    suspicious_texts,
)
from assistant.schemas import Citation
from assistant.settings import Settings, Suspicious
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.passages.withholding import Withhold
from index.records import Hit, Passage
from prompts.voice import say

_SHOWN = 80  # code points of a suspicious text that an owner is shown


@dataclass(frozen=True, slots=True)
class Quotable:
    """The owner's choice, applied to one generation."""

    generation: Generation
    choice: Suspicious

    def retrieved(self, question: str, depth: int) -> list[Hit]:
        """Return the passages to read; one that must not be quoted takes no other's place."""
        if self.choice != "suppress":
            return retrieve(self.generation, question, depth=depth)
        hits = retrieve(self.generation, question, depth=2 * WEIGHTS.depth)
        return list(islice((hit for hit in hits if self._has_sound_sentence(hit)), depth))

    def evidence(self, evidence: Evidence) -> Evidence:
        """Return the evidence without sentences that must be neither weighed nor quoted."""
        if self.choice != "suppress":
            return evidence
        sound = (e for e in evidence.sentences if e.sentence.start not in suspicious(e.passage))
        return replace(evidence, sentences=tuple(sound))

    def spans(self, spans: Sequence[Span]) -> list[Span]:
        """Return the spans that may be quoted.

        Items of a list and antecedents were never weighed as evidence, so that each is looked at
        where it stands in its document too.
        """
        if self.choice != "suppress":
            return list(spans)
        texts = ((each, self.generation.text(each.document)) for each in spans)
        return [
            each
            for each, text in texts
            if not reasons(text[each.start : each.end])
            and not is_hidden(text, each.start, each.end)
        ]

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

    def _has_sound_sentence(self, hit: Hit) -> bool:
        passage = self.generation.passage(hit.passage)
        return len(suspicious(passage)) < len(passage.sentences)


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
