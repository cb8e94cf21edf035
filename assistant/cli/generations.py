"""``footnote generations``: what is kept, with date and size."""

from dataclasses import asdict

from assistant.cli.output import generations_text
from assistant.cli.run import Index, Json, settings_of
from assistant.cli.terminal import emit, json_text
from index.generations import kept


def generations(*, index: Index = None, as_json: Json = False) -> None:
    """List the kept generations, with date and size.

    The newest is the last. 'footnote rollback' takes the ids, or their beginnings.
    """
    found = kept.generations(settings_of(index=index).index)
    emit(json_text([asdict(each) for each in found]) if as_json else generations_text(found))
