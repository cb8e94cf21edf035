"""``footnote diff``: what it asks for, prints, and exits with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.differences.answers import ChangedAnswer, Quote, Reply
from assistant.evaluation.differences.generations import (
    ChangedDocument,
    Differences,
    DocumentChanges,
    GoldenChanges,
    differences,
)
from assistant.evaluation.differences.sentences import ChangedSentence
from assistant.settings import Settings
from index.build_report import Changes
from index.errors import FootnoteError, IndexMissing
from index.records import Told
from tests.assistant.cli.steps import run_with

OLD, NEW = "a" * 64, "b" * 64
LONG = "The clinic opens at ten on every day of the week but for Sundays and public holidays."
SENTENCES = (ChangedSentence("removed", "Oil \x1b[31mdoes it."), ChangedSentence("added", LONG))
STAYS = Quote("pores.md", "Some are\nlarge.")
GONE = Quote("pores.md", "Oil \x1b[31mdoes it.")
COMES = Quote("oil.md", "Oil did it.")
CHANGED = (
    ChangedAnswer(
        "g-1", "Why?", Reply("answered", (STAYS, GONE), True), Reply("answered", (STAYS,), True)
    ),
    ChangedAnswer("g-2", "How?", Reply("answered", (GONE,), True), Reply("refused", (), False)),
    ChangedAnswer(
        "g-3", "When?", Reply("refused", (), False), Reply("answered", (STAYS, COMES), None)
    ),
)
FOUND = Differences(
    published=OLD,
    index_id=NEW,
    documents=DocumentChanges(
        added=("new.md",),
        changed=(
            ChangedDocument("pores.md", "pores.md", SENTENCES),
            ChangedDocument("b.md", "a\x1b.md"),
            ChangedDocument("same.md", "same.md"),
        ),
        removed=("gone.md",),
        reused=4,
    ),
    passages=Changes(5, 6, 7, 8),
    skipped=(),
    made_with=("numpy: 2.0 becomes 2.1",),
    golden=GoldenChanges("q.jsonl", 9, CHANGED),
)


class _Steps:
    """Steps of which one is taken: it notes its settings and gives, or raises, what it was told."""

    def __init__(self, found):
        self.found = found
        self.settings = None
        self.skip_bad = None

    def differences(self, settings, *, skip_bad, progress):
        """Show progress, then return what was found."""
        progress("asking", 1, 2)
        self.skip_bad = skip_bad
        self.settings = settings
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found


@pytest.fixture
def diff(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder; return code, stdout, stderr and settings."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, found=FOUND, told=None):
        steps = _Steps(found)
        code = run_with(["diff", *arguments], steps)
        if told is not None:
            told.append(steps.skip_bad)
        return (code, *capsys.readouterr(), steps.settings)

    return invoke


def test_what_would_change(diff):
    """Documents by name, passages by number, golden questions the worst first; it is no failure."""
    code, out, err, _ = diff()
    assert (code, err) == (0, "")
    assert out == (
        "published now: aaaaaaaaaaaa; a rebuild would publish: bbbbbbbbbbbb\n"
        "\n"
        "documents: 1 added, 3 changed, 1 removed, 4 reused\n"
        "  added    new.md\n"
        "  changed  pores.md\n"
        "  changed  b.md (was a\\x1b.md)\n"
        "  changed  same.md (its sentences stay the same)\n"
        "  removed  gone.md\n"
        "passages: 5 added, 6 changed, 7 removed, 8 reused\n"
        "\n"
        "pores.md:\n"
        "  - Oil \\x1b[31mdoes it.\n"
        "  + The clinic opens at ten on every day of the week but for Sundays and public\n"
        "    holidays.\n"
        "\n"
        "numpy: 2.0 becomes 2.1\n"
        "\n"
        "golden questions: 3 of 9 would answer differently\n"
        "    1  right before, wrong after\n"
        "    1  wrong before, cannot be judged after\n"
        "    1  right before, right after\n"
        "  Cannot be judged: what the golden file says should be quoted is not in the\n"
        "  documents any more.\n"
        "\n"
        "g-2: How?\n"
        "  before answered (right), after refused (wrong)\n"
        '  - "Oil \\x1b[31mdoes it." pores.md\n'
        "\n"
        "g-3: When?\n"
        "  before refused (wrong), after answered (cannot be judged)\n"
        '  + "Some are large." pores.md\n'
        '  + "Oil did it." oil.md\n'
        "\n"
        "g-1: Why?\n"
        "  before answered (right), after answered (right)\n"
        '    "Some are large." pores.md\n'
        '  - "Oil \\x1b[31mdoes it." pores.md\n'
    )


def test_bad_documents_are_skipped_if_told(diff):
    """``--skip-bad`` reaches the comparison; what was skipped is said, with the reason."""
    steps_told = []
    skipped = replace(FOUND, skipped=(Told("bad.md", "is no text"),))
    for flags in ((), ("--skip-bad",)):
        code, _, err, settings = diff(*flags, found=skipped, told=steps_told)
        assert (code, err) == (0, "skipped: bad.md: is no text\n")
        assert settings is not None
    assert steps_told == [False, True]


def test_as_json(diff):
    """Everything, as data, with quotes verbatim."""
    code, out, err, _ = diff("--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["published"], found["index_id"]) == (OLD, NEW)
    assert found["documents"] == {
        "added": ["new.md"],
        "changed": [
            {
                "path": "pores.md",
                "before": "pores.md",
                "sentences": [
                    {"change": "removed", "text": "Oil \x1b[31mdoes it."},
                    {"change": "added", "text": LONG},
                ],
            },
            {"path": "b.md", "before": "a\x1b.md", "sentences": []},
            {"path": "same.md", "before": "same.md", "sentences": []},
        ],
        "removed": ["gone.md"],
        "reused": 4,
    }
    assert found["passages"] == {"added": 5, "changed": 6, "removed": 7, "reused": 8}
    assert found["made_with"] == ["numpy: 2.0 becomes 2.1"]
    assert (found["golden"]["file"], found["golden"]["asked"]) == ("q.jsonl", 9)
    assert found["golden"]["changed"][1] == {
        "id": "g-2",
        "question": "How?",
        "before": {
            "status": "answered",
            "quotes": [{"path": "pores.md", "text": "Oil \x1b[31mdoes it."}],
            "right": True,
        },
        "after": {"status": "refused", "quotes": [], "right": False},
    }


def test_many_changed_sentences_are_counted(diff):
    """Twenty of a document are shown and the rest is counted; a machine gets all."""
    many = tuple(
        ChangedSentence("added" if number % 3 else "removed", f"Sentence {number}.")
        for number in range(30)
    )
    documents = DocumentChanges((), (ChangedDocument("a.md", "a.md", many),), (), 0)
    out = diff(found=replace(FOUND, documents=documents))[1]
    assert ("Sentence 19." in out, "Sentence 20." in out) == (True, False)
    assert "\n  … and 3 more removed, 7 more added; --json has all\n" in out
    told = json.loads(diff("--json", found=replace(FOUND, documents=documents))[1])
    assert len(told["documents"]["changed"][0]["sentences"]) == 30
    edited = tuple(ChangedDocument(f"{n}.md", f"{n}.md", SENTENCES) for n in range(23))
    documents = DocumentChanges((), edited, (), 0)
    out = diff(found=replace(FOUND, documents=documents))[1]
    assert ("\n19.md:\n" in out, "\n20.md:\n" in out) == (True, False)
    assert "\n… and the sentences of 3 more documents; --json has all\n" in out


def _found(**fields):
    documents = DocumentChanges((), (), (), 7)
    values = {"published": OLD, "index_id": NEW, "documents": documents, "made_with": ()}
    values["skipped"] = ()
    return Differences(**{**values, "passages": Changes(0, 1, 0, 8), **fields})


def test_no_golden_question_answers_differently(diff):
    """It is said, not left out."""
    _, out, _, _ = diff(found=_found(golden=GoldenChanges("q.jsonl", 9, ())))
    assert out.endswith(
        "documents: 0 added, 0 changed, 0 removed, 7 reused\n"
        "passages: 0 added, 1 changed, 0 removed, 8 reused\n"
        "\n"
        "golden questions: none of 9 would answer differently\n"
    )


def test_without_a_golden_file(diff):
    """Why nothing was asked is said on stderr; the rest is shown, in either form."""
    for flags in ((), ("--json",)):
        code, out, err, _ = diff(*flags, found=_found(golden=None))
        assert code == 0
        assert err == (
            "no golden questions were asked: there is no seeds/questions.jsonl; --golden names a "
            "file\n"
        )
        assert NEW[:12] in out
    assert json.loads(out)["golden"] is None


def test_nothing_would_change(diff):
    """One line."""
    same = _found(index_id=OLD, golden=GoldenChanges("q.jsonl", 0, ()))
    assert diff(found=same)[:3] == (
        0,
        f"nothing would change: {OLD[:12]} is what a rebuild would publish\n",
        "",
    )


def test_flags_become_settings(diff):
    """Source, index and golden file can be named."""
    settings = diff("--source", "s", "--index", "i", "--golden", "g")[3]
    assert (settings.source, settings.index, settings.golden) == (Path("s"), Path("i"), Path("g"))


@pytest.mark.parametrize(
    "error",
    [IndexMissing("build one with 'footnote rebuild'"), FootnoteError("there is no golden file g")],
)
def test_what_cannot_be_compared(diff, error):
    """A missing index or golden file is exit code 2 and one line."""
    assert diff(found=error)[:3] == (2, "", f"footnote: {error}\n")


def test_help_is_golden(diff, golden, monkeypatch):
    """No flag appears, changes or goes unnoticed. REWRITE_GOLDEN=1 accepts a change."""
    monkeypatch.setenv("COLUMNS", "100")
    code, out, err, _ = diff("--help")
    assert (code, err) == (0, "")
    golden("diff.txt", out)


def test_the_real_step(tmp_path):
    """The command reaches the comparison, which says that there is no index."""
    settings = Settings(source=tmp_path / "source", index=tmp_path / "index")
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        differences(settings, skip_bad=False, progress=lambda *_: None)
