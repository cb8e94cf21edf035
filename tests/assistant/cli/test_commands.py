"""Each command: what it asks for, prints, and exits with."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli.checks.examining import Finding
from index.build_report import BuildReport, Changes
from index.errors import SourceError, UnknownGeneration, UnreadableDocuments
from index.generations.kept import GenerationSummary
from index.records import Told
from index.unread import UnreadDocument

ID = "a" * 64
REPORT = BuildReport(
    index_id=ID,
    documents=Changes(1, 2, 3, 4),
    passages=Changes(5, 6, 7, 8),
    skipped=(Told("bad\x1b.md", "is not UTF-8"),),
    empty=("_index.md",),
    excluded=3,
    ignored=("picture.png", "a/b.png", "Makefile"),
    notes=(Told("old.txt", "was read as cp1252, not UTF-8"),),
    first=False,
    encoder="int8, mean cosine 0.994",
    unread=(UnreadDocument("zh\x1b.md", "Chinese", 2),),
)


def test_rebuild(footnote):
    """The result goes to stdout, what was left out to stderr; skipped documents are no failure."""
    done = footnote("rebuild", "--skip-bad", "--source", "s", "--index", "i", rebuild=REPORT)
    ((_, call),) = done.calls
    settings = call.pop("settings")
    assert (settings.source, settings.index) == (Path("s"), Path("i"))
    assert call == {"full": False, "skip_bad": True}
    assert done.code == 0
    assert done.out == (
        f"published {ID}\n"
        "documents: 1 added, 2 changed, 3 removed, 4 reused\n"
        "passages: 5 added, 6 changed, 7 removed, 8 reused\n"
        "encoder: int8, mean cosine 0.994\n"
    )
    assert done.err == (
        "not read, no loader: 2 .png, 1 without a suffix\n"
        "left out by include and exclude: 3 files\n"
        "left out, no text: 1 file: _index.md\n"
        "old.txt: was read as cp1252, not UTF-8\n"
        "skipped: bad\\x1b.md: is not UTF-8\n"
        "not read: documents with text that the models do not read: 1 in Chinese; no answer is "
        "made of that text; all of it is in zh\\x1b.md\n"
    )


def test_a_first_rebuild_says_where_the_settings_are_explained(footnote):
    """And of very many files of a kind a few are named."""
    empty = tuple(f"{number}.md" for number in range(9))
    report = replace(REPORT, first=True, empty=empty)
    told = footnote("rebuild", rebuild=report).err
    assert "9 files: 0.md, 1.md, 2.md, 3.md, 4.md and 4 more (--json names all)\n" in told
    assert "'footnote doctor' explains what you can set for this folder\n" in told


def test_all_unreadable_files_are_told_in_lines(footnote):
    """One message, one line a file, nothing that a terminal obeys."""
    error = UnreadableDocuments([("a.md", "is bad"), ("b.md", "is\x1b worse")])
    done = footnote("rebuild", rebuild=error)
    assert done.code == 2
    assert done.err.splitlines() == [
        "footnote: 2 files cannot be read:",
        "  a.md: is bad",
        "  b.md: is\\x1b worse",
        "Fix or remove them, or go on without them: add --skip-bad",
    ]


def test_rebuild_json(footnote):
    """The whole report, as data."""
    done = footnote("rebuild", "--full", "--json", rebuild=REPORT)
    assert done.calls[0][1]["full"]
    assert json.loads(done.out) == {
        "index_id": ID,
        "documents": {"added": 1, "changed": 2, "removed": 3, "reused": 4},
        "passages": {"added": 5, "changed": 6, "removed": 7, "reused": 8},
        "skipped": [{"path": "bad\x1b.md", "reason": "is not UTF-8"}],
        "empty": ["_index.md"],
        "excluded": 3,
        "ignored": ["picture.png", "a/b.png", "Makefile"],
        "notes": [{"path": "old.txt", "reason": "was read as cp1252, not UTF-8"}],
        "first": False,
        "encoder": "int8, mean cosine 0.994",
        "unread": [{"path": "zh\x1b.md", "language": "Chinese", "passages": 2}],
    }


def test_rebuild_of_a_bad_source(footnote):
    """An unreadable document is exit code 2, one line, and nothing on stdout."""
    done = footnote("rebuild", rebuild=SourceError("bad.md: is not UTF-8;\nmend it"))
    assert (done.code, done.out) == (2, "")
    assert done.err == "footnote: bad.md: is not UTF-8; mend it\n"


def _kept(letter, **fields):
    values = {"current": False, "documents": 1, "passages": 2, "bytes": 999}
    values |= {"built": "2026-11-30T23:59:00+00:00"}
    return GenerationSummary(letter * 64, letter * 12, **{**values, **fields})


@pytest.fixture
def two_hours_ahead(monkeypatch):
    """Put the machine into a time zone of its own."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "UTC-2")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("two_hours_ahead")
def test_generations(footnote):
    """Newest last, with date, size and short id; the published and the damaged one are marked."""
    damage = "manifest.json cannot be read\x1b"
    kept = (
        _kept("b"),
        _kept("c", documents=0, passages=0, built=None, bytes=0, damage=damage),
        _kept("a", current=True, documents=30_000, passages=1_400_000, bytes=41_260_000),
    )
    done = footnote("generations", generations=kept)
    assert done.out == (
        "id            built                  size  documents   passages\n"
        "bbbbbbbbbbbb  2026-12-01 01:59  999 bytes          1          2\n"
        "cccccccccccc  ?                   0 bytes          ?          ?  damaged\n"
        "aaaaaaaaaaaa  2026-12-01 01:59    41.3 MB     30,000  1,400,000  published\n"
        "\n"
        "cccccccccccc is damaged: manifest.json cannot be read\\x1b\n"
    )
    assert max(map(len, done.out.splitlines())) <= 80
    listed = json.loads(footnote("generations", "--json", generations=kept).out)
    assert listed[2] == {
        "index_id": ID,
        "short_id": ID[:12],
        "current": True,
        "documents": 30_000,
        "passages": 1_400_000,
        "built": "2026-11-30T23:59:00+00:00",
        "bytes": 41_260_000,
        "damage": None,
    }


@pytest.mark.parametrize("name", [None, "abc"])
def test_rollback(footnote, name):
    """Without a name, the one before; with one, that one. The result names it."""
    names = [name] if name else []
    done = footnote("rollback", *names, "--index", "i", rollback=ID)
    assert done.calls == [("rollback", {"index": Path("i"), "index_id": name})]
    assert (done.code, done.out) == (0, f"published {ID}\n")
    assert json.loads(footnote("rollback", "--json", rollback=ID).out) == {"index_id": ID}


def test_rollback_to_nowhere(footnote):
    """A generation that is not kept is wrong usage."""
    done = footnote("rollback", "zzz", rollback=UnknownGeneration("no generation zzz"))
    assert (done.code, done.err) == (2, "footnote: no generation zzz\n")


def test_ask(footnote, assistant):
    """An answer has numbered footnotes: title, path, character range, quote. Then it is closed."""
    done = footnote("ask", "What damages collagen?", "--index", "i", open_assistant=assistant)
    assert done.code == 0
    assert done.calls[0][1]["settings"].index == Path("i")
    assert assistant.asked == ["What damages collagen?"]
    assert assistant.closed
    answer, footnotes = done.out.split("\n\n")
    assert answer.endswith("line 2. [1]")
    where, *quote = footnotes.splitlines()
    assert where.startswith("[1] Pores ")
    assert "characters 3-" in where
    assert quote[0].startswith('    "Sun')
    assert quote[1] == '    line 2."'


def test_ask_shows_hostile_text_and_does_not_obey_it(footnote, assistant):
    """Escape sequences, overrides and markup of a document do nothing to a terminal."""
    for flags in ((), ("--json",)):
        done = footnote("ask", "a", *flags, open_assistant=assistant)
        assert not set(done.out) & set("\x1b\x07\x9b\u202e\u202c")
        assert "[bold]:smile:[/bold]" in done.out
        assistant.closed = False
    assert json.loads(done.out)["citations"][0]["quote"].startswith("Sun \x1b[31mdamages")
    assert "\\x1b[31mdamages" in footnote("ask", "a", open_assistant=assistant).out


def test_ask_sets_apart_what_is_no_quote(footnote, assistant):
    """What the assistant says itself before the quotes stands in a paragraph of its own."""
    done = footnote("ask", "what differs?", open_assistant=assistant)
    lead_in, answer, _ = done.out.split("\n\n")
    assert lead_in == "The sources \\x1b[1mdiffer:"
    assert answer.startswith("Sun ")
    assert answer.endswith("line 2. [1]")


def test_refusal(footnote, assistant):
    """A refusal is an answer (exit code 0); the closest passages are said not to be one."""
    done = footnote("ask", "price?", open_assistant=assistant)
    assert done.code == 0
    first, second, closest = done.out.split("\n\n")
    assert first == "The sources do not answer this."
    assert second == "The closest passages, which are not an answer:"
    assert closest.startswith("- Pores")


@pytest.mark.parametrize("question", ["", " \n", "a" * 2001, "a\udcff"])
def test_questions_that_are_none(footnote, assistant, question):
    """An empty, overlong or broken question is wrong usage, found before a model is opened."""
    done = footnote("ask", question, open_assistant=assistant)
    assert (done.code, done.out, done.calls) == (2, "", [])
    assert "1 to 2,000 characters" in done.err


def test_the_assistant_is_closed_after_a_failure(footnote, assistant):
    """What was opened is closed, whatever happens in between."""
    assistant.meanwhile = lambda: 1 / 0
    assert footnote("ask", "a", open_assistant=assistant).code == 70
    assert assistant.closed


def test_serve(footnote):
    """Host and port are flags, with the loopback as default."""
    done = footnote("serve", "--index", "i", serve=None)
    call = done.calls[0][1]
    assert (call["host"], call["port"], call["settings"].index) == ("127.0.0.1", 8000, Path("i"))
    call = footnote("serve", "--host", "::1", "--port", "0", serve=None).calls[0][1]
    assert (call["host"], call["port"]) == ("::1", 0)


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_doctor(footnote, ok, code):
    """Every finding is a line, and one that is not well is exit code 1."""
    finding = Finding(name="index", ok=ok, detail="whole\x1b")
    done = footnote("doctor", examine=(finding,))
    assert (done.code, done.out) == (code, f"{'ok' if ok else 'NOT OK'}  index: whole\\x1b\n")
    listed = json.loads(footnote("doctor", "--json", examine=(finding,)).out)
    assert listed == [{"name": "index", "ok": ok, "detail": "whole\x1b"}]


@pytest.mark.parametrize(
    "command",
    [
        ("rebuild",),
        ("verify",),
        ("generations",),
        ("rollback",),
        ("ask", "a"),
        ("serve",),
    ],
)
def test_missing_index(footnote, missing, command):
    """Wherever an index is needed and there is none, the line says how to build one."""
    steps = ("rebuild", "current_folder", "generations", "rollback", "open_assistant", "serve")
    done = footnote(*command, **dict.fromkeys(steps, missing))
    assert "footnote rebuild" in done.err
    assert done.code == 2


def test_a_rebuild_tells_which_documents_give_orders(footnote):
    """The owner hears of text that no visitor will, on stderr, with nothing a terminal obeys."""
    found = (("a.txt", 'it hides text: "<!-- \x1b[2J -->"'),)
    done = footnote("rebuild", rebuild=REPORT, suspicious_documents=found)
    assert done.code == 0
    assert "look at 1 document with text that gives orders or hides itself\n" in done.err
    assert '  a.txt: it hides text: "<!-- \\x1b[2J -->"' in done.err
    assert "look at" not in done.out
