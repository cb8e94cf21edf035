"""Damage every file that a server starts from: ``python -m tests.bench.stress.damage``.

Each file of a generation, ``CURRENT`` and the calibration, in each way: lost bytes, flipped bits
(``--flips`` of them, anywhere), zeros, nothing, a folder, a pipe, a link. ``footnote verify`` must
name it and exit 1; ``footnote serve`` must exit 2, naming it and the command that mends it; a
server that runs must go on with what it has.
"""

import argparse
import contextlib
import io
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, nullcontext
from functools import partial
from itertools import product
from pathlib import Path

from assistant.answering import open_assistant
from assistant.api.server import serve
from assistant.api.work.live import Answers, LiveAssistant
from assistant.models.opening import Models, open_models
from assistant.quoting.quotable import Suppressed
from assistant.refusal.kept import STATE, version
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED
from index.errors import IndexDamaged, IndexMissing
from index.generations import publish
from index.generations.opening import FILES, MANIFEST
from tests.assistant.cli.steps import run_with
from tests.conftest import keep_threshold
from tests.index.damages import DAMAGES, link, pipe
from tests.places import SEEDS

Damage = Callable[[Path], None]
_MISSING = "there is no index"


class StartedError(Exception):
    """A server started from what is damaged."""


class LentModels:
    """The real steps, but that models are not opened anew, and that no server goes on to serve."""

    def __init__(self, models: Models) -> None:
        self.models = models

    def serve(self, settings: Settings, *, host: str, port: int) -> None:
        """Start with the models that are open already, as far as opening the index."""

        def opened() -> Answers:
            open_assistant(settings, self.models).close()
            raise StartedError(f"from {settings.index}")

        serve(settings, host=host, port=port, opener=lambda _settings: nullcontext(opened))


def ways(flips: int) -> list[tuple[str, Damage]]:
    """Return every way of damage by name; ``flips`` of them flip a bit anywhere."""
    flipped = [("a bit flipped", partial(_flip, random.Random(seed))) for seed in range(flips)]
    return [*DAMAGES.items(), ("a pipe", pipe), ("a link", link), *flipped]


def _flip(chance: random.Random, path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def names_of(index: Path) -> list[str]:
    """Return every file that a server starts from, relative to the index."""
    current = publish.current_id(index)
    return [*(f"{current}/{name}" for name in (*FILES, MANIFEST)), publish.CURRENT, STATE]


def attack(
    index: Path, work: Path, models: Models, pairs: Iterable[tuple[str, tuple[str, Damage]]]
) -> Iterator[tuple[str, str, str]]:
    """Damage a copy of the index in each way; yield the file, the way, and what went wrong."""
    steps = LentModels(models)
    current = publish.current_id(index)
    for name, (way, damage) in pairs:
        copy = work / "index"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(index, copy, symlinks=True)
        settings = Settings(index=copy)
        with closing(
            LiveAssistant(partial(open_assistant, settings, models), partial(version, copy))
        ) as live:
            damage(copy / name)
            # A line end more or less, and CURRENT still names what it named; a calibration that is
            # not there was never made, or was reset.
            same = name == publish.CURRENT and _names(copy) == current
            if same or (name == STATE and not os.path.lexists(copy / name)):
                continue
            yield name, way, _judged(steps, copy, name, live, current)


def _names(index: Path) -> str:
    try:
        return publish.current_id(index)
    except (IndexMissing, IndexDamaged):
        return ""


def _judged(steps: LentModels, index: Path, name: str, live: LiveAssistant, current: str) -> str:
    """Return what is not as promised, if anything."""
    wrong = []
    file = name.rpartition("/")[2]
    # Without any CURRENT there is no index, which is another thing than a damaged one.
    gone = name == publish.CURRENT and not (index / name).exists()
    code, out, err = _run(steps, "verify", "--index", str(index))
    if (code, file in out) != (1, True) and not (gone and code == 2 and _MISSING in err):
        wrong.append(f"verify: {code} {out} {err}")
    code, _, err = _run(steps, "serve", "--index", str(index), "--port", "0")
    names = file in err or (gone and _MISSING in err)
    if code != 2 or not names or "'footnote " not in err or err.count("\n") != 1:
        wrong.append(f"serve: {code} {err}")
    live.refresh()
    if live.index_id != current or not live.version.startswith(current):
        wrong.append(f"running: {live.version}")
    return "; ".join(wrong)


def _run(steps: LentModels, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_with(arguments, steps)
    return code, out.getvalue(), err.getvalue()


def main() -> int:
    """Damage everything, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=20)
    options = parser.parse_args()
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="footnote-damage-") as folder,
        closing(open_models(Settings())) as models,
    ):
        index = Path(folder) / "whole"
        rebuild(SEEDS, index, model=PACKAGED, withhold=Suppressed())
        shutil.rmtree(index / "encoders")  # read by a rebuild only, and copied for nothing here
        keep_threshold(index, 0.5)
        pairs = product(names_of(index), ways(options.flips))
        for name, way, wrong in attack(index, Path(folder), models, pairs):
            tried[way] += 1
            failed[way] += bool(wrong)
            if wrong:
                print(f"FAILED {name}, {way}: {wrong}")
    for way in tried:
        print(f"{way:<14} {tried[way]:>5} attempts {failed[way]:>4} failures")
    return 1 if failed.total() else 0


if __name__ == "__main__":
    sys.exit(main())
