"""Files that anyone may have written: each is read as what it is, or refused by its name."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.inputs import SEALS, SEEDS, examples, inputs
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.slow


def test_every_target_has_seeds() -> None:
    """A target without a file that is right would never get behind the first check."""
    assert SEEDS.keys() == TARGETS.keys()


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_are_read(target: str, tmp_path: Path) -> None:
    """What the fuzzing begins with is itself as promised."""
    for seed in SEEDS[target]:
        TARGETS[target](tmp_path, seed)


def _calibration(**model: object) -> bytes:
    """Return a calibration of other numbers, under the hash that they call for."""
    fields = json.loads(SEEDS["calibration"][0])
    fields["model"].update(model)
    return SEALS["calibration"](fields)


# Each of these once came out as something else than the typed error, or as an endless line.
FOUND = [
    ("calibration", _calibration(small_passages=0)),
    ("calibration", _calibration(large_passages=-1)),
    ("calibration", _calibration(large_passages=32)),
    ("calibration", _calibration(threshold=float("nan"))),
    ("saved_answers", b"null"),
    ("saved_answers", b'[{"' + b"a" * 3000 + b'": 1}]'),
    ("settings_file", b"1" * 5000 + b" = 'A'"),
    ("settings_file", b'0=[""]\n1=""'),
    ("packed_corpus_rows", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\x02\x01"),
    ("corpus_rows", b"[" * 3000),
    ("corpus_rows", b'{"id": "%s", "text": "a"}\n' % (b"1" * 3000) * 2),
    ("corpus_rows", b'{"id": "1", "text": "0\\ud800P"}\n'),
    ("query_rows", b'{"id": "1", "text": "What?", "answers": ["\\udc00"]}\n'),
    ("judgements", b"1\t1\t--1\n"),
    ("judgements", b"1\t1\t" + b"1" * 5000 + b"\n"),
    ("golden_file", b'{"id": "a\\n%s", "question": "a", "answerable": true}\n' % (b"1" * 3000) * 2),
    (
        "golden_file",
        b'{"question": "a", "answerable": true, "history": [{"role": "user", "content": "", "%s": '
        b"1}]}" % (b"\\n" * 3000),
    ),
]


@pytest.mark.parametrize(("target", "data"), FOUND)
def test_what_was_found_stays_mended(target: str, data: bytes, tmp_path: Path) -> None:
    """Bytes that once broke a promise keep it now."""
    TARGETS[target](tmp_path, data)


@pytest.mark.parametrize("target", TARGETS)
def test_any_bytes(target: str, tmp_path: Path) -> None:
    """Any bytes under the file's name give what is promised of it, or the one typed error."""

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def try_one(data: st.DataObject) -> None:
        TARGETS[target](tmp_path, data.draw(inputs(target)))

    try_one()
