"""``footnote diff``: what a rebuild would change, shown and not done.

Owns the command's flags and words. Knows nothing of how generations are compared.
"""

import textwrap
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.cli.output import changes_text, progress_bar
from assistant.cli.run import Index, Json, SkipBad, Source, settings_of
from assistant.cli.terminal import emit, folded, json_text, lines, say, visible
from assistant.evaluation.differences import generations
from assistant.evaluation.differences.answers import ChangedAnswer, Reply
from assistant.evaluation.differences.generations import (
    ChangedDocument,
    Differences,
    DocumentChanges,
    GoldenChanges,
)
from index.generations.short_ids import short_ids

_SHOWN = 20  # documents, and changed sentences of each, in the terminal; the JSON has all
_UNJUDGED = (
    "Cannot be judged: what the golden file says should be quoted is not in the documents any more."
)
_VERDICTS = {True: "right", False: "wrong", None: "cannot be judged"}


def diff(
    *,
    golden: Annotated[
        Path | None, typer.Option(help="Golden questions to ask of both generations.")
    ] = None,
    skip_bad: SkipBad = False,
    source: Source = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Show what a rebuild would change, without publishing.

    Documents and passages, the sentences that would be removed (-) and added (+), and which golden
    questions would answer differently.
    """
    settings = settings_of(source=source, index=index, golden=golden)
    with progress_bar(Console(stderr=True)) as progress:
        found = generations.differences(settings, skip_bad=skip_bad, progress=progress)
    for skipped in found.skipped:
        say(f"skipped: {skipped.path}: {skipped.reason}")
    if found.golden is None:
        say(f"no golden questions were asked: there is no {settings.golden}; --golden names a file")
    emit(json_text(asdict(found)) if as_json else diff_text(found))


def diff_text(found: Differences) -> str:
    """Return what would change, for people."""
    published, rebuilt = short_ids([found.published, found.index_id])
    if found.index_id == found.published:
        return f"nothing would change: {published} is what a rebuild would publish"
    parts = [
        f"published now: {published}; a rebuild would publish: {rebuilt}",
        "\n".join([*_documents(found.documents), f"passages: {changes_text(found.passages)}"]),
    ]
    edited = [each for each in found.documents.changed if each.sentences]
    parts += [_sentences(each) for each in edited[:_SHOWN]]
    if len(edited) > _SHOWN:
        parts.append(
            f"… and the sentences of {len(edited) - _SHOWN:,} more documents; --json has all"
        )
    if found.made_with:
        parts.append("\n".join(visible(sentence) for sentence in found.made_with))
    if found.golden:
        parts.append(_golden(found.golden))
        parts += [_answer(changed) for changed in sorted(found.golden.changed, key=_urgency)]
    return "\n\n".join(parts)


def _documents(documents: DocumentChanges) -> list[str]:
    marks = [("added", path) for path in documents.added]
    for each in documents.changed:
        was = "" if each.path == each.before else f" (was {each.before})"
        same = "" if each.sentences or was else " (its sentences stay the same)"
        marks.append(("changed", f"{each.path}{was}{same}"))
    marks += [("removed", path) for path in documents.removed]
    total = (
        f"documents: {len(documents.added)} added, {len(documents.changed)} changed, "
        f"{len(documents.removed)} removed, {documents.reused} reused"
    )
    return [total, *textwrap.indent(lines(marks), "  ").splitlines()]


def _sentences(changed: ChangedDocument) -> str:
    """Return the sentences of a document that are removed (-) and added (+), not too many."""
    marks = {"removed": "-", "added": "+"}
    shown = [
        f"{changed.path}:",
        *(folded(each.text, f"  {marks[each.change]} ") for each in changed.sentences[:_SHOWN]),
    ]
    rest = Counter(each.change for each in changed.sentences[_SHOWN:])
    if rest:
        more = f"{rest['removed']:,} more removed, {rest['added']:,} more added"
        shown.append(f"  … and {more}; --json has all")
    return visible("\n".join(shown))


def _golden(golden: GoldenChanges) -> str:
    """Return how many questions would answer differently, and whether for better or worse."""
    number = len(golden.changed) or "none"
    total = f"golden questions: {number} of {golden.asked} would answer differently"
    verdicts = Counter(
        f"{_VERDICTS[each.before.right]} before, {_VERDICTS[each.after.right]} after"
        for each in sorted(golden.changed, key=_urgency)
    )
    told = [total, *(f"  {times:>3}  {verdict}" for verdict, times in verdicts.items())]
    if any(each.after.right is None or each.before.right is None for each in golden.changed):
        told.append(folded(_UNJUDGED, "  "))
    return "\n".join(told)


def _urgency(changed: ChangedAnswer) -> tuple[int, int]:
    """Put first what would get worse, then what is to be looked at; what stays right comes last."""
    order = (False, None, True)
    return order.index(changed.after.right), -order.index(changed.before.right)


def _answer(changed: ChangedAnswer) -> str:
    """Return the question, what became of it, and all quotes: - only before, + only after."""
    old, new = changed.before, changed.after
    before, after = ([(_folded(q.text), q.path) for q in each.quotes] for each in (old, new))
    kept = {text for text, _ in before} & {text for text, _ in after}
    rows = [(" " if text in kept else "-", text, path) for text, path in before]
    rows += [("+", text, path) for text, path in after if text not in kept]
    shown = [
        folded(f"{changed.id}: {changed.question}"),
        f"  before {_outcome(old)}, after {_outcome(new)}",
        *(folded(f'"{text}" {path}', f"  {mark} ") for mark, text, path in rows),
    ]
    return "\n".join(visible(line) for line in shown)


def _outcome(reply: Reply) -> str:
    return f"{reply.status} ({_VERDICTS[reply.right]})"


def _folded(text: str) -> str:
    return " ".join(text.split())
