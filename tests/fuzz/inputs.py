"""What a target is fed: its own files, whole, mutilated and resealed, and bytes that are no file.

Owns the seeds and the ways to spoil them. Knows nothing of what is promised of the outcome.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from assistant.refusal.kept import Calibration, holds_for, shipped
from index.embedding.encoder import EncoderSpec
from index.generations.opening import FILES, SCHEMA_VERSION, Counts, Manifest, SourceFile
from index.passages.chunking import Chunking

_SPEC = EncoderSpec("a", "b" * 64, 384, "int8", "mean", 256, "", 0.99, 0.9)
_MANIFEST = Manifest(
    SCHEMA_VERSION,
    "",
    _SPEC,
    Chunking(),
    True,
    Counts(1, 2, 3),
    {"faiss": "1.12"},
    dict.fromkeys(FILES, "c" * 64),
    (SourceFile("a", "ä.md", "d" * 64, 12),),
).named()
_SHIPPED = shipped()
_CALIBRATION = Calibration(_SHIPPED.model, "e" * 64, 40, "f" * 64, holds_for({}, _SHIPPED))
_ANSWER = {
    "id": "1",
    "index_id": "a" * 64,
    "status": "answered",
    "reason": None,
    "answer": "A sentence. [1]",
    "sentences": [{"text": "A sentence.", "start": 0, "end": 11, "citations": [1]}],
    "citations": [
        {
            "id": 1,
            "document_id": "a",
            "title": "A",
            "path": "a.txt",
            "url": None,
            "document_sha256": hashlib.sha256(b"A sentence.").hexdigest(),
            "start": 0,
            "end": 11,
            "quote": "A sentence.",
            "display": "A sentence.",
            "page": None,
            "score": 1.0,
        }
    ],
    "closest": [],
    "confidence": 0.5,
    "question_used": "What?",
    "generator": "extractive",
    "timing_ms": {"retrieve": 1, "rerank": 1, "total": 1},
}
_GOLDEN = (
    b'{"id": "a", "question": "What?", "answerable": true, "history": [{"role": "user", '
    b'"content": "So"}], "spans": [{"document_id": "a", "start": 0, "end": 3, "quote": "abc"}]}\n'
    b'{"question": "Why?", "answerable": false, "split": "report"}\n'
)
_MARKDOWN = """---
id: a-b
title: "Skin"
url: https://example.com/a
questions: [What is it?, Why?]
---
# Skin

It has *pores*. They\u00a0are small! > | \u200d😀

- one item
  - [in](x) another
1) three

> quoted `code`

| a | b |
|---|---|
| c | d |

```
fence
```
<b>html</b>

Heading
===
[x]: y
""".encode()
_TOKENIZER = (
    b'{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], '
    b'"normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null, '
    b'"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", '
    b'"max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "a": 1}}}'
)
_TEXT = (
    "Skin\r\n\r\nIt has pores. “They are small!” said he…\r\r- an item:\n2. two\n\fA 😀 e\u0301.\n"
).encode()
_QUERIES = b'{"id": "1", "text": "What?", "answers": ["a"], "answerable": true, "doc": "1"}\n'
_TOML = b'title = "A"\norigins = ["https://a.example"]\nworkers = 2\nfeedback = "f.jsonl"\n'

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "text_file": (_TEXT, _TEXT.decode().encode("utf-16"), b"\xef\xbb\xbf" + _TEXT),
    "markdown_file": (_MARKDOWN,),
    "front_matter": (_MARKDOWN.split(b"---")[1].strip(), b'a: "\\ud83d\\x00"', b"url: http://[::1"),
    "manifest": (_MANIFEST.to_json(),),
    "current": (b"ab" * 32 + b"\n", b"cd" * 32),
    "encoder_spec": (_SPEC.to_json(),),
    "tokenizer": (_TOKENIZER,),
    "kept_checksums": (
        json.dumps(
            dict.fromkeys(
                ("encoder.json", "model.onnx", "tokenizer.json"), hashlib.sha256(b"?").hexdigest()
            )
        ).encode(),
    ),
    "calibration": (_CALIBRATION.to_json(),),
    "golden_file": (_GOLDEN,),
    "saved_answers": (json.dumps(_ANSWER).encode(), json.dumps([_ANSWER]).encode()),
    "settings_file": (_TOML,),
    "corpus_rows": (b'{"id": "1", "title": "A", "text": "A sentence."}\n',),
    "packed_corpus_rows": (gzip.compress(b'{"id": "1", "text": "A sentence."}\n', mtime=0),),
    "query_rows": (_QUERIES,),
    "judgements": (b"query-id\tcorpus-id\tscore\n1\t1\t2\n",),
}

# What parsers trip over, wherever it comes to stand.
SPOILS: tuple[bytes, ...] = (
    *(
        b"",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xc3",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\r",
        b"\x1b",
    ),
    *(b"\\ud800", b"\\u0000", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"---\n"),
    *(
        b"null",
        b"NaN",
        b"Infinity",
        b"-1e999",
        b"1" * 5000,
        b"-0",
        b"--1",
        b"true",
        b"0.0",
        b"1e400",
    ),
    *(b"[" * 3000, b'{"a":' * 3000, b"- " * 3000, b"> " * 300, b"\t", b"&a", b"*a", b"!!python/x"),
    *("\u2028\u202e\u00a0\u0085\ufeff\u3002\u200d".encode(), b"\xf4\x8f\xbf\xbf", b"a" * 2000),
)

_ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 2**63, -(2**63) - 1, 10**400])
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["", "\x00", "\n", "\u202e", "0" * 64, "../../etc/passwd"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


def examples(usual: int) -> int:
    """Return how many examples a test tries: a share for every day, or what a longer run asks."""
    return int(os.environ.get("FUZZ_EXAMPLES", usual))


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Return what a target is fed, in bytes."""
    seeds = SEEDS[target]
    spoiled = _spoiled(seeds)
    ways = [
        st.binary(max_size=200),
        st.lists(st.sampled_from(SPOILS), max_size=6).map(b"".join),
        spoiled,
    ]
    if target == "packed_corpus_rows":
        ways.append(_spoiled(SEEDS["corpus_rows"]).map(gzip.compress))
    if seeds[0].lstrip().startswith((b"{", b"[")):
        reseal = SEALS.get(target, _plain)
        ways.append(_replaced(seeds[0]).map(reseal))
    return st.one_of(ways)


@st.composite
def _spoiled(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """Cut pieces out of a seed, and put something else there."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        piece = draw(st.sampled_from(SPOILS) | st.binary(max_size=8))
        data = data[:start] + piece + data[end:]
    return data


@st.composite
def _replaced(draw: st.DrawFn, seed: bytes) -> Any:
    """Replace one value of a JSON seed, wherever it stands, by another; or add a field."""
    try:
        whole = json.loads(seed)
    except ValueError:  # a line each
        whole = json.loads(seed.splitlines()[0])
    place, key = draw(st.sampled_from(list(_places(whole))))
    if isinstance(place, dict) and draw(st.integers(0, 5)) == 0:
        key = draw(st.text(max_size=10))
    place[key] = draw(_ODD)
    return whole


def _places(value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _plain(value: Any) -> bytes:
    return json.dumps(value).encode()


def _named_manifest(value: Any) -> bytes:
    """Give a manifest the ``index_id`` that it calls for: a forger would, and accidents cannot."""
    fields = {key: each for key, each in value.items() if key != "index_id"}
    index_id = hashlib.sha256(_canonical(fields, ascii_only=False)).hexdigest()
    return _canonical({**fields, "index_id": index_id}, ascii_only=False)


def _sealed_calibration(value: Any) -> bytes:
    """Give a calibration the hash that it calls for."""
    fields = {key: each for key, each in value.items() if key != "sha256"}
    sealed = {**fields, "sha256": hashlib.sha256(_canonical(fields, ascii_only=True)).hexdigest()}
    return (json.dumps(sealed, indent=2, sort_keys=True) + "\n").encode()


def _canonical(value: Any, *, ascii_only: bool) -> bytes:
    text = json.dumps(value, ensure_ascii=ascii_only, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


SEALS: Mapping[str, Callable[[Any], bytes]] = {
    "manifest": _named_manifest,
    "calibration": _sealed_calibration,
}
