"""``footnote verify``: tells whether the index, or saved answers, are as they should be.

Owns the command's flags and words. Knows nothing of how anything is checked.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.run import NOT_SO, Index, Json, Source, settings_of
from assistant.cli.terminal import emit, json_text, lines, say
from assistant.quoting.citing import check_answer_file
from assistant.refusal import kept as kept_calibration
from index.embedding.kept import damaged_exports
from index.errors import IndexDamaged
from index.generations import opening
from index.generations.publish import current_folder


def verify(
    *,
    citations: Annotated[
        Path | None,
        typer.Option(help="Check saved /ask bodies in this file against the source folder."),
    ] = None,
    source: Source = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Check the published generation, or saved answers.

    Every file of the generation is read again and compared with its manifest, the calibration and
    the encoders kept for rebuilds with their hashes; with --citations, every citation of the saved
    answers is compared with the source folder.
    """
    settings = settings_of(source=source, index=index)
    result: dict[str, Any]
    if citations is not None:
        problems = check_answer_file(citations, settings.source)
        result = {"file": str(citations), "problems": problems}
        good = f"every citation of {citations} is verbatim"
    else:
        index_id, damaged, fix = _damaged(settings.index)
        calibration = kept_calibration.verify(settings.index)
        exports = damaged_exports(settings.index)
        problems = (*damaged, *calibration, *exports)
        result = {"index_id": index_id, "damaged": problems}
        good = f"no damage: {index_id}"
        if damaged:
            say(fix)
        if calibration:
            say(
                "run 'footnote calibrate --publish' to fit it anew, or "
                "'footnote calibrate --reset' to return to the shipped model"
            )
        if exports:
            say("run 'footnote rebuild' to export the encoder anew; no server needs that file")
    plain = lines([("damaged:" if citations is None else "wrong:", each) for each in problems])
    emit(json_text(result) if as_json else plain or good)
    if problems:
        raise typer.Exit(NOT_SO)


def _damaged(index: Path) -> tuple[str | None, tuple[str, ...], str]:
    """Return the published generation, its damaged files and what fixes them.

    If ``CURRENT`` leads to no generation, that is the damaged file.
    """
    try:
        folder = current_folder(index)
    except IndexDamaged as error:
        return None, error.files, str(error)
    fix = "run 'footnote rebuild' to build it anew, or 'footnote rollback' to go back"
    return folder.name, opening.verify(folder), fix
