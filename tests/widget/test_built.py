"""The widget as it is committed: built from its source, small, and checked."""

import gzip
import re
import shutil
from pathlib import Path

import pytest

from assistant.widget import pages
from tests import npm
from tests.places import ROOT

README = ROOT / "assistant" / "widget" / "README.md"
# The promise is 15 kB as a server sends it.
MOST_BYTES = 15_000


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    if not (npm.SOURCE / "node_modules" / "esbuild").exists():
        pytest.fail("these tests need esbuild and TypeScript: python -m tests.npm ci")


def test_the_committed_file_is_what_the_source_makes(tmp_path: Path) -> None:
    """A fresh build gives the same bytes; `python -m tests.npm run build` mends a difference."""
    built = tmp_path / "widget.js"
    done = npm.run("run", "build", "--", str(built))
    assert done.returncode == 0, done.stdout
    assert built.read_bytes() == pages.widget_js()


def test_the_widget_is_small() -> None:
    """Gzipped it stays within 15 kB, the texts of both languages and the styles included."""
    assert len(gzip.compress(pages.widget_js(), 9)) <= MOST_BYTES


def test_the_source_has_sound_types() -> None:
    """`tsc --checkJs` finds nothing."""
    done = npm.run("run", "check")
    assert done.returncode == 0, done.stdout


def test_the_pure_parts_do_what_they_say() -> None:
    """Their own tests pass, in node's own runner, and there are some."""
    done = npm.run("test")
    assert done.returncode == 0, done.stdout
    assert int(re.findall(r"tests (\d+)", done.stdout)[-1]) > 40


def test_the_lock_names_no_host() -> None:
    """Packages come from whichever registry the machine uses, and are held to their hashes."""
    lock = (npm.SOURCE / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in lock.replace("https://opencollective.com/", "")
    assert '"integrity": "sha512-' in lock


def test_readme_names_what_a_site_can_reach() -> None:
    """Every custom property and part is in the README beside it, and none that is not there."""
    section = README.read_text("utf-8")
    source = "".join(file.read_text("utf-8") for file in npm.SOURCE.glob("*.[jc]s*"))
    properties = set(re.findall(r"var\((--footnote-[\w-]+)", source))
    assert set(re.findall(r"--footnote-[\w-]+", section)) == properties
    parts = set(" ".join(re.findall(r"part: ['`]([^'`]+)['`]", source)).split()) - {"${kind}"}
    named = section.split("`::part()` reaches")[1].split("\n")[0]
    assert set(re.findall(r"`([\w-]+)`", named)) == parts | {"refused", "redirected"}
    options = set(re.findall(r"option\('(\w+)'\)", source))
    assert set(re.findall(r"^\| `data-(\w+)`", section, re.MULTILINE)) == options


def test_every_module_has_one_job() -> None:
    """No module or style sheet of the source is long."""
    files = [*npm.SOURCE.glob("*.js"), *npm.SOURCE.glob("*.css")]
    assert len(files) > 20
    assert [file.name for file in files if file.read_text("utf-8").count("\n") >= 200] == []


def test_node_is_the_one_of_the_test_extra() -> None:
    """No Node of the machine's own is needed."""
    assert npm.NODE.exists()
    assert npm.NPM.exists()
    assert str(npm.NODE) != shutil.which("node")
